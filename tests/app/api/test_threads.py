"""Tests of `openviber_app.api.threads`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import httpx2
import pytest

from openviber_app.api import thread_lists, threads
from openviber_app.domain.ids import new_id
from openviber_app.services.runtime import Runtime
from openviber_app.store.tables import Run
from tests.support.board import People, Person, api_client
from tests.support.workbench import Bench, make_bench


@asynccontextmanager
async def _client(runtime: Runtime, person: Person) -> AsyncIterator[httpx2.AsyncClient]:
    async with api_client(runtime, thread_lists.router, threads.router, person=person) as client:
        yield client


def _same_answer(one: httpx2.Response, other: httpx2.Response) -> bool:
    return (one.status_code, one.content) == (other.status_code, other.content)


async def test_a_thread_from_its_making_to_its_archive(runtime: Runtime, people: People) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    async with _client(runtime, people.alice) as api:
        made = await api.post(
            "/api/threads", json={"environmentId": str(bench.environment.id), "title": "Fix it"}
        )
        assert made.status_code == 201
        thread = made.json()
        assert thread["title"] == "Fix it"
        assert thread["group"] == "today"
        url = f"/api/threads/{thread['id']}"
        sent = await api.post(f"{url}/messages", json={"text": "make test"})
        assert sent.status_code == 201
        assert sent.json()["status"] == "sent"
        shown = (await api.get(url)).json()
        assert shown["lastRun"]["id"] == sent.json()["runId"]
        assert shown["nodeName"] == "studio-01"
        stopped = await api.post(f"{url}/stop")
        assert stopped.status_code == 200  # its node had not heard of it
        assert stopped.json()["run"]["status"] == "stopped"
        archived = await api.patch(url, json={"status": "archived"})
        assert archived.json()["group"] == "archived"
        refused = await api.post(f"{url}/messages", json={"text": "ls"})
        assert refused.status_code == 409
        assert "restore it" in refused.json()["detail"]


async def test_stopping_what_a_node_works_on_is_accepted_not_done(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    await bench.deliver(await bench.run_of(await bench.say()))
    async with _client(runtime, people.alice) as api:
        answer = await api.post(f"/api/threads/{bench.thread.id}/stop")
    assert answer.status_code == 202
    assert answer.json()["run"]["stopRequestedAt"] is not None


async def test_a_message_said_twice_with_one_key_is_one(runtime: Runtime, people: People) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    url = f"/api/threads/{bench.thread.id}/messages"
    async with _client(runtime, people.alice) as api:
        answers = [
            await api.post(url, json={"text": "ls"}, headers={"Idempotency-Key": "k"})
            for _ in range(2)
        ]
        other = await api.post(url, json={"text": "pwd"}, headers={"Idempotency-Key": "k"})
        listed = (await api.get(url)).json()
    assert [answer.status_code for answer in answers] == [201, 200]
    assert answers[0].json()["id"] == answers[1].json()["id"]
    assert other.status_code == 409
    assert [message["text"] for message in listed["messages"]] == ["ls"]
    assert listed["more"] is False


async def test_the_timeline_in_both_directions(runtime: Runtime, people: People) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    for n in range(3):
        await bench.end(await bench.run_of(await bench.say(f"echo {n}")))
    url = f"/api/threads/{bench.thread.id}/timeline"
    async with _client(runtime, people.alice) as api:
        last = (await api.get(url, params={"limit": 2})).json()
        assert [item["text"] for item in last["items"]] == ["echo 1", "echo 2"]
        assert [run["status"] for run in last["runs"]] == ["completed", "completed"]
        assert last["more"] is True
        before = {"before": last["items"][0]["position"]}
        older = (await api.get(url, params=before)).json()
        assert [item["text"] for item in older["items"]] == ["echo 0"]
        nothing = (await api.get(url, params={"after": last["seq"]})).json()
        assert nothing == {"items": [], "runs": [], "seq": last["seq"], "more": False}
        both = await api.get(url, params={"after": 1, "before": 1})
        assert both.status_code == 422
        assert both.json()["errors"][0]["pointer"] == "#query/before"


@pytest.mark.parametrize(
    ("method", "path", "body", "pointer"),
    [
        ("POST", "", {}, "/environmentId"),
        ("POST", "", {"environmentId": "x"}, "/environmentId"),
        ("POST", "", {"environmentId": str(new_id()), "surprise": 1}, "/surprise"),
        ("POST", "", {"environment_id": str(new_id())}, "/environmentId"),
        ("PATCH", "/{id}", {"status": "sleeping"}, "/status"),
        ("PATCH", "/{id}", {"title": ""}, "/title"),
        ("POST", "/{id}/messages", {"text": "ls", "executor": "root"}, "/executor"),
        ("POST", "/{id}/messages", {"text": ""}, "/text"),
        ("POST", "/{id}/messages", {"text": 1}, "/text"),
        ("GET", "?limit=0", None, "#query/limit"),
        ("GET", "?before=nonsense", None, "#query/before"),
        ("GET", "?status=sleeping", None, "#query/status"),
        ("GET", "/{id}/timeline?after=-1", None, "#query/after"),
        ("GET", "/nonsense", None, "#path/thread_id"),
    ],
)
async def test_bad_input_is_pointed_at_and_changes_nothing(
    runtime: Runtime,
    people: People,
    method: str,
    path: str,
    body: dict[str, object] | None,
    pointer: str,
) -> None:
    bench = await make_bench(runtime, people.alice.actor, title="kept")
    async with _client(runtime, people.alice) as api:
        url = "/api/threads" + path.format(id=bench.thread.id)
        answer = await api.request(method, url, json=body)
        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"
        assert pointer in [error["pointer"] for error in answer.json()["errors"]]
    row = await bench.row()
    assert (row.title, row.status, row.timeline_seq) == ("kept", "active", 0)


async def test_a_message_larger_than_a_body_may_be_is_refused(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    async with _client(runtime, people.alice) as api:
        url = f"/api/threads/{bench.thread.id}/messages"
        answer = await api.post(url, json={"text": "x" * 2_000_000})
        assert answer.status_code == 413


async def test_a_foreign_thread_answers_like_one_that_is_not_there(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor, title="private")
    await bench.say()
    calls: list[tuple[str, str, dict[str, object] | None]] = [
        ("GET", "", None),
        ("PATCH", "", {"title": "mine"}),
        ("POST", "/messages", {"text": "ls"}),
        ("GET", "/messages", None),
        ("GET", "/timeline", None),
        ("GET", "/timeline?after=0", None),
        ("POST", "/stop", None),
    ]
    async with _client(runtime, people.bob) as api:

        async def call(method: str, thread_id: UUID, path: str, body: object) -> httpx2.Response:
            return await api.request(method, f"/api/threads/{thread_id}{path}", json=body)

        for method, path, body in calls:
            foreign = await call(method, bench.thread.id, path, body)
            missing = await call(method, new_id(), path, body)
            assert foreign.status_code == 404
            assert _same_answer(foreign, missing)
        assert (await api.get("/api/threads")).json()["threads"] == []
        mine = {"environmentId": str(bench.environment.id)}
        other = {"environmentId": str(new_id())}
        assert _same_answer(
            await api.post("/api/threads", json=mine), await api.post("/api/threads", json=other)
        )
        assert (await api.get("/api/threads", params=mine)).json()["threads"] == []
    assert await _untouched(bench)


async def _untouched(bench: Bench) -> bool:
    return (await bench.row()).title == "private" and len(await bench.commands()) == 1


async def test_without_a_person_there_is_nothing(runtime: Runtime, people: People) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    async with api_client(runtime, thread_lists.router, threads.router) as api:
        for path in ("", f"/{bench.thread.id}", f"/{bench.thread.id}/timeline"):
            assert (await api.get(f"/api/threads{path}")).status_code == 401


async def test_a_queued_message_is_withdrawn_and_one_that_runs_is_not(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    url = f"/api/threads/{bench.thread.id}/messages"
    async with _client(runtime, people.alice) as api:
        first, second = [(await api.post(url, json={"text": t})).json() for t in ("a", "b")]
        assert (await api.delete(f"{url}/{second['id']}")).json()["status"] == "withdrawn"
        assert (await api.delete(f"{url}/{first['id']}")).status_code == 409


async def test_the_same_key_answers_with_the_same_thread(runtime: Runtime, people: People) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    body = {"environmentId": str(bench.environment.id)}
    async with _client(runtime, people.alice) as api:
        headers = {"Idempotency-Key": "k"}
        answers = [await api.post("/api/threads", json=body, headers=headers) for _ in range(2)]
        assert answers[0].json()["id"] == answers[1].json()["id"]
        refused = await api.post("/api/threads", json=body, headers={"Idempotency-Key": "k" * 201})
        assert refused.status_code == 422


async def test_what_a_threads_runs_changed_is_listed_and_summed(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    for text in ("one", "two"):
        run = await bench.run_of(await bench.say(text))
        await bench.end(run)
        async with runtime.store.write() as db:
            (await db.get_one(Run, run.id)).files = [
                {"path": "a", "status": "modified", "old_path": "", "additions": 2, "deletions": 1}
            ]
    async with _client(runtime, people.alice) as api:
        found = (await api.get(f"/api/threads/{bench.thread.id}/changes")).json()
    assert [run["text"] for run in found["runs"]] == ["two", "one"]
    assert found["files"] == [
        {"path": "a", "status": "modified", "oldPath": "", "additions": 4, "deletions": 2}
    ]
