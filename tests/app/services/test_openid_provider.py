import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from openviber_app.domain.clock import SystemClock
from openviber_app.domain.openid import OpenIdRefusedError, OpenIdSettings, Proof, Refusal
from openviber_app.domain.secret import Secret
from openviber_app.services import openid_provider
from openviber_app.services.openid_flows import Flow
from openviber_app.services.openid_provider import OpenIdProvider
from tests.support.board import CLIENT_SECRET, StillClock
from tests.support.oidc_provider import (
    ADA,
    DISCOVERY,
    LyingProvider,
    by_a_foreign_key,
    by_a_published_secret,
    by_the_public_key,
    lying_provider,
    query_of,
    unsigned,
)


@pytest.fixture(scope="module")
def served() -> Iterator[LyingProvider]:
    with lying_provider() as provider:
        yield provider


@pytest.fixture
def liar(served: LyingProvider) -> LyingProvider:
    honest = LyingProvider(url=served.url, key=served.key)
    served.__dict__.update(honest.__dict__)
    return served


def provider_of(liar: LyingProvider, **changes: Any) -> OpenIdProvider:
    settings = OpenIdSettings(
        issuer=liar.url, client_id="board", client_secret=Secret(CLIENT_SECRET), name="Acme"
    )
    return OpenIdProvider(
        replace(settings, **changes),
        redirect_uri="http://board.test/api/openid/callback",
        clock=SystemClock(),
    )


async def prove(liar: LyingProvider, provider: OpenIdProvider, **changes: str) -> Proof:
    flow = Flow(next="/")
    url = await provider.authorization_url(
        state=flow.state, nonce=flow.nonce, verifier=flow.verifier
    )
    brought = liar.signed_in(url)
    told = {"code": brought["code"], "nonce": flow.nonce, "verifier": flow.verifier} | changes
    return await provider.prove(**told)


async def refusal_of(liar: LyingProvider, **changes: str) -> OpenIdRefusedError:
    with pytest.raises(OpenIdRefusedError) as caught:
        await prove(liar, provider_of(liar), **changes)
    assert CLIENT_SECRET not in f"{caught.value} {caught.value.reason}"
    return caught.value


async def test_a_browser_is_sent_with_everything_that_binds_it(liar: LyingProvider) -> None:
    url = await provider_of(liar).authorization_url(state="s", nonce="n", verifier="v" * 43)
    asked = query_of(url)
    assert url.startswith(f"{liar.url}/authorize?")
    assert asked | {"code_challenge": ""} == {
        "response_type": "code",
        "client_id": "board",
        "redirect_uri": "http://board.test/api/openid/callback",
        "scope": "openid email profile",
        "state": "s",
        "nonce": "n",
        "code_challenge": "",
        "code_challenge_method": "S256",
    }
    assert len(asked["code_challenge"]) == 43
    assert CLIENT_SECRET not in url


async def test_a_right_answer_proves_who_it_is(liar: LyingProvider) -> None:
    assert await prove(liar, provider_of(liar)) == Proof(
        issuer=liar.url, subject="ada-1", email="ada@example.org", is_verified=True, name="Ada L"
    )


async def test_another_verifier_gets_nothing(liar: LyingProvider) -> None:
    assert (await refusal_of(liar, verifier="w" * 43)).refusal is Refusal.PROOF


async def test_another_nonce_proves_nothing(liar: LyingProvider) -> None:
    refused = await refusal_of(liar, nonce="another")
    assert refused.refusal is Refusal.PROOF
    assert "nonce" in refused.reason


@pytest.mark.parametrize(
    ("claims", "named"),
    [
        ({"nonce": None}, "nonce"),
        ({"nonce": "of another sign-in"}, "nonce"),
        ({"aud": "another-board"}, "aud"),
        ({"aud": ["another-board"]}, "aud"),
        ({"aud": ["board", "another-board"]}, "azp"),
        ({"azp": "another-board"}, "azp"),
        ({"aud": None}, "aud"),
        ({"iss": "https://evil.example"}, "iss"),
        ({"iss": None}, "iss"),
        ({"exp": int(time.time()) - 120}, "expired"),
        ({"exp": None}, "exp"),
        ({"exp": "tomorrow"}, "exp"),
        ({"iat": int(time.time()) + 3600}, "future"),
        ({"iat": None}, "iat"),
        ({"nbf": int(time.time()) + 3600}, "nbf|yet"),
        ({"sub": None}, "sub"),
        ({"sub": 7}, "sub"),
        ({"sub": ""}, "sub|nobody"),
        ({"sub": "x" * 256}, "nobody"),
        ({"at_hash": "wrong"}, "at_hash"),
    ],
)
async def test_a_token_that_is_wrong_in_one_point_proves_nothing(
    liar: LyingProvider, claims: dict[str, Any], named: str
) -> None:
    liar.claims |= claims
    refused = await refusal_of(liar)
    assert refused.refusal is Refusal.PROOF
    assert any(word in refused.reason for word in named.split("|")), refused.reason


@pytest.mark.parametrize(
    "sign", [unsigned, by_a_foreign_key, by_the_public_key, by_a_published_secret]
)
async def test_a_token_that_the_provider_did_not_sign_proves_nothing(
    liar: LyingProvider, sign: Any
) -> None:
    liar.sign = sign
    assert (await refusal_of(liar)).refusal is Refusal.PROOF


async def test_a_new_key_is_fetched_once_it_signs(liar: LyingProvider) -> None:
    clock = StillClock(SystemClock().now())  # tokens are of today
    provider = provider_of(liar)
    provider._clock = clock
    await prove(liar, provider)
    liar.rotate()
    clock.move(timedelta(minutes=1))
    assert (await prove(liar, provider)).subject == "ada-1"
    assert liar.asked.count("/jwks") == 2
    assert liar.asked.count(DISCOVERY) == 1  # kept


async def test_forged_tokens_do_not_make_the_board_ask_for_keys_again_and_again(
    liar: LyingProvider,
) -> None:
    provider = provider_of(liar)
    liar.sign = by_a_foreign_key
    for _ in range(3):
        with pytest.raises(OpenIdRefusedError):
            await prove(liar, provider)
    assert liar.asked.count("/jwks") == 1


@pytest.mark.parametrize("said", [False, None, "false", 1, "yes", {}])
async def test_an_address_is_verified_only_when_the_provider_says_so(
    liar: LyingProvider, said: object
) -> None:
    liar.claims["email_verified"] = said
    assert not (await prove(liar, provider_of(liar))).is_verified


async def test_what_only_the_user_info_tells_is_asked_for(liar: LyingProvider) -> None:
    liar.claims = {"sub": "ada-1"}
    liar.userinfo = ADA | {"iss": "https://evil.example"}
    proof = await prove(liar, provider_of(liar))
    assert (proof.issuer, proof.email, proof.is_verified) == (liar.url, "ada@example.org", True)
    liar.userinfo = ADA | {"sub": "eve"}
    assert (await refusal_of(liar)).refusal is Refusal.PROOF


@pytest.mark.parametrize(
    "document",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://id.example.org/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"userinfo_endpoint": "http://169.254.169.254/"},
        {"jwks_uri": None},
    ],
    ids=str,
)
async def test_a_document_that_leads_elsewhere_is_not_followed(
    liar: LyingProvider, document: dict[str, Any]
) -> None:
    liar.document = document
    assert (await refusal_of(liar)).refusal is Refusal.AWAY
    assert liar.asked == [DISCOVERY]


@pytest.mark.parametrize(
    "answer",
    [
        (200, b"[]"),
        (200, b"7"),
        (200, b"not json"),
        (200, b"{}"),
        (200, b'{"access_token": "x", "token_type": "Bearer"}'),
        (200, b'{"access_token": "x", "token_type": "Bearer", "id_token": 7}'),
        (200, b'{"access_token": "x", "token_type": "Bearer", "id_token": "a.b.c"}'),
        (200, b'{"access_token": [], "expires_in": "soon", "id_token": ""}'),
        (200, b"\xff\xfe"),
        (400, b'{"error": "invalid_client", "error_description": "no"}'),
        (500, b"oops"),
        (302, b""),
        (204, b""),
    ],
    ids=str,
)
async def test_nonsense_is_refused_in_plain_words(
    liar: LyingProvider, answer: tuple[int, bytes]
) -> None:
    liar.answer = answer
    assert (await refusal_of(liar)).refusal in {Refusal.PROOF, Refusal.AWAY}


async def test_a_large_answer_is_not_read_to_its_end(liar: LyingProvider) -> None:
    liar.answer = (200, json.dumps({"x": "y" * openid_provider.MAX_BYTES}).encode())
    refused = await refusal_of(liar)
    assert refused.refusal is Refusal.AWAY
    assert "more than" in refused.reason


async def test_a_packed_answer_is_not_unpacked(liar: LyingProvider) -> None:
    liar.headers = {"Content-Encoding": "gzip"}
    assert "packed" in (await refusal_of(liar)).reason


async def test_a_redirect_is_not_followed(liar: LyingProvider) -> None:
    liar.headers = {"Location": f"{liar.url}/elsewhere"}
    liar.answer = (307, b"")
    assert (await refusal_of(liar)).refusal is Refusal.AWAY
    assert "/elsewhere" not in liar.asked


async def test_a_provider_that_is_away_is_said_to_be(liar: LyingProvider) -> None:
    provider = provider_of(liar, issuer="http://127.0.0.1:9")
    with pytest.raises(OpenIdRefusedError) as caught:
        await provider.authorization_url(state="s", nonce="n", verifier="v" * 43)
    assert caught.value.refusal is Refusal.AWAY


async def test_a_slash_at_the_end_of_the_issuer_is_forgiven(liar: LyingProvider) -> None:
    proof = await prove(liar, provider_of(liar, issuer=liar.url + "/"))
    assert proof.issuer == liar.url


async def test_a_secret_goes_by_the_method_that_the_provider_takes(liar: LyingProvider) -> None:
    liar.document = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    assert (await prove(liar, provider_of(liar))).subject == "ada-1"
    assert CLIENT_SECRET in {body.get("client_secret") for body in liar.bodies}


def test_an_answer_in_another_providers_name_is_refused(liar: LyingProvider) -> None:
    provider_of(liar).require_issuer(liar.url)
    with pytest.raises(OpenIdRefusedError):
        provider_of(liar).require_issuer("https://evil.example")
