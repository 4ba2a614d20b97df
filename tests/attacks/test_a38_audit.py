"""A38: what was sent is nowhere written down, or the log is changed afterwards."""

import pytest
from sqlalchemy.exc import DatabaseError

from openviber_app.services import deliveries, key_rotation
from tests.support.board import People
from tests.support.environments import secret
from tests.support.tampering import VALUE, Victim


async def test_each_sending_is_written_down_by_names_and_versions(
    victim: Victim, people: People
) -> None:
    await victim.save(people.alice, secret("OTHER", "another-value"))
    (frame,) = await victim.send()
    await victim.send()  # on the next connection: the value leaves again
    first, second = await victim.events(deliveries.SENT)
    assert first.facts == second.facts
    assert first.target_id == victim.environment_id
    assert first.facts["node_id"] == str(victim.mapped.node.id)
    assert first.facts["command_id"] == str(frame.command_id)
    assert first.facts["secrets"] == [
        {"key": "OTHER", "version": 2},
        {"key": "TOKEN", "version": 1},
    ]
    assert VALUE not in str(first.facts)


async def test_a_rotation_names_who_asked_for_it(victim: Victim, people: People) -> None:
    before = victim.runtime.vault.kms_key_id
    await key_rotation.start(victim.runtime, actor=people.alice.actor)
    await key_rotation.advance(victim.runtime)
    (event,) = await victim.events("key.rotated")
    assert (event.actor_id, event.facts["from"]) == (people.alice.actor.user_id, before)
    (ended,) = await victim.events("key.rotation_ended")
    assert ended.facts == {"done": 2, "of": 2, "problems": 0}


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_events SET action = 'x'", "DELETE FROM audit_events"]
)
async def test_nothing_in_the_log_is_changed(victim: Victim, statement: str) -> None:
    await victim.send()
    with pytest.raises(DatabaseError, match="never changed"):
        await victim.execute(statement)
