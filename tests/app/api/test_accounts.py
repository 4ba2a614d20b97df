from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import httpx2
import pytest

from openviber_app.api import accounts
from openviber_app.domain.ids import new_id
from openviber_app.services import invites, password_resets
from openviber_app.services.runtime import Runtime
from openviber_app.services.setup_code import ensure_setup_code
from openviber_app.services.visitors import COOKIE
from tests.support.board import People, api_client

ADA = {"name": "Ada", "email": "ada@example.test", "password": "correct horse"}


@pytest.fixture
async def client(runtime: Runtime) -> AsyncIterator[httpx2.AsyncClient]:
    async with api_client(runtime, accounts.router) as client:
        yield client


async def _set_up(runtime: Runtime, client: httpx2.AsyncClient) -> httpx2.Response:
    code = await ensure_setup_code(runtime)
    return await client.post("/api/setup", json=ADA | {"code": code})


async def test_set_up_makes_the_owner_and_signs_in(
    runtime: Runtime, client: httpx2.AsyncClient
) -> None:
    assert (await client.get("/api/setup")).json() == {"needed": True}
    answer = await _set_up(runtime, client)
    assert answer.status_code == 201
    assert answer.json()["role"] == "owner"
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "secure" not in cookie  # this board is reached by plain http
    assert (await client.get("/api/setup")).json() == {"needed": False}
    me = (await client.get("/api/me")).json()
    assert me == {"id": me["id"], "name": "Ada", "email": "ada@example.test", "role": "owner"}


async def test_a_second_set_up_is_refused(runtime: Runtime, client: httpx2.AsyncClient) -> None:
    await _set_up(runtime, client)
    again = await client.post("/api/setup", json=ADA | {"code": "AAAA-AAAA-AAAA-AAAA"})
    assert again.status_code == 409


async def test_signing_out_makes_the_cookie_worthless(
    runtime: Runtime, client: httpx2.AsyncClient
) -> None:
    await _set_up(runtime, client)
    stolen = client.cookies[COOKIE]
    assert (await client.delete("/api/sessions/current")).status_code == 204
    assert (await client.get("/api/me")).status_code == 401
    client.cookies.set(COOKIE, stolen)
    assert (await client.get("/api/me")).status_code == 401


async def test_signing_in_needs_the_right_password(
    runtime: Runtime, client: httpx2.AsyncClient
) -> None:
    await _set_up(runtime, client)
    client.cookies.clear()
    right = {"email": ADA["email"], "password": ADA["password"]}
    answers = [
        await client.post("/api/sessions", json=right | changed)
        for changed in ({"password": "wrong horse!"}, {"email": "nobody@example.test"})
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert answers[0].text == answers[1].text  # an address tells nothing of who has an account
    assert not client.cookies
    assert (await client.post("/api/sessions", json=right)).status_code == 201
    assert (await client.get("/api/me")).status_code == 200


async def test_too_many_tries_are_told_to_wait(
    runtime: Runtime, client: httpx2.AsyncClient, people: People
) -> None:
    wrong = {"email": people.alice.actor.email, "password": "wrong horse!"}
    codes = [(await client.post("/api/sessions", json=wrong)).status_code for _ in range(11)]
    assert codes == [401] * 10 + [429]
    answer = await client.post("/api/sessions", json=wrong)
    assert int(answer.headers["retry-after"]) > 0


async def test_another_sites_page_cannot_sign_in_or_use_the_cookie(
    runtime: Runtime, client: httpx2.AsyncClient
) -> None:
    await _set_up(runtime, client)
    elsewhere = {"Origin": "https://evil.example"}
    sign_in = {"email": ADA["email"], "password": ADA["password"]}
    answers = [
        await client.post("/api/sessions", json=sign_in, headers=elsewhere),
        await client.post("/api/setup", json=ADA | {"code": "x"}, headers=elsewhere),
        await client.post("/api/tokens", json={"name": "x"}, headers=elsewhere),
        await client.delete("/api/sessions/current", headers=elsewhere),
        await client.post(
            "/api/tokens", json={"name": "x"}, headers={"Sec-Fetch-Site": "cross-site"}
        ),
    ]
    assert {answer.status_code for answer in answers} == {403}
    own = {"Origin": "http://board.test"}
    assert (await client.post("/api/tokens", json={"name": "x"}, headers=own)).status_code == 201


async def test_tokens_are_made_shown_without_their_value_and_revoked(
    client: httpx2.AsyncClient, people: People
) -> None:
    bob = people.bob.headers
    made = await client.post("/api/tokens", json={"name": "laptop"}, headers=bob)
    assert made.status_code == 201
    value, token = made.json()["value"], made.json()["token"]
    as_token = {"Authorization": f"Bearer {value}"}
    assert (await client.get("/api/me", headers=as_token)).json()["name"] == "Bob"
    listed = await client.get("/api/tokens", headers=bob)
    assert value not in listed.text
    assert token["id"] in {item["id"] for item in listed.json()["tokens"]}
    assert (await client.delete(f"/api/tokens/{token['id']}", headers=bob)).status_code == 204
    assert (await client.get("/api/me", headers=as_token)).status_code == 401


async def test_another_persons_token_answers_like_a_missing_one(
    client: httpx2.AsyncClient, people: People
) -> None:
    made = await client.post("/api/tokens", json={"name": "laptop"}, headers=people.bob.headers)
    answers = [
        await client.delete(f"/api/tokens/{token_id}", headers=people.alice.headers)
        for token_id in (made.json()["token"]["id"], new_id())
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].text == answers[1].text
    listed = (await client.get("/api/tokens", headers=people.alice.headers)).json()["tokens"]
    assert [item["name"] for item in listed] == ["tests"]


async def test_a_wrong_set_up_code_is_pointed_at(client: httpx2.AsyncClient) -> None:
    refused = await client.post("/api/setup", json=ADA | {"code": "AAAA-AAAA-AAAA-AAAA"})
    assert refused.status_code == 403
    assert [error["pointer"] for error in refused.json()["errors"]] == ["/code"]
    assert "not the set-up code" in refused.json()["detail"]


async def test_a_token_with_an_end_needs_a_zone_and_a_future(
    client: httpx2.AsyncClient, runtime: Runtime, people: People
) -> None:
    for when in ("2020-01-01T00:00:00Z", "2030-01-01T00:00:00", "soon", 5.5e30):
        answer = await client.post(
            "/api/tokens", json={"name": "x", "expiresAt": when}, headers=people.bob.headers
        )
        assert answer.status_code == 422, when
        assert answer.json()["errors"][0]["pointer"] == "/expiresAt"
    later = (runtime.clock.now() + timedelta(days=1)).isoformat()
    made = await client.post(
        "/api/tokens", json={"name": "x", "expiresAt": later}, headers=people.bob.headers
    )
    assert made.status_code == 201


async def test_a_token_has_the_scopes_that_were_chosen(
    client: httpx2.AsyncClient, people: People
) -> None:
    bob = people.bob.headers
    usual = (await client.post("/api/tokens", json={"name": "usual"}, headers=bob)).json()
    assert usual["token"]["scopes"] == ["read", "run", "write"]
    body = {"name": "look", "scopes": ["read"]}
    made = (await client.post("/api/tokens", json=body, headers=bob)).json()
    assert made["token"]["scopes"] == ["read"]
    looking = {"Authorization": f"Bearer {made['value']}"}
    assert (await client.get("/api/tokens", headers=looking)).status_code == 200
    refused = await client.post("/api/tokens", json={"name": "more"}, headers=looking)
    assert refused.status_code == 403
    assert "no scope write (it has: read)" in refused.json()["detail"]
    for scopes in ([], ["root"], "read", ["admin"]):
        answer = await client.post("/api/tokens", json={"name": "x", "scopes": scopes}, headers=bob)
        assert answer.status_code == (403 if scopes == ["admin"] else 422), scopes
        assert answer.json()["errors"][0]["pointer"].startswith("/scopes")


async def test_signing_in_again_ends_the_session_that_this_browser_had(
    runtime: Runtime, client: httpx2.AsyncClient
) -> None:
    await _set_up(runtime, client)
    planted = client.cookies[COOKIE]
    await client.post("/api/sessions", json={"email": ADA["email"], "password": ADA["password"]})
    fresh = client.cookies[COOKIE]
    assert fresh != planted
    client.cookies.clear()
    for value, status in ((planted, 401), (fresh, 200), ("chosen-by-an-attacker", 401)):
        answer = await client.get("/api/me", headers={"Cookie": f"{COOKIE}={value}"})
        assert answer.status_code == status


async def test_behind_tls_the_cookie_is_secure_and_of_this_host_only(
    runtime: Runtime, people: People
) -> None:
    settings = replace(runtime.settings, public_url="https://board.example.org")
    behind = replace(runtime, settings=settings)
    async with api_client(behind, accounts.router) as client:
        answer = await _set_up_again(behind, client, people)
        name, _, rest = answer.headers["set-cookie"].partition("=")
        value, *attributes = rest.split("; ")
        assert name == f"__Host-{COOKIE}"
        flags = {attribute.lower() for attribute in attributes}
        assert flags >= {"httponly", "samesite=lax", "secure", "path=/"}
        assert not any(flag.startswith("domain") for flag in flags)
        for cookie, status in ((f"{name}={value}", 200), (f"{COOKIE}={value}", 401)):
            asked = await client.get("/api/me", headers={"Cookie": cookie})
            assert asked.status_code == status


async def _set_up_again(
    runtime: Runtime, client: httpx2.AsyncClient, people: People
) -> httpx2.Response:
    made = await invites.create_invite(runtime, people.alice.actor)
    body = ADA | {"token": made.link.partition("#")[2]}
    answer = await client.post("/api/join", json=body)
    assert answer.status_code == 201
    client.cookies.clear()
    return answer


async def test_an_invite_makes_an_account_once_and_signs_in(
    runtime: Runtime, client: httpx2.AsyncClient, people: People
) -> None:
    made = await invites.create_invite(runtime, people.alice.actor)
    body = ADA | {"token": made.link.partition("#")[2]}
    elsewhere = await client.post("/api/join", json=body, headers={"Origin": "https://evil.test"})
    assert elsewhere.status_code == 403
    answer = await client.post("/api/join", json=body)
    assert answer.status_code == 201
    assert answer.json()["role"] == "member"
    assert (await client.get("/api/me")).json()["name"] == "Ada"
    again = await client.post("/api/join", json=body | {"email": "other@example.test"})
    assert again.status_code == 403
    assert "was used" in again.json()["detail"]


async def test_the_consoles_code_sets_a_new_password_once(
    runtime: Runtime, client: httpx2.AsyncClient
) -> None:
    await _set_up(runtime, client)
    offered = await password_resets.offer(runtime, ADA["email"])
    body = {"code": offered.code, "password": "battery staple"}
    assert (await client.post("/api/password-reset", json=body)).status_code == 204
    assert (await client.get("/api/me")).status_code == 401
    again = await client.post("/api/password-reset", json=body)
    assert again.status_code == 403
    assert again.json()["errors"][0]["pointer"] == "/code"
    new = {"email": ADA["email"], "password": body["password"]}
    assert (await client.post("/api/sessions", json=new)).status_code == 201


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/setup", ADA | {"code": "AAAA"}),
        ("/api/sessions", {"email": "a@example.test", "password": "wrong horse!"}),
        ("/api/join", ADA | {"token": "ov_invite_guess"}),
        ("/api/password-reset", {"code": "ov_reset_guess", "password": "a long enough one"}),
    ],
)
async def test_guessing_is_told_to_wait_whatever_a_client_says_of_itself(
    runtime: Runtime, client: httpx2.AsyncClient, path: str, body: dict[str, str]
) -> None:
    assert runtime
    answers = [
        await client.post(
            path,
            json=body | ({"email": f"a{n}@example.test"} if "email" in body else {}),
            headers={"X-Forwarded-For": f"192.0.2.{n}"},
        )
        for n in range(11)
    ]
    assert {answer.status_code for answer in answers[:10]} <= {401, 403}
    assert answers[10].status_code == 429
    assert int(answers[10].headers["retry-after"]) > 0
    assert "wait" in answers[10].json()["detail"]


async def test_making_tokens_is_limited(client: httpx2.AsyncClient, people: People) -> None:
    answers = [
        await client.post("/api/tokens", json={"name": "x"}, headers=people.bob.headers)
        for _ in range(accounts.TOKENS_LIMIT + 1)
    ]
    assert {answer.status_code for answer in answers[:-1]} == {201}
    assert answers[-1].status_code == 429
