from openviber_app.ui.kit.buttons import button


def test_a_button_that_cannot_be_used_stays_reachable_and_says_why() -> None:
    shown = str(button("New thread", why_not="Map a node first."))
    assert '"aria-disabled":"true"' in shown
    assert "Map a node first." in shown
    assert "disabled:true" not in shown


def test_a_busy_button_says_what_it_does() -> None:
    shown = str(button("Save", busy="Saving"))
    assert '"Saving"' in shown
    assert '"Save"' not in shown
    assert '"aria-busy":"true"' in shown


def test_only_the_primary_one_is_filled() -> None:
    assert "btn-primary" in str(button("Go", kind="primary"))
    assert "btn-primary" not in str(button("Go"))
