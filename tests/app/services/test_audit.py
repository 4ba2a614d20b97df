from dataclasses import replace

import pytest

from openviber_app.domain.ids import new_id
from openviber_app.services.audit import Deed, Target, record
from openviber_app.services.runtime import Runtime
from openviber_app.store import audit
from tests.support.board import People


async def test_a_deed_is_kept_with_the_names_that_things_had_then(
    runtime: Runtime, people: People
) -> None:
    node = new_id()
    deed = Deed(
        action="node.revoked",
        target=Target(kind="node", id=node, name="n" * 300),
        actor=people.alice.actor,
        client="192.0.2.1",
        facts={"versions": {"TOKEN": 3}},
    )
    async with runtime.store.write() as db:
        record(runtime, db, deed)
    async with runtime.store.read() as db:
        (row,) = await audit.list_events(db, before=None, limit=10)
    assert (row.actor_id, row.actor_name) == (people.alice.actor.user_id, people.alice.actor.name)
    assert (row.target_id, row.target_name) == (node, "n" * 200)
    assert (row.client, row.facts) == ("192.0.2.1", {"versions": {"TOKEN": 3}})


async def test_a_deed_without_an_address_has_its_actors(runtime: Runtime, people: People) -> None:
    actor = replace(people.alice.actor, client="192.0.2.7")
    async with runtime.store.write() as db:
        record(runtime, db, Deed(action="key.rotated", target=Target(kind="key"), actor=actor))
    async with runtime.store.read() as db:
        (row,) = await audit.list_events(db, before=None, limit=10)
    assert row.client == "192.0.2.7"


async def test_what_was_not_done_is_not_written(runtime: Runtime) -> None:
    async def fail() -> None:
        async with runtime.store.write() as db:
            record(runtime, db, Deed(action="key.rotated", target=Target(kind="key")))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with runtime.store.read() as db:
        assert not await audit.list_events(db, before=None, limit=10)
