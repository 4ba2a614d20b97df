"""Routes of prepares."""

import uuid

from openviber_app.api import prepares
from openviber_app.services.runtime import Runtime
from openviber_app.store.tables import Prepare
from tests.support.board import People, api_client
from tests.support.mapped import map_environment


async def test_prepares_of_others_look_like_no_prepares(runtime: Runtime, people: People) -> None:
    theirs = await map_environment(runtime, people.bob)
    async with api_client(runtime, prepares.router, person=people.alice) as client:
        for prepare_id in (theirs.prepare.id, uuid.uuid4()):
            for answer in (
                await client.get(f"/api/prepares/{prepare_id}"),
                await client.post(f"/api/prepares/{prepare_id}/cancel"),
                await client.post(f"/api/prepares/{prepare_id}/lost"),
            ):
                assert (answer.status_code, answer.json()["detail"]) == (404, "no such prepare")
        kept = await client.get(f"/api/prepares/{theirs.prepare.id}", headers=people.bob.headers)
        assert kept.json()["status"] == "queued"


async def test_a_prepare_shows_all_that_its_node_told(runtime: Runtime, people: People) -> None:
    mapped = await map_environment(runtime, people.alice)
    phases = [{"name": "setup", "status": "done", "durationMs": 12, "detail": "", "logStart": 0}]
    async with runtime.store.write() as db:
        row = await db.get_one(Prepare, mapped.prepare.id)
        row.phases, row.receipt, row.log_bytes, row.log_sha256 = phases, {"commit": "a"}, 5, "ff"
    async with api_client(runtime, prepares.router, person=people.alice) as client:
        said = (await client.get(f"/api/prepares/{mapped.prepare.id}")).json()
    assert said["phases"] == phases
    assert said["receipt"] == {"commit": "a"}
    assert said["environmentId"] == str(mapped.environment.id)
    assert said["log"] == {
        "bytes": 5,
        "lines": None,
        "sha256": "ff",
        "truncatedBytes": 0,
        "complete": False,
        "removedAt": None,
    }


async def test_a_prepare_is_cancelled_once(runtime: Runtime, people: People) -> None:
    mapped = await map_environment(runtime, people.alice)
    async with api_client(runtime, prepares.router, person=people.alice) as client:
        path = f"/api/prepares/{mapped.prepare.id}"
        waiting = await client.post(f"{path}/lost")
        assert (waiting.status_code, "cancel it" in waiting.json()["detail"]) == (409, True)
        done = await client.post(f"{path}/cancel")
        assert (done.status_code, done.json()["status"]) == (200, "cancelled")
        assert (await client.post(f"{path}/cancel")).status_code == 409
