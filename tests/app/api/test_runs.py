"""Tests of `openviber_app.api.runs`."""

from openviber_app.api import runs
from openviber_app.domain.ids import new_id
from openviber_app.services.runtime import Runtime
from openviber_app.store.tables import Node, Run
from tests.support.board import People, api_client
from tests.support.workbench import make_bench


async def test_a_run_is_shown_with_its_files(runtime: Runtime, people: People) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    async with runtime.store.write() as db:
        row = await db.get_one(Run, run.id)
        row.files = [
            {"path": "a", "status": "added", "old_path": "", "additions": 3, "deletions": 0}
        ]
    await bench.start(run)
    async with api_client(runtime, runs.router, person=people.alice) as api:
        shown = (await api.get(f"/api/runs/{run.id}")).json()
    assert shown["files"] == [
        {"path": "a", "status": "added", "oldPath": "", "additions": 3, "deletions": 0}
    ]
    assert (shown["status"], shown["threadId"]) == ("running", str(bench.thread.id))
    assert shown["startedAt"].endswith("Z")


async def test_a_run_is_stopped_or_given_up(runtime: Runtime, people: People) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    await bench.deliver(run)
    async with api_client(runtime, runs.router, person=people.alice) as api:
        refused = await api.post(f"/api/runs/{run.id}/lost")
        assert refused.status_code == 409
        assert "stop the run instead" in refused.json()["detail"]
        assert (await api.post(f"/api/runs/{run.id}/stop")).status_code == 202
        async with runtime.store.write() as db:
            (await db.get_one(Node, bench.node.id)).is_connected = False
        lost = await api.post(f"/api/runs/{run.id}/lost")
        assert (lost.status_code, lost.json()["status"]) == (200, "lost")
        assert (await api.post(f"/api/runs/{run.id}/stop")).status_code == 200
        assert (await api.post(f"/api/runs/{run.id}/lost")).status_code == 409


async def test_a_foreign_run_answers_like_one_that_is_not_there(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    async with api_client(runtime, runs.router, person=people.bob) as api:
        for method, path in (("GET", ""), ("POST", "/stop"), ("POST", "/lost")):
            foreign = await api.request(method, f"/api/runs/{run.id}{path}")
            missing = await api.request(method, f"/api/runs/{new_id()}{path}")
            assert foreign.status_code == missing.status_code == 404
            assert foreign.content == missing.content
    assert (await bench.reload(run)).status == "queued"
