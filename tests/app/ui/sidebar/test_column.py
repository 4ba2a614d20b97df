from openviber_app.ui.sidebar.column import sidebar


def test_on_a_phone_the_list_is_a_screen_or_hidden_behind_the_thread() -> None:
    assert 'className:"flex side"' in str(sidebar(is_first_on_phone=True))
    assert 'className:"hidden md:flex side"' in str(sidebar(is_first_on_phone=False))


def test_the_parts_have_names_for_readers() -> None:
    shown = str(sidebar(is_first_on_phone=True))
    for name in ("Sidebar", "Environments", "Environment switcher"):
        assert f'"aria-label":"{name}"' in shown
