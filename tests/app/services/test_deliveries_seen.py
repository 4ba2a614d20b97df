"""What a node has seen of secrets: the newest version of each, what is to be rotated first."""

from openviber_app.services.deliveries_seen import list_seen
from openviber_app.services.runtime import Runtime
from openviber_app.store.tables import Environment
from tests.app.store.test_deliveries import delivery
from tests.support.board import People
from tests.support.mapped import map_environment


async def test_a_secret_of_an_environment_that_is_gone_is_closed_and_still_named(
    runtime: Runtime, people: People
) -> None:
    mapped = await map_environment(runtime, people.alice)
    async with runtime.store.write() as db:
        rows = [delivery(mapped, version=version) for version in (1, 2)]
        db.add_all(rows)
    async with runtime.store.read() as db:
        (seen,) = await list_seen(db, node_id=mapped.node.id)
    assert (seen.environment, seen.key, seen.version) == ("library", "TOKEN", 2)
    assert (seen.current_version, seen.is_open) == (None, False)
    async with runtime.store.write() as db:
        await db.delete(await db.get_one(Environment, mapped.environment.id))
    async with runtime.store.read() as db:
        (seen,) = await list_seen(db, node_id=mapped.node.id)
    assert seen.environment == "a removed environment"
