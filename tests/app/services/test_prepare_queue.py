"""Attempts are asked for, joined, and taken back."""

import pytest

from openviber_app.domain.errors import ConflictError
from openviber_app.services.prepare_queue import cancel_prepare, queue_prepare
from openviber_app.services.runtime import Runtime
from openviber_app.store import bindings
from openviber_app.store.tables import Command, Prepare
from tests.support.board import People
from tests.support.mapped import map_environment


async def test_a_prepare_is_asked_for_in_the_words_of_the_wire(
    runtime: Runtime, people: People
) -> None:
    mapped = await map_environment(runtime, people.alice, draft={"fast_forward": True})
    async with runtime.store.read() as db:
        command = await db.get_one(Command, mapped.prepare.command_id)
    assert (command.type, command.status, command.attempt) == (
        "environment:prepare",
        "pending",
        1,
    )
    payload = command.payload
    assert payload["prepare_id"] == str(mapped.prepare.id)
    assert (payload["kind"], payload["force"], payload["fast_forward"]) == ("prepare", False, True)
    assert payload["spec"]["setup"]["script"] == "true"
    assert "bundle" not in payload


async def test_a_spare_and_a_whole_prepare_do_not_join_each_other(
    runtime: Runtime, people: People
) -> None:
    mapped = await map_environment(runtime, people.alice)
    now = runtime.clock.now()
    async with runtime.store.write() as db:
        mapping = await bindings.find_any_mapping(db, binding_id=mapped.binding.id)
        assert mapping is not None
        whole = await queue_prepare(db, mapping, now=now)
        spare = await queue_prepare(db, mapping, kind="spare", now=now)
        again = await queue_prepare(db, mapping, kind="spare", now=now)
    assert (whole.joined, spare.joined, again.joined) == (True, False, True)
    assert (whole.prepare.attempt, spare.prepare.attempt) == (1, 2)
    assert mapping.binding.last_prepare_id == mapped.prepare.id


async def test_what_the_node_may_have_is_not_taken_back_behind_its_back(
    runtime: Runtime, people: People
) -> None:
    mapped = await map_environment(runtime, people.alice)
    now = runtime.clock.now()
    async with runtime.store.write() as db:
        mapping = await bindings.find_any_mapping(db, binding_id=mapped.binding.id)
        assert mapping is not None
        prepare = await db.get_one(Prepare, mapped.prepare.id)
        command = await db.get_one(Command, prepare.command_id)
        command.status = "sent"
        moved = await cancel_prepare(db, prepare, mapping, now=now)
        assert [a.topic for a in moved][-1] == f"outbox:{mapped.node.id}"
        assert (prepare.status, command.status) == ("queued", "sent")
        twice = await cancel_prepare(db, prepare, mapping, now=now)
        assert [a.topic for a in twice] == [f"user:{people.alice.actor.user_id}"]


async def test_what_was_never_sent_is_cancelled_at_once_and_for_good(
    runtime: Runtime, people: People
) -> None:
    mapped = await map_environment(runtime, people.alice)
    now = runtime.clock.now()
    async with runtime.store.write() as db:
        mapping = await bindings.find_any_mapping(db, binding_id=mapped.binding.id)
        assert mapping is not None
        prepare = await db.get_one(Prepare, mapped.prepare.id)
        await cancel_prepare(db, prepare, mapping, now=now)
        command = await db.get_one(Command, prepare.command_id)
        assert (prepare.status, command.status) == ("cancelled", "withdrawn")
        assert (mapping.binding.status, mapping.binding.last_error) == (
            "error",
            "cancelled before the node began",
        )
        with pytest.raises(ConflictError, match="already ended: cancelled"):
            await cancel_prepare(db, prepare, mapping, now=now)
