from openviber_app.services.runtime import Runtime
from openviber_app.store import deliveries
from tests.support.board import People
from tests.support.environments import secret
from tests.support.tampering import make_victim


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
