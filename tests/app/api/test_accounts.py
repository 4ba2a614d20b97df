from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from openviber_app.api import accounts
from openviber_app.domain.ids import new_id
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


async def test_only_the_owner_adds_people(client: httpx2.AsyncClient, people: People) -> None:
    refused = await client.post("/api/users", json=ADA, headers=people.bob.headers)
    assert refused.status_code == 403
    added = await client.post("/api/users", json=ADA, headers=people.alice.headers)
    assert added.status_code == 201
    assert added.json()["role"] == "member"
    assert "correct horse" not in added.text
    again = await client.post("/api/users", json=ADA, headers=people.alice.headers)
    assert again.status_code == 422
    assert again.json()["errors"][0]["pointer"] == "/email"


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, ["/name", "/email", "/password"]),
        (ADA | {"role": "owner"}, ["/role"]),
        (ADA | {"password": 5}, ["/password"]),
        (ADA | {"password": "short"}, ["/password"]),
        (ADA | {"email": "ada"}, ["/email"]),
    ],
)
async def test_bad_input_has_a_pointer_and_no_password_comes_back(
    client: httpx2.AsyncClient, people: People, body: dict[str, Any], pointers: list[str]
) -> None:
    answer = await client.post("/api/users", json=body, headers=people.alice.headers)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == pointers
    assert "correct horse" not in answer.text
    assert '"short' not in answer.text


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
