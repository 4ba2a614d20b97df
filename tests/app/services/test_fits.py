"""Which nodes an environment can be mapped to."""

import pytest

from openviber_app.domain.errors import NotFoundError
from openviber_app.services import fits, nodes
from openviber_app.services.runtime import Runtime
from openviber_app.store.tables import Node
from tests.support.board import People
from tests.support.mapped import GITHUB, claimed_node, map_environment


async def test_every_node_is_there_with_what_it_lacks_and_the_best_is_first(
    runtime: Runtime, people: People
) -> None:
    mapped = await map_environment(runtime, people.alice, **GITHUB)
    bare = await claimed_node(runtime, people.alice, name="bare")
    large = await claimed_node(runtime, people.alice, name="large")
    waiting = await nodes.make_token(runtime, people.alice.actor, name="waiting")
    await claimed_node(runtime, people.bob, name="foreign")
    async with runtime.store.write() as db:
        for node_id in (mapped.node.id, bare.id, large.id):
            (await db.get_one(Node, node_id)).is_connected = True
        (await db.get_one(Node, bare.id)).capabilities = {"os": "linux"}
        (await db.get_one(Node, large.id)).load = {"memoryFreeBytes": 1 << 34}
    found = await fits.list_fits(runtime, people.alice.actor, environment_id=mapped.environment.id)
    assert [fit.node.name for fit in found.fits] == ["large", "studio-01", "bare", "waiting"]
    best, other, lacking, last = found.fits
    assert (best.is_best, other.is_best) == (True, False)
    assert other.binding is not None
    assert other.binding.id == mapped.binding.id
    assert "no git" in lacking.issues[0]
    assert last.node.id == waiting.node_id
    assert "one-time command" in last.issues[0]
    with pytest.raises(NotFoundError):
        await fits.list_fits(runtime, people.bob.actor, environment_id=mapped.environment.id)
