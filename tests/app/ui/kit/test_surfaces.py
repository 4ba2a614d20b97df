from openviber_app.ui.kit.buttons import button
from openviber_app.ui.kit.surfaces import banner, card, code_block, empty, skeleton, tabs


def test_only_an_error_interrupts() -> None:
    assert 'role:"alert"' in str(banner("The disk is full.", kind="error"))
    assert 'role:"status"' in str(banner("The disk is nearly full.", kind="warn"))


def test_an_empty_place_offers_what_belongs_there() -> None:
    shown = str(empty("No nodes", "Add one.", action=button("Add node")))
    assert shown.index("No nodes") < shown.index("Add node")


def test_the_chosen_tab_is_said() -> None:
    shown = str(tabs("Sections", [("One", "/one"), ("Two", "/two")], chosen="Two"))
    assert shown.count('"aria-current":"page"') == 1


def test_what_loads_holds_as_many_rows_as_asked() -> None:
    assert str(skeleton(4)).count('className:"skeleton"') == 4


def test_a_box_has_the_name_of_its_head() -> None:
    assert '"aria-label":"Tokens"' in str(card(code_block("x", label="Command"), title="Tokens"))
