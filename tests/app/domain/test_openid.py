from dataclasses import replace

import pytest

from openviber_app.domain.openid import (
    AccountFacts,
    Entry,
    OpenIdRefusedError,
    OpenIdSettings,
    Proof,
    Refusal,
    Signup,
    entry_of,
    is_safe_address,
    local_path,
    name_for,
    read_openid,
    refusal_words,
    require_domain,
)
from openviber_app.domain.secret import Secret

SET = {
    "OIDC_ISSUER": "https://id.example.org/realms/a",
    "OIDC_CLIENT_ID": "board",
    "OIDC_CLIENT_SECRET": "hunter2 hunter2",
}
SETTINGS = OpenIdSettings(
    issuer="https://id.example.org", client_id="board", client_secret=Secret("x"), name="Acme"
)
PROOF = Proof(
    issuer="https://id.example.org", subject="1", email="ada@example.org", is_verified=True
)
CLOSED = AccountFacts(has_password=False, has_identity=False)


def test_nothing_set_is_no_provider() -> None:
    assert read_openid({}) is None
    assert read_openid({"OIDC_NAME": "Acme"}) is None


def test_what_is_set_is_read_and_the_secret_has_no_text() -> None:
    found = read_openid(
        SET | {"OIDC_NAME": "Acme", "OIDC_SIGNUP": "anyone", "OIDC_ALLOWED_DOMAINS": "A.org, b.org"}
    )
    assert found is not None
    assert (found.name, found.signup, found.domains) == ("Acme", Signup.ANYONE, ("a.org", "b.org"))
    assert found.client_secret.open() == "hunter2 hunter2"
    assert "hunter2" not in repr(found)


@pytest.mark.parametrize("missing", SET)
def test_a_half_set_provider_is_named(missing: str) -> None:
    with pytest.raises(ValueError, match=f"needs {missing} too"):
        read_openid(SET | {missing: ""})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OIDC_ISSUER", "http://id.example.org"),
        ("OIDC_ISSUER", "https://id.example.org?x=1"),
        ("OIDC_ISSUER", "id.example.org"),
        ("OIDC_SIGNUP", "everyone"),
        ("OIDC_NAME", "x" * 41),
        ("OIDC_NAME", "{name}"),
        ("OIDC_ALLOWED_DOMAINS", "example.org *.example.org"),
    ],
)
def test_a_value_that_cannot_be_used_is_named_without_the_secret(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=name) as caught:
        read_openid(SET | {name: value})
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://id.example.org/authorize", True),
        ("http://localhost:9000/token", True),
        ("http://127.0.0.1/", True),
        ("http://id.example.org/", False),
        ("http://localhost.evil.example/", False),
        ("https://a:b@id.example.org/", False),
        ("javascript:alert(1)", False),
        ("https://", False),
        ("https://[::1", False),
        ("https://id.example.org/\r\nx: y", False),
        ("None", False),
    ],
)
def test_only_encrypted_or_local_addresses_are_asked(url: str, *, safe: bool) -> None:
    assert is_safe_address(url) is safe


@pytest.mark.parametrize(
    "path", ["/", "/threads/1?x=2#y", "/environments/new", "/a/../b", "/settings?section=profile"]
)
def test_a_path_of_the_board_is_gone_to(path: str) -> None:
    assert local_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "/ /evil",
        "https://evil.example",
        "javascript:alert(1)",
        "evil",
        "/x\\y",
        "/é",
        "/" + "x" * 2000,
    ],
)
def test_any_other_place_is_the_first_page(path: str) -> None:
    assert local_path(path) == "/"


@pytest.mark.parametrize(
    ("proof", "account", "entry"),
    [
        (PROOF, CLOSED, Entry.LINK),
        (PROOF, None, Refusal.UNKNOWN),
        (PROOF, replace(CLOSED, has_password=True), Refusal.PASSWORD),
        (PROOF, replace(CLOSED, has_identity=True), Refusal.ELSEWHERE),
        (replace(PROOF, is_verified=False), CLOSED, Refusal.UNVERIFIED),
        (replace(PROOF, is_verified=False), None, Refusal.UNVERIFIED),
        (replace(PROOF, email=""), None, Refusal.UNVERIFIED),
        (replace(PROOF, email="no address"), None, Refusal.UNVERIFIED),
    ],
)
def test_an_address_opens_only_an_account_that_nothing_else_opens(
    proof: Proof, account: AccountFacts | None, entry: Entry | Refusal
) -> None:
    for settings in (SETTINGS, replace(SETTINGS, signup=Signup.ANYONE)):
        if account is None and entry is Refusal.UNKNOWN and settings.signup is Signup.ANYONE:
            continue
        if isinstance(entry, Entry):
            assert entry_of(proof, settings, account=account, is_invited=False) is entry
        else:
            with pytest.raises(OpenIdRefusedError) as caught:
                entry_of(proof, settings, account=account, is_invited=False)
            assert caught.value.refusal is entry


def test_somebody_unknown_needs_an_invite_or_an_open_board() -> None:
    assert entry_of(PROOF, SETTINGS, account=None, is_invited=True) is Entry.CREATE
    anyone = replace(SETTINGS, signup=Signup.ANYONE)
    assert entry_of(PROOF, anyone, account=None, is_invited=False) is Entry.CREATE


def test_domains_are_compared_whole_and_only_when_verified() -> None:
    require_domain(replace(PROOF, email="x@evil.example"), (), name="Acme")
    require_domain(PROOF, ("example.org",), name="Acme")
    for email in ("a@evilexample.org", "a@sub.example.org", "example.org", ""):
        with pytest.raises(OpenIdRefusedError) as caught:
            require_domain(replace(PROOF, email=email), ("example.org",), name="Acme")
        assert caught.value.refusal is Refusal.DOMAIN
    with pytest.raises(OpenIdRefusedError) as caught:
        require_domain(replace(PROOF, is_verified=False), ("example.org",), name="Acme")
    assert caught.value.refusal is Refusal.UNVERIFIED


@pytest.mark.parametrize("refusal", Refusal)
def test_every_refusal_has_words(refusal: Refusal) -> None:
    assert len(refusal_words(refusal, "Acme")) > 20
    assert "{" not in refusal_words(refusal, "Acme")


def test_a_code_that_there_is_not_has_no_words() -> None:
    assert refusal_words("<b>You won</b>", "Acme") == ""


def test_a_new_account_is_named() -> None:
    assert name_for(replace(PROOF, name=" Ada\n L ")) == "Ada L"
    assert name_for(PROOF) == "ada"
    assert len(name_for(replace(PROOF, name="x" * 5000))) == 100
