import reflex as rx

from openviber_app.ui.frame import frame


def test_a_page_has_one_main_place_to_skip_to() -> None:
    shown = str(frame(main=rx.el.main("x", id="main"), is_first_on_phone=False))
    assert shown.count('jsx("main"') == 1
    assert 'to:"#main"' in shown or 'href:"#main"' in shown
