import reflex as rx

from openviber_app.ui.kit.menu import menu, tooltip


def test_a_menu_is_named_and_has_its_items() -> None:
    shown = str(menu(label="More", items=[{"label": "Settings", "href": "/settings"}]))
    assert 'label:"More"' in shown
    assert '["href"] : "/settings"' in shown
    assert "trigger" not in shown


def test_a_hint_stands_around_one_thing() -> None:
    shown = str(tooltip(rx.el.button("Save"), text="Ctrl S"))
    assert 'text:"Ctrl S"' in shown
    assert 'jsx("button"' in shown
