import pytest

from openviber_app.ui.kit.fields import checkbox, field, segmented, select, switch, textarea


@pytest.mark.parametrize("make", [field, textarea])
def test_a_field_is_tied_to_its_label_and_its_help(make: type[object]) -> None:
    shown = str(make("Name", "name", form="node", help_text="Short."))  # type: ignore[call-arg]
    assert 'htmlFor:"node-name"' in shown
    assert 'id:"node-name"' in shown
    assert '"aria-describedby":"node-name-help"' in shown


def test_a_select_offers_its_words_by_value() -> None:
    shown = str(select("Scope", "scope", {"both": "Everywhere"}))
    assert 'value:"both"' in shown
    assert "Everywhere" in shown


def test_a_switch_says_that_it_is_one() -> None:
    assert 'role:"switch"' in str(switch("Follow", "follow"))
    assert 'role:"switch"' not in str(checkbox("Follow", "follow"))


def test_one_of_the_side_by_side_words_is_chosen() -> None:
    shown = str(segmented("Theme", "theme", {"light": "Light", "dark": "Dark"}, chosen="dark"))
    assert shown.count("defaultChecked:true") == 1
