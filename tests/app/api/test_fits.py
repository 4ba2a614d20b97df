"""Tests of `openviber_app.api.fits`."""

from openviber_app.api import fits
from openviber_app.services.runtime import Runtime
from openviber_app.store.tables import Node
from tests.support.board import People, api_client
from tests.support.mapped import map_environment


async def test_a_node_is_told_with_its_room_and_the_mapping_that_is_there(
    runtime: Runtime, people: People
) -> None:
    mapped = await map_environment(runtime, people.alice)
    async with runtime.store.write() as db:
        node = await db.get_one(Node, mapped.node.id)
        node.capabilities = {"os": "Debian", "cores": 16, "diskFreeBytes": 5}
        node.load = {"memoryFreeBytes": 38, "diskFreeBytes": 4}
    async with api_client(runtime, fits.router, person=people.alice) as api:
        answer = await api.get(f"/api/environments/{mapped.environment.id}/nodes")
    told = answer.json()
    assert (told["name"], told["type"]) == ("library", "manual")
    (found,) = told["nodes"]
    assert found["name"] == "studio-01"
    assert (found["os"], found["cores"]) == ("Debian", 16)
    assert (found["memoryFreeBytes"], found["diskFreeBytes"]) == (38, 4)
    assert (found["issues"], found["isBest"], found["link"]) == ([], False, "unreachable")
    assert found["lastPrepareId"] == str(mapped.prepare.id)
    assert found["strategy"] == "auto_clone"
