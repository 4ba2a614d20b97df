"""What holds for every route, however many there will be: asked of the OpenAPI document itself."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel

from openviber_app.api.limits import MAX_BODY_BYTES
from openviber_app.domain.scopes import Scope
from openviber_app.services import api_tokens
from openviber_app.services.runtime import Runtime
from tests.support import board
from tests.support.board import People, api_client
from tests.support.routes import BODIES, Belongings, belongings, every_route, missing_ids, routers

ROUTES = list(every_route())
WITH_ID = [route for route in ROUTES if route.ids]
WITH_BODY = [route for route in ROUTES if route.has_body]
OPEN_TO_ALL = {
    "GET /api/setup",
    "POST /api/setup",
    "POST /api/sessions",
    "POST /api/join",
    "POST /api/password-reset",
    "DELETE /api/sessions/current",
    "GET /api/daemon",
    "GET /api/daemon/install.py",
    "GET /api/daemon/requirements.txt",
    "GET /api/daemon/{name}",
    "POST /api/nodes/onboard",
    "GET /api/openid",
    "GET /api/openid/start",
    "POST /api/openid/start",
    "GET /api/openid/callback",
}
"""Routes for somebody who is nobody yet; a new one has to be put here on purpose."""

ONLY_CHECKED = "POST /api/environments/check"
"""Says what would be refused in an answer of its own; nothing is stored either way."""

CHANGING = {"api_tokens", "sessions", "audit_events"}
"""Tables that only say who was here, and what was refused."""

NEW_KEYS = "POST /api/nodes/{node_id}/keys"
NODES_OWN = {"GET /api/nodes/{node_id}/config", NEW_KEYS}
"""The routes that a node asks, with its own token."""

FOR_ADMINS = ("/api/users", "/api/invites", "/api/audit", "/api/keys")
"""What only owners and admins may: with the scope `admin`, and nothing else."""

RUNS = {
    "POST /api/bindings/{binding_id}/prepares",
    "POST /api/prepares/{prepare_id}/cancel",
    "POST /api/prepares/{prepare_id}/lost",
    "POST /api/threads",
    "PATCH /api/threads/{thread_id}",
    "POST /api/threads/{thread_id}/messages",
    "DELETE /api/threads/{thread_id}/messages/{message_id}",
    "POST /api/threads/{thread_id}/stop",
    "POST /api/runs/{run_id}/stop",
    "POST /api/runs/{run_id}/lost",
    "PUT /api/drafts/{key}",
    "DELETE /api/drafts/{key}",
}
"""What works in what is there and changes none of it."""

ONLY_COMPUTED = {"POST /api/environments/plan"}

REFUSED = "session.refused"
"""The audit log's word for a sign-in that failed: it is written down on purpose."""

CHOICES = [(r, f.name) for r in WITH_BODY for f in r.fields if f.is_choice]
TEXTS = [
    (r, f.name)
    for r in WITH_BODY
    for f in r.fields
    if f.is_of(type="string") and not f.is_of(type="string", format="uuid") and not f.is_choice
]
SWITCHES = [(r, f.name) for r in WITH_BODY for f in r.fields if f.is_of(type="boolean")]
REFERENCES = [
    (r, f.name) for r in WITH_BODY for f in r.fields if f.is_of(type="string", format="uuid")
]


@pytest.fixture
async def runtime(tmp_path: Path) -> AsyncIterator[Runtime]:
    async with board.runtime(tmp_path) as built:
        yield built


@pytest.fixture
async def people(runtime: Runtime) -> People:
    return await board.two_users(runtime)


@pytest.fixture
async def alice(runtime: Runtime, people: People) -> Belongings:
    return await belongings(runtime, people.alice)


@pytest.fixture
async def bob(runtime: Runtime, people: People) -> Belongings:
    return await belongings(runtime, people.bob)


@pytest.fixture
async def api(runtime: Runtime) -> AsyncIterator[httpx2.AsyncClient]:
    async with api_client(runtime, *routers()) as client:
        yield client


async def rows(runtime: Runtime) -> dict[str, list[Any]]:
    """Return everything that is stored."""
    async with runtime.store.read() as db:
        return {
            table.name: [
                tuple(row)
                for row in (await db.execute(sa.select(table))).all()
                if REFUSED not in tuple(row)
            ]
            for table in SQLModel.metadata.sorted_tables
            if table.name not in CHANGING
        }


def credentials(route: object, person: board.Person, things: Belongings) -> dict[str, str]:
    """Return what a person, or for its configuration a person's node, shows."""
    if str(route) in NODES_OWN:
        return {"Authorization": f"Bearer {things.node_token}"}
    return person.headers


def answer_of(response: httpx2.Response) -> tuple[int, str, bytes]:
    return response.status_code, response.headers["content-type"], response.content


def pointers(response: httpx2.Response) -> list[str]:
    assert response.headers["content-type"] == "application/problem+json"
    return [error["pointer"] for error in response.json().get("errors", [])]


def test_the_document_has_the_routes_and_every_body_has_an_example() -> None:
    assert len(WITH_ID) > 25
    assert {str(route) for route in WITH_BODY} == set(BODIES)
    assert {str(route) for route in ROUTES} >= OPEN_TO_ALL
    assert {name for _, name in REFERENCES} == {"environmentId", "nodeId"}
    assert {name for _, name in SWITCHES} >= {"force", "fastForward", "networkAccess"}
    assert {name for _, name in CHOICES} >= {"type", "setupMode", "strategy", "status", "executor"}


@pytest.mark.parametrize("route", WITH_ID, ids=str)
async def test_a_foreign_id_answers_like_a_missing_one_and_changes_nothing(
    route: Any,
    *,
    runtime: Runtime,
    people: People,
    api: httpx2.AsyncClient,
    alice: Belongings,
    bob: Belongings,
) -> None:
    shown = credentials(route, people.bob, bob)
    before = await rows(runtime)

    async def ask(path: str) -> httpx2.Response:
        return await api.request(route.method, path, json=bob.body(route), headers=shown)

    foreign = await ask(alice.path(route))
    missing = await ask(bob.path(route, **missing_ids()))
    assert foreign.status_code == (403 if route.scope == "admin" else 404)
    assert answer_of(foreign) == answer_of(missing)
    assert await rows(runtime) == before
    # the id was a real one: its owner is not told that it is missing
    own = await api.request(
        route.method,
        alice.path(route),
        json=alice.body(route),
        headers=credentials(route, people.alice, alice),
    )
    if str(route) == NEW_KEYS:  # the example is signed by nobody, which is asked last of all
        assert own.status_code == 403
        assert "not signed with the node's present key" in own.text
    else:
        assert own.status_code in {200, 201, 202, 204, 409}, own.text


@pytest.mark.parametrize(("route", "name"), REFERENCES, ids=str)
async def test_a_foreign_id_in_a_body_answers_like_a_missing_one(
    route: Any,
    *,
    name: str,
    runtime: Runtime,
    people: People,
    api: httpx2.AsyncClient,
    alice: Belongings,
    bob: Belongings,
) -> None:
    noun = {"environmentId": "environment_id", "nodeId": "node_id"}[name]
    before = await rows(runtime)

    async def ask(reference: str) -> httpx2.Response:
        body = (bob.body(route) or {}) | {name: reference}
        return await api.request(
            route.method, bob.path(route), json=body, headers=people.bob.headers
        )

    foreign, missing = await ask(alice.ids[noun]), await ask(missing_ids()[noun])
    assert foreign.status_code == 404
    assert answer_of(foreign) == answer_of(missing)
    assert await rows(runtime) == before


@pytest.mark.parametrize("route", ROUTES, ids=str)
async def test_without_a_credential_there_is_only_what_is_open_to_all(
    route: Any, runtime: Runtime, api: httpx2.AsyncClient, alice: Belongings
) -> None:
    before = await rows(runtime)
    path = alice.path(route) if route.ids else route.path
    answer = await api.request(route.method, path, json=alice.body(route))
    if str(route) in OPEN_TO_ALL:
        assert answer.status_code not in {500, 405}
    else:
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"
    assert await rows(runtime) == before


@pytest.mark.parametrize("route", WITH_ID, ids=str)
async def test_an_id_that_is_none_is_pointed_at(
    route: Any, people: People, api: httpx2.AsyncClient, alice: Belongings
) -> None:
    nonsense = dict.fromkeys(route.ids, "no-id")
    answer = await api.request(
        route.method,
        alice.path(route, **nonsense),
        json=alice.body(route),
        headers=people.alice.headers,
    )
    assert answer.status_code == 422
    assert pointers(answer) == [f"#path/{name}" for name in route.ids]


@pytest.mark.parametrize("route", WITH_BODY, ids=str)
async def test_an_unknown_field_is_pointed_at_and_nothing_is_written(
    route: Any, runtime: Runtime, people: People, api: httpx2.AsyncClient, alice: Belongings
) -> None:
    before = await rows(runtime)
    body = (alice.body(route) or {}) | {"surprise": 1}
    answer = await api.request(
        route.method, alice.path(route), json=body, headers=people.alice.headers
    )
    assert answer.status_code == 422
    assert pointers(answer) == ["/surprise"]
    assert await rows(runtime) == before


@pytest.mark.parametrize(("route", "name"), CHOICES + SWITCHES, ids=str)
async def test_a_choice_that_there_is_not_is_pointed_at_and_nothing_is_written(
    route: Any,
    *,
    name: str,
    runtime: Runtime,
    people: People,
    api: httpx2.AsyncClient,
    alice: Belongings,
) -> None:
    before = await rows(runtime)
    for value in ("yes", 1, "", [], {"a": 1}):
        body = (alice.body(route) or {}) | {name: value}
        answer = await api.request(
            route.method, alice.path(route), json=body, headers=people.alice.headers
        )
        assert answer.status_code == 422
        assert all(pointer.startswith(f"/{name}") for pointer in pointers(answer))
    assert await rows(runtime) == before


@pytest.mark.parametrize(("route", "name"), TEXTS, ids=str)
async def test_a_text_that_cannot_be_stored_or_is_endless_is_refused_and_nothing_is_written(
    route: Any,
    *,
    name: str,
    runtime: Runtime,
    people: People,
    api: httpx2.AsyncClient,
    alice: Belongings,
) -> None:
    before = await rows(runtime)
    for text in ("half a character \ud800", "x" * 600_000):
        body = (alice.body(route) or {}) | {name: text}
        answer = await api.request(
            route.method,
            alice.path(route),
            content=json.dumps(body),  # escapes what UTF-8 cannot hold
            headers=people.alice.headers | {"Content-Type": "application/json"},
        )
        if str(route) == ONLY_CHECKED and answer.status_code == 200:
            found = [problem["pointer"] for problem in answer.json()["problems"]]
            assert found
        else:
            assert 400 <= answer.status_code < 500, answer.text
            found = pointers(answer)
        assert not found or any(pointer.startswith(f"/{name}") for pointer in found)
    assert await rows(runtime) == before


@pytest.mark.parametrize("route", WITH_BODY, ids=str)
async def test_a_body_that_is_too_large_or_no_object_is_refused_and_nothing_is_written(
    route: Any, runtime: Runtime, people: People, api: httpx2.AsyncClient, alice: Belongings
) -> None:
    before = await rows(runtime)
    path, headers = alice.path(route), people.alice.headers
    large = (alice.body(route) or {}) | {"padding": "x" * MAX_BODY_BYTES}
    answer = await api.request(route.method, path, json=large, headers=headers)
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    for broken in (b"[]", b'"text"', b"{", b"\xff\xfe", b"7"):
        answer = await api.request(
            route.method,
            path,
            content=broken,
            headers=headers | {"Content-Type": "application/json"},
        )
        assert 400 <= answer.status_code < 500
        assert answer.headers["content-type"] == "application/problem+json"
    assert await rows(runtime) == before


async def test_a_list_that_is_narrowed_by_a_foreign_id_is_empty_like_by_a_missing_one(
    people: People, api: httpx2.AsyncClient, alice: Belongings, bob: Belongings
) -> None:
    seen = [
        await api.get("/api/threads", params={"environmentId": one}, headers=people.bob.headers)
        for one in (alice.ids["environment_id"], missing_ids()["environment_id"])
    ]
    assert answer_of(seen[0]) == answer_of(seen[1])
    assert seen[0].json()["threads"] == []


@pytest.mark.parametrize(
    "route", [r for r in ROUTES if r.method == "GET" and not r.ids and "{" not in r.path], ids=str
)
async def test_no_list_shows_anything_of_somebody_else(
    route: Any, people: People, api: httpx2.AsyncClient, alice: Belongings, bob: Belongings
) -> None:
    answer = await api.get(route.path, headers=people.bob.headers)
    for value in alice.ids.values():
        assert value not in answer.text


def test_every_route_says_which_scope_it_needs() -> None:
    for route in ROUTES:
        name = str(route)
        if name in OPEN_TO_ALL | NODES_OWN:
            wanted = ""
        elif route.path.startswith(FOR_ADMINS):
            wanted = "admin"
        elif name in RUNS:
            wanted = "run"
        else:
            wanted = "read" if route.method == "GET" or name in ONLY_COMPUTED else "write"
        assert route.scope == wanted, name
    assert {str(route) for route in ROUTES} >= RUNS | ONLY_COMPUTED


async def test_every_route_refuses_a_token_without_its_scope_and_no_other(
    runtime: Runtime, people: People, api: httpx2.AsyncClient, alice: Belongings
) -> None:
    async def token(*scopes: Scope) -> dict[str, str]:
        _, value = await api_tokens.create_token(
            runtime, people.alice.actor, name="one", scopes=scopes
        )
        return {"Authorization": f"Bearer {value}"}

    without = {scope.value: await token(*(set(Scope) - {scope})) for scope in Scope}
    only = {scope.value: await token(scope) for scope in Scope}
    before = await rows(runtime)
    asked = [route for route in ROUTES if route.scope]
    assert len(asked) > 40
    for route in asked:
        path, body = alice.path(route), alice.body(route)
        refused = await api.request(route.method, path, json=body, headers=without[route.scope])
        assert refused.status_code == 403, route
        assert f"no scope {route.scope} " in refused.json()["detail"]
    assert await rows(runtime) == before
    for route in asked:
        path = alice.path(route, **missing_ids())
        taken = await api.request(route.method, path, json=[], headers=only[route.scope])
        assert taken.status_code in {200, 201, 202, 204, 404, 422}, route
