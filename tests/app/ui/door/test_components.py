from openviber_app.ui.door.components import openid_button, openid_join, openid_refusal
from openviber_app.ui.pages import door


def test_the_parts_are_loaded_from_their_published_file() -> None:
    assert "OpenIdButton" in str(openid_button())
    assert "OpenIdRefusal" in str(openid_refusal())
    assert "OpenIdJoin" in str(openid_join())


def test_the_pages_for_coming_in_lead_to_a_provider_and_no_other() -> None:
    assert "OpenIdButton" in str(door.sign_in())
    assert "OpenIdJoin" in str(door.join())
    assert "OpenId" not in str(door.setup())
    assert "OpenId" not in str(door.reset())
