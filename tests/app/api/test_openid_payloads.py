from openviber_app.api.openid_payloads import ConnectIn, OpenIdStartIn


def test_what_is_typed_or_carried_in_has_no_text_form() -> None:
    start = OpenIdStartIn.model_validate({"invite": "ov_invite_1"})
    connect = ConnectIn.model_validate({"currentPassword": "hunter2"})
    assert "ov_invite_1" not in repr(start)
    assert "hunter2" not in repr(connect)
    assert start.next == "/"
