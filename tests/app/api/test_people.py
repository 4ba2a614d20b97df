from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from openviber_app.api import accounts, people
from openviber_app.services.runtime import Runtime
from tests.support.board import People, api_client

ADA = {"name": "Ada", "email": "ada@example.test", "password": "correct horse"}


@pytest.fixture
async def client(runtime: Runtime) -> AsyncIterator[httpx2.AsyncClient]:
    async with api_client(runtime, accounts.router, people.router) as client:
        yield client


async def test_owners_and_admins_add_people(client: httpx2.AsyncClient, people: People) -> None:
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


async def test_people_are_listed_change_their_role_and_leave(
    client: httpx2.AsyncClient, people: People
) -> None:
    owner, bob = people.alice.headers, f"/api/users/{people.bob.actor.user_id}"
    listed = (await client.get("/api/users", headers=owner)).json()["people"]
    assert [(one["name"], one["role"], one["isLastOwner"]) for one in listed] == [
        ("Alice", "owner", True),
        ("Bob", "member", False),
    ]
    changed = await client.patch(bob, json={"role": "admin"}, headers=owner)
    assert changed.json()["role"] == "admin"
    assert (await client.delete(bob, headers=owner)).status_code == 204
    assert (await client.delete(bob, headers=owner)).status_code == 404
    assert (await client.get("/api/me", headers=people.bob.headers)).status_code == 401


async def test_an_invites_link_is_told_once_and_carries_its_token_behind_the_hash(
    client: httpx2.AsyncClient, people: People
) -> None:
    owner = people.alice.headers
    made = await client.post("/api/invites", json={"note": "Grace"}, headers=owner)
    assert made.status_code == 201
    address, _, token = made.json()["link"].partition("#")
    assert address == "http://board.test/join"
    assert token.startswith("ov_invite_")
    listed = await client.get("/api/invites", headers=owner)
    assert token not in listed.text
    (one,) = listed.json()["invites"]
    assert (one["note"], one["role"], one["createdBy"]) == ("Grace", "member", "Alice")
    gone = f"/api/invites/{one['id']}"
    assert (await client.delete(gone, headers=owner)).status_code == 204
    refused = await client.post("/api/join", json=ADA | {"token": token})
    assert refused.status_code == 403


async def test_making_invites_is_limited(client: httpx2.AsyncClient, people: People) -> None:
    answers = [
        await client.post("/api/invites", json={}, headers=people.alice.headers) for _ in range(31)
    ]
    assert {answer.status_code for answer in answers[:-1]} == {201}
    assert answers[-1].status_code == 429
