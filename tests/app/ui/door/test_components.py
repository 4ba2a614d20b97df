from openviber_app.ui.door.components import openid_button, openid_refusal
from openviber_app.ui.pages import door


def test_the_parts_are_loaded_from_their_published_file() -> None:
    assert "OpenIdButton" in str(openid_button())
    assert "OpenIdRefusal" in str(openid_refusal())


def test_only_the_sign_in_page_leads_to_a_provider() -> None:
    assert "OpenIdButton" in str(door.sign_in())
    assert "OpenId" not in str(door.setup())
