"""What nodes were sent; tests/attacks/test_a38_audit.py reads the log of it."""

import sqlalchemy as sa

from openviber_app.domain.draft_values import SecretChange
from openviber_app.services import deliveries
from openviber_app.services.runtime import Runtime
from openviber_app.store.tables import Binding, Command
from openviber_app.store.trust_tables import SecretDelivery
from tests.support.board import People
from tests.support.environments import secret
from tests.support.tampering import Victim, make_victim


async def _send_again(victim: Victim) -> None:
    async with victim.runtime.store.write() as db:
        await db.execute(sa.update(Command).values(status="pending"))
    assert len(await victim.send()) == 1


async def test_a_rotation_shows_which_node_knows_an_old_version(
    runtime: Runtime, people: People
) -> None:
    victim = await make_victim(runtime, people.alice, secrets=(secret("TOKEN", "first-value"),))
    actor, environment_id = people.alice.actor, victim.environment_id
    assert len(await victim.send()) == 1
    found = await deliveries.list_deliveries(runtime, actor, environment_id=environment_id)
    (one,) = found.deliveries
    assert (one.key, one.version, one.current_version, one.node) == ("TOKEN", 1, 1, "studio-01")

    async with runtime.store.write() as db:  # it was prepared with the first value
        binding = await db.get_one(Binding, victim.mapped.binding.id)
        binding.status, binding.fingerprint = "ready", {"secret TOKEN": "v1 both"}
    await victim.save(people.alice, secret("TOKEN", "second-value"))
    found = await deliveries.list_deliveries(runtime, actor, environment_id=environment_id)
    assert [(one.version, one.current_version) for one in found.deliveries] == [(1, 2)]
    assert [(one.node, one.secrets) for one in found.stale] == [("studio-01", ("TOKEN",))]

    await _send_again(victim)
    await _send_again(victim)
    await victim.save(people.alice, SecretChange(key="TOKEN", is_deleted=True))
    found = await deliveries.list_deliveries(runtime, actor, environment_id=environment_id)
    assert [(one.version, one.current_version) for one in found.deliveries] == [
        (2, None),
        (1, None),
    ]
    async with runtime.store.read() as db:
        rows = (await db.execute(sa.select(SecretDelivery))).scalars().all()
    assert len(rows) == 2  # a second sending of the same version is the same row
