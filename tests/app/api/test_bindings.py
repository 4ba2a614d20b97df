"""Routes of bindings."""

import asyncio
import uuid

import pytest
import sqlalchemy as sa

from openviber_app.api import bindings, prepares
from openviber_app.services.runtime import Runtime
from openviber_app.store.tables import Binding, Prepare
from tests.support.board import People, api_client
from tests.support.mapped import add_environment, claimed_node, map_environment

ROUTERS = (bindings.router, prepares.router)


async def test_an_offline_node_is_waited_for_and_the_page_says_so(
    runtime: Runtime, people: People
) -> None:
    node = await claimed_node(runtime, people.alice)
    environment = await add_environment(runtime, people.alice)
    async with api_client(runtime, *ROUTERS, person=people.alice) as client:
        path = f"/api/environments/{environment.id}/bindings"
        answer = await client.post(path, json={"nodeId": str(node.id)})
        assert answer.status_code == 201, answer.text
        said = answer.json()
        assert said["joined"] is False
        assert said["binding"]["status"] == "preparing"
        assert said["binding"]["isDefault"] is True
        assert said["prepare"]["status"] == "queued"
        assert said["prepare"]["waitsFor"] == said["binding"]["waitsFor"] == "studio-01"
        again = await client.post(path, json={"nodeId": str(node.id)})
        assert (again.status_code, again.json()["joined"]) == (200, True)
        listed = (await client.get(path)).json()["bindings"]
        assert [b["id"] for b in listed] == [said["binding"]["id"]]


async def test_of_two_prepares_at_once_one_joins_the_other(
    runtime: Runtime, people: People
) -> None:
    mapped = await map_environment(runtime, people.alice)
    async with runtime.store.write() as db:
        await db.execute(sa.update(Prepare).values(status="failed"))
        await db.execute(sa.update(Binding).values(status="error"))
    async with api_client(runtime, *ROUTERS, person=people.alice) as client:
        path = f"/api/bindings/{mapped.binding.id}/prepares"
        answers = await asyncio.gather(client.post(path), client.post(path, json={"force": True}))
        assert sorted(a.status_code for a in answers) == [200, 201]
        assert len({a.json()["prepare"]["id"] for a in answers}) == 1
        rows = (await client.get(path)).json()["prepares"]
        assert [row["attempt"] for row in rows] == [2, 1]


async def test_bindings_of_others_look_like_no_bindings(runtime: Runtime, people: People) -> None:
    theirs = await map_environment(runtime, people.bob)
    async with api_client(runtime, *ROUTERS, person=people.alice) as client:
        for binding_id in (theirs.binding.id, uuid.uuid4()):
            for answer in (
                await client.get(f"/api/bindings/{binding_id}"),
                await client.delete(f"/api/bindings/{binding_id}"),
                await client.post(f"/api/bindings/{binding_id}/prepares"),
                await client.get(f"/api/bindings/{binding_id}/prepares"),
            ):
                assert (answer.status_code, answer.json()["detail"]) == (404, "no such binding")
        for environment_id in (theirs.environment.id, uuid.uuid4()):
            path = f"/api/environments/{environment_id}/bindings"
            for answer in (
                await client.get(path),
                await client.post(path, json={"nodeId": str(theirs.node.id)}),
            ):
                assert answer.json()["detail"] == "no such environment"
        kept = await client.get(f"/api/bindings/{theirs.binding.id}", headers=people.bob.headers)
        assert kept.status_code == 200


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"nodeId": "no uuid"}, "/nodeId"),
        ({"strategy": "magic"}, "/strategy"),
        ({"surprise": 1}, "/surprise"),
        ({"strategy": "existing_path", "existingPath": "x" * 5000}, "/existingPath"),
        ({"strategy": "auto_clone", "existingPath": "/src"}, "/existingPath"),
    ],
)
async def test_a_body_that_cannot_be_taken_is_pointed_at(
    runtime: Runtime, people: People, changes: dict[str, object], pointer: str
) -> None:
    node = await claimed_node(runtime, people.alice)
    environment = await add_environment(runtime, people.alice)
    async with api_client(runtime, *ROUTERS, person=people.alice) as client:
        path = f"/api/environments/{environment.id}/bindings"
        answer = await client.post(path, json={"nodeId": str(node.id)} | changes)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == pointer
        assert (await client.get(path)).json() == {"bindings": []}


async def test_an_unmapped_environment_is_on_no_node(runtime: Runtime, people: People) -> None:
    mapped = await map_environment(runtime, people.alice)
    async with api_client(runtime, *ROUTERS, person=people.alice) as client:
        assert (await client.delete(f"/api/bindings/{mapped.binding.id}")).status_code == 204
        path = f"/api/environments/{mapped.environment.id}/bindings"
        assert (await client.get(path)).json() == {"bindings": []}


async def test_every_mapping_is_listed_and_one_can_be_made_the_default(
    runtime: Runtime, people: People
) -> None:
    mapped = await map_environment(runtime, people.alice)
    async with runtime.store.write() as db:
        row = await db.get_one(Binding, mapped.binding.id)
        row.status, row.stale_reasons = "stale", ["branch", "secret TOKEN"]
    async with api_client(runtime, bindings.router, person=people.alice) as api:
        (found,) = (await api.get("/api/bindings")).json()["bindings"]
        assert found["environmentName"] == "library"
        assert found["staleNote"] == "the branch and the secret TOKEN"
        assert (found["prepareStatus"], found["prepareAttempt"]) == ("queued", 1)
        path = f"/api/bindings/{mapped.binding.id}"
        assert (await api.patch(path, json={"isDefault": True})).json()["isDefault"] is True
        assert (await api.patch(path, json={"isDefault": False})).status_code == 422
        elsewhere = await api.get("/api/bindings", params={"environmentId": str(mapped.node.id)})
        assert elsewhere.json() == {"bindings": []}
