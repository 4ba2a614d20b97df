import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from urllib.parse import urlsplit

import httpx2
import pytest

from openviber_app.api import accounts, openid
from openviber_app.domain.openid import Signup
from openviber_app.services.accounts import start_session
from openviber_app.services.runtime import Runtime, install
from openviber_app.services.visitors import COOKIE
from openviber_app.store.people_tables import User
from tests.support.audited import deeds
from tests.support.board import BASE_URL, CLIENT_SECRET, People, api_client, with_provider
from tests.support.oidc_provider import LyingProvider, lying_provider, query_of

EVIL = {"Origin": "https://evil.example"}


@pytest.fixture(scope="module")
def served() -> Iterator[LyingProvider]:
    with lying_provider() as provider:
        yield provider


@pytest.fixture
def liar(served: LyingProvider) -> LyingProvider:
    served.__dict__.update(LyingProvider(url=served.url, key=served.key).__dict__)
    return served


@pytest.fixture
async def client(
    runtime: Runtime, people: People, liar: LyingProvider
) -> AsyncIterator[httpx2.AsyncClient]:
    changed = with_provider(runtime, liar.url, signup=Signup.ANYONE)
    async with api_client(changed, accounts.router, openid.router) as client:
        yield client


async def back(
    client: httpx2.AsyncClient, liar: LyingProvider, url: str, **changes: str
) -> httpx2.Response:
    return await client.get("/api/openid/callback", params=liar.signed_in(url) | changes)


async def test_somebody_goes_out_and_comes_back_signed_in(
    client: httpx2.AsyncClient, liar: LyingProvider
) -> None:
    out = await client.get("/api/openid/start", params={"next": "/threads/1?x=2"})
    assert out.status_code == 302
    cookie = out.headers["set-cookie"].lower()
    assert all(word in cookie for word in ("httponly", "samesite=lax", "path=/api/openid"))
    assert "max-age=600" in cookie
    assert query_of(out.headers["location"])["redirect_uri"] == f"{BASE_URL}/api/openid/callback"
    home = await back(client, liar, out.headers["location"])
    assert (home.status_code, home.headers["location"]) == (302, "/threads/1?x=2")
    assert home.headers["cache-control"] == "no-store"
    assert home.headers["referrer-policy"] == "no-referrer"
    assert set(client.cookies) == {COOKIE}  # the trip's own is gone
    me = (await client.get("/api/me")).json()
    assert (me["name"], me["email"], me["role"]) == ("Ada L", "ada@example.org", "member")


async def test_behind_tls_no_neighbour_plants_a_trip_of_theirs(
    runtime: Runtime, people: People, liar: LyingProvider
) -> None:
    settings = replace(runtime.settings, public_url="https://board.example.org")
    behind = with_provider(replace(runtime, settings=settings), liar.url, signup=Signup.ANYONE)
    async with api_client(behind, accounts.router, openid.router) as client:
        out = await client.get("/api/openid/start")
        name, _, rest = out.headers["set-cookie"].partition("=")
        value, *attributes = rest.split("; ")
        assert name == "__Host-openviber_openid"
        flags = {attribute.lower() for attribute in attributes}
        assert flags >= {"httponly", "samesite=lax", "secure", "path=/"}
        brought = liar.signed_in(out.headers["location"])
        for cookie, arrives in ((f"openviber_openid={value}", False), (f"{name}={value}", True)):
            home = await client.get(
                "/api/openid/callback", params=brought, headers={"Cookie": cookie}
            )
            assert (home.headers["location"] == "/") is arrives


async def test_a_session_by_openid_is_written_down_with_where_from(
    runtime: Runtime, client: httpx2.AsyncClient, liar: LyingProvider
) -> None:
    out = await client.get("/api/openid/start")
    await back(client, liar, out.headers["location"])
    for action in ("session.opened", "session.started"):
        (deed,) = await deeds(runtime, action)
        assert deed.client == "127.0.0.1"


@pytest.mark.parametrize(
    "place", ["https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example"]
)
async def test_nobody_is_sent_to_another_site(
    client: httpx2.AsyncClient, liar: LyingProvider, place: str
) -> None:
    out = await client.get("/api/openid/start", params={"next": place})
    home = await back(client, liar, out.headers["location"])
    assert home.headers["location"] == "/"


async def test_a_refusal_leads_back_to_the_door_which_has_words_for_it(
    client: httpx2.AsyncClient, liar: LyingProvider, caplog: pytest.LogCaptureFixture
) -> None:
    liar.claims["email_verified"] = False
    out = await client.get("/api/openid/start")
    with caplog.at_level(logging.DEBUG):
        refused = await back(client, liar, out.headers["location"])
    assert refused.headers["location"] == "/sign-in?openid=unverified"
    assert not client.cookies
    told = (await client.get("/api/openid", params={"refusal": "unverified"})).json()
    assert told["name"] == "Acme"
    assert "does not say that your e-mail address is verified" in told["refusal"]
    brought = query_of(out.headers["location"])
    ours = [one.getMessage() for one in caplog.records if one.name.startswith("openviber")]
    logged = "\n".join(ours)
    assert "refused" in logged
    for value in (CLIENT_SECRET, "code-1", "at-1", brought["state"], brought["nonce"]):
        assert value not in logged


async def test_a_return_that_was_not_begun_here_opens_nothing(
    client: httpx2.AsyncClient, liar: LyingProvider
) -> None:
    out = await client.get("/api/openid/start")
    forged = await back(client, liar, out.headers["location"], state="forged")
    assert forged.headers["location"] == "/sign-in?openid=late"
    mine = await client.get("/api/openid/start")
    client.cookies.clear()  # another browser
    foreign = await back(client, liar, mine.headers["location"])
    assert foreign.headers["location"] == "/sign-in?openid=late"
    assert (await client.get("/api/me")).status_code == 401


async def test_an_address_of_somebody_with_a_password_leads_by_the_password_to_the_profile(
    client: httpx2.AsyncClient, liar: LyingProvider, people: People
) -> None:
    liar.claims["email"] = people.bob.actor.email
    out = await client.get("/api/openid/start")
    refused = await back(client, liar, out.headers["location"])
    assert query_of(refused.headers["location"]) == {
        "openid": "password",
        "next": "/settings?section=profile",
    }


async def test_words_in_an_address_are_not_shown(client: httpx2.AsyncClient) -> None:
    told = await client.get("/api/openid", params={"refusal": "Send your password to evil@x"})
    assert told.json() == {"name": "Acme", "refusal": ""}


async def test_an_invite_goes_in_a_body_from_the_boards_own_page(
    client: httpx2.AsyncClient, liar: LyingProvider
) -> None:
    body = {"invite": "ov_invite_none"}
    assert (await client.post("/api/openid/start", json=body, headers=EVIL)).status_code == 403
    out = await client.post("/api/openid/start", json=body)
    assert "ov_invite_none" not in out.text
    refused = await back(client, liar, out.json()["url"])
    assert refused.headers["location"] == "/sign-in?openid=invite"


async def test_a_token_connects_nothing_without_its_persons_browser(
    client: httpx2.AsyncClient, liar: LyingProvider, runtime: Runtime, people: People
) -> None:
    async with runtime.store.write() as db:
        bob = await db.get(User, people.bob.actor.user_id)
        assert bob is not None
        bob.password_hash = ""
    out = await client.post("/api/me/identities", json={}, headers=people.bob.headers)
    assert out.status_code == 200
    returned = await client.get(
        "/api/openid/callback",
        params=liar.signed_in(out.json()["url"]),
        headers=people.bob.headers,
    )
    assert returned.headers["location"] == "/sign-in?openid=session"


async def test_identities_are_listed_and_disconnected(
    client: httpx2.AsyncClient, liar: LyingProvider
) -> None:
    out = await client.get("/api/openid/start")
    await back(client, liar, out.headers["location"])
    listed = (await client.get("/api/me/identities")).json()
    (one,) = listed["identities"]
    assert (one["provider"], one["subject"], one["isUsable"]) == ("Acme", "ada-1", True)
    assert (listed["hasPassword"], listed["provider"]) == (False, "Acme")
    kept = await client.delete(f"/api/me/identities/{one['id']}")
    assert kept.status_code == 409
    assert "nothing else signs you in" in kept.json()["detail"]


async def test_connecting_needs_the_password_and_leads_to_the_profile(
    client: httpx2.AsyncClient, liar: LyingProvider, runtime: Runtime, people: People
) -> None:
    refused = await client.post("/api/me/identities", json={}, headers=people.bob.headers)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/currentPassword"
    grant = await start_session(runtime, people.bob.actor)
    client.cookies.set(COOKIE, grant.value, domain=urlsplit(BASE_URL).hostname or "")
    declined = await client.get("/api/openid/callback", params={"error": "access_denied"})
    assert declined.headers["location"] == "/settings?section=profile&openid=late"


async def test_a_board_without_a_provider_says_so(
    client: httpx2.AsyncClient, runtime: Runtime
) -> None:
    install(runtime)
    assert (await client.get("/api/openid")).json() == {"name": "", "refusal": ""}
    assert (await client.get("/api/openid/start")).status_code == 404
    assert (await client.get("/api/openid/callback")).status_code == 404
