"""What each access to a shared environment opens: every route that names something in it."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import httpx2
import pytest

from openviber_app.domain.sharing import ORDER, SHARED, at_least
from openviber_app.services import live_topics, overview, shares
from openviber_app.services.live_topics import parse_topic
from openviber_app.services.runtime import Runtime
from openviber_app.states.rows import environment_row
from tests.support import board
from tests.support.board import Person, add_person, api_client
from tests.support.routes import Belongings, Route, belongings, every_route, missing_ids, routers

VIEWER, RUNNER, EDITOR, OWNER = ORDER
LEAST = {
    "GET /api/environments/{environment_id}": VIEWER,
    "PUT /api/environments/{environment_id}": EDITOR,
    "DELETE /api/environments/{environment_id}": OWNER,
    "PATCH /api/environments/{environment_id}/mark": VIEWER,
    "GET /api/environments/{environment_id}/bindings": VIEWER,
    "POST /api/environments/{environment_id}/bindings": OWNER,
    "GET /api/environments/{environment_id}/nodes": OWNER,
    "GET /api/environments/{environment_id}/deliveries": VIEWER,
    "GET /api/environments/{environment_id}/shares": OWNER,
    "PUT /api/environments/{environment_id}/shares": OWNER,
    "DELETE /api/environments/{environment_id}/shares/{user_id}": OWNER,
    "GET /api/bindings/{binding_id}": VIEWER,
    "PATCH /api/bindings/{binding_id}": EDITOR,
    "DELETE /api/bindings/{binding_id}": OWNER,
    "POST /api/bindings/{binding_id}/prepares": RUNNER,
    "GET /api/bindings/{binding_id}/prepares": VIEWER,
    "GET /api/prepares/{prepare_id}": VIEWER,
    "POST /api/prepares/{prepare_id}/cancel": RUNNER,
    "POST /api/prepares/{prepare_id}/lost": RUNNER,
    "GET /api/prepares/{execution_id}/log": VIEWER,
    "GET /api/runs/{execution_id}/log": VIEWER,
    "GET /api/runs/{run_id}": VIEWER,
    "POST /api/runs/{run_id}/stop": RUNNER,
    "POST /api/runs/{run_id}/lost": RUNNER,
    "GET /api/threads/{thread_id}": VIEWER,
    "PATCH /api/threads/{thread_id}": RUNNER,
    "POST /api/threads/{thread_id}/messages": RUNNER,
    "GET /api/threads/{thread_id}/messages": VIEWER,
    "DELETE /api/threads/{thread_id}/messages/{message_id}": RUNNER,
    "GET /api/threads/{thread_id}/changes": VIEWER,
    "GET /api/threads/{thread_id}/timeline": VIEWER,
    "POST /api/threads/{thread_id}/stop": RUNNER,
    "POST /api/threads": RUNNER,
    "POST /api/environments/check": EDITOR,
    "POST /api/environments/plan": VIEWER,
}
"""The least access of every route that names a part of an environment; a new one goes here."""

IN_BODY = {"POST /api/threads"}
IN_QUERY = {"POST /api/environments/check", "POST /api/environments/plan"}
NO_PART = {"token_id", "session_id", "node_id", "invite_id", "rotation_id", "identity_id"}
"""Ids of what is never shared."""

PARTS = [
    route
    for route in every_route()
    if str(route) in IN_BODY | IN_QUERY
    or (route.ids and not NO_PART & set(route.ids) and "/users/" not in route.path)
]


@pytest.fixture
async def runtime(tmp_path: Path) -> AsyncIterator[Runtime]:
    async with board.runtime(tmp_path) as built:
        yield built


@pytest.fixture
async def crowd(runtime: Runtime) -> dict[str, Person]:
    """Make an owner with things, one person of each access, and a stranger."""
    return {
        name: await add_person(runtime, name=name.capitalize())
        for name in ("owner", "viewer", "runner", "editor", "stranger")
    }


@pytest.fixture
async def things(runtime: Runtime, crowd: dict[str, Person]) -> Belongings:
    made = await belongings(runtime, crowd["owner"])
    for role in SHARED:
        await shares.put_share(
            runtime,
            crowd["owner"].actor,
            environment_id=UUID(made.ids["environment_id"]),
            email=crowd[role].actor.email,
            role=role,
        )
    return made


async def ask(
    api: httpx2.AsyncClient, route: Route, things: Belongings, person: Person | None, **ids: str
) -> httpx2.Response:
    body = things.body(route)
    named = {"environmentId": ids.get("environment_id", things.ids["environment_id"])}
    if str(route) in IN_BODY:
        body = (body or {}) | named
    query = named if str(route) in IN_QUERY else {}
    headers = person.headers if person else {}
    path = things.path(route, **ids)
    return await api.request(route.method, path, json=body, params=query, headers=headers)


def test_every_route_of_an_environments_parts_has_a_least_access() -> None:
    assert {str(route) for route in PARTS} == set(LEAST)


@pytest.mark.parametrize("route", PARTS, ids=str)
async def test_a_route_opens_to_its_least_access_and_to_nobody_below(
    route: Route, runtime: Runtime, crowd: dict[str, Person], things: Belongings
) -> None:
    least = LEAST[str(route)]
    async with api_client(runtime, *routers()) as api:
        nobody = await ask(api, route, things, None)
        assert nobody.status_code == 401
        # A10: for a stranger, what is there answers byte for byte like what is not
        there = await ask(api, route, things, crowd["stranger"])
        missing = await ask(api, route, things, crowd["stranger"], **missing_ids())
        assert there.status_code == missing.status_code == 404
        assert there.content == missing.content
        for access in ORDER:
            person = crowd[access]
            if access not in at_least(least):
                refused = await ask(api, route, things, person)
                assert refused.status_code == 403, (access, refused.text)
                assert "ask Owner to" in refused.json()["detail"]
        answer = await ask(api, route, things, crowd[least])
        assert answer.status_code in {200, 201, 202, 204, 409}, answer.text


async def test_a_viewer_pins_a_thread_and_an_editor_never_reads_a_secret(
    runtime: Runtime, crowd: dict[str, Person], things: Belongings
) -> None:
    thread = f"/api/threads/{things.ids['thread_id']}"
    path = f"/api/environments/{things.ids['environment_id']}"
    secret = {"key": "TOKEN", "value": "canary-of-the-editor"}
    body = {"name": "shared", "type": "manual", "secrets": [secret]}
    async with api_client(runtime, *routers()) as api:
        pinned = await api.patch(thread, json={"isPinned": True}, headers=crowd["viewer"].headers)
        assert pinned.status_code == 200
        saved = await api.put(path, json=body, headers=crowd["editor"].headers)
        assert saved.status_code == 200
        for name in ("viewer", "editor", "owner"):
            seen = await api.get(path, headers=crowd[name].headers)
            assert "canary" not in saved.text + seen.text
            assert [one["key"] for one in seen.json()["secrets"]] == ["TOKEN"]


async def test_a_runner_names_only_nodes_that_the_environment_is_on(
    runtime: Runtime, crowd: dict[str, Person], things: Belongings
) -> None:
    body = {"environmentId": things.ids["environment_id"]}
    headers = crowd["runner"].headers
    async with api_client(runtime, *routers()) as api:
        answers = [
            await api.post("/api/threads", json=body | {"nodeId": node}, headers=headers)
            for node in (things.ids["node_id"], missing_ids()["node_id"])
        ]
        assert answers[0].status_code == 404
        assert answers[0].content == answers[1].content
        assert (await api.get("/api/nodes", headers=headers)).json()["nodes"] == []


@pytest.mark.parametrize("name", ["viewer", "stranger"])
async def test_live_topics_and_pages_show_what_is_shared_and_nothing_else(
    name: str, runtime: Runtime, crowd: dict[str, Person], things: Belongings
) -> None:
    actor = crowd[name].actor
    topics = [f"timeline:{things.ids['thread_id']}"]
    topics += [f"log:{things.ids[one]}" for one in ("run_id", "prepare_id")]
    private = await belongings(runtime, crowd["editor"])
    for text in topics:
        topic = parse_topic(text)
        assert topic is not None
        assert await live_topics.may_follow(runtime, actor, topic) == (name == "viewer")
    found = await overview.get_overview(runtime, actor)
    rows = [environment_row(row, state) for row, state in found.environments]
    assert [row.id for row in rows] == ([things.ids["environment_id"]] if name == "viewer" else [])
    assert private.ids["environment_id"] not in {row.id for row in rows}
    assert found.nodes == []
