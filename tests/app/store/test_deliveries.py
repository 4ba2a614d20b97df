"""Deliveries are listed for one node."""

from datetime import UTC, datetime
from uuid import UUID

from openviber_app.domain.ids import new_id
from openviber_app.services.runtime import Runtime
from openviber_app.store import deliveries
from openviber_app.store.deliveries import list_node_deliveries
from openviber_app.store.trust_tables import SecretDelivery
from tests.support.board import People
from tests.support.environments import secret
from tests.support.mapped import MappedEnvironment, claimed_node, map_environment
from tests.support.tampering import make_victim

SECRET = UUID("01900000-0000-7000-8000-00000000000a")
AT = datetime(2026, 11, 29, tzinfo=UTC)


def delivery(
    mapped: MappedEnvironment, *, version: int, node_id: UUID | None = None
) -> SecretDelivery:
    """Make a row: the node of `mapped`, unless another is named, was sent a version."""
    return SecretDelivery(
        node_id=node_id or mapped.node.id,
        environment_id=mapped.environment.id,
        secret_id=SECRET,
        key="TOKEN",
        version=version,
        command_id=new_id(),
        first_at=AT,
        last_at=AT,
    )


async def test_a_node_is_told_of_its_own_deliveries_in_order(
    runtime: Runtime, people: People
) -> None:
    mapped = await map_environment(runtime, people.alice)
    other = await claimed_node(runtime, people.alice, name="other")
    async with runtime.store.write() as db:
        db.add_all([delivery(mapped, version=version) for version in (2, 1)])
        db.add(delivery(mapped, version=1, node_id=other.id))
    async with runtime.store.read() as db:
        found = await list_node_deliveries(db, node_id=mapped.node.id)
    assert [row.version for row in found] == [1, 2]


async def test_a_nodes_rows_are_found_from_every_side(runtime: Runtime, people: People) -> None:
    victim = await make_victim(runtime, people.alice, secrets=(secret("TOKEN", "first-value"),))
    await victim.send()
    (row,), node = await victim.secret_rows(), victim.mapped.node
    async with runtime.store.read() as db:
        found = await deliveries.find_delivery(db, secret_id=row.id, version=1, node_id=node.id)
        assert found is not None
        of_node = await deliveries.list_node_deliveries(db, node_id=node.id)
        listed = await deliveries.list_deliveries(db, environment_id=victim.environment_id)
        other = await deliveries.find_delivery(db, secret_id=row.id, version=2, node_id=node.id)
    assert [one.id for one in of_node] == [found.id]
    assert [(one.key, at.name) for one, at in listed] == [("TOKEN", node.name)]
    assert other is None
