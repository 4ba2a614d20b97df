from openviber_app.ui.user_menu import user_menu


def test_the_menu_carries_the_persons_name() -> None:
    assert "name:" in str(user_menu())
    assert "compact:true" in str(user_menu(compact=True))
