"""Mapping environments to nodes, taking them off, and keeping a slot spare."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import col

from openviber_app.domain.errors import ConflictError, InvalidInputError, NotFoundError
from openviber_app.domain.reports import PrepareReport, SlotCounts
from openviber_app.services import bindings, prepare_reports
from openviber_app.services.bindings import BindingDraft
from openviber_app.services.runtime import Runtime
from openviber_app.store.tables import Binding, Command, Environment, LogChunk, Node, Prepare
from tests.support.board import People
from tests.support.mapped import (
    GITHUB,
    MappedEnvironment,
    add_environment,
    claimed_node,
    map_environment,
)
from tests.support.workbench import add_prepare, make_bench


async def _commands(runtime: Runtime) -> list[tuple[str, str]]:
    async with runtime.store.read() as db:
        rows = (await db.execute(sa.select(Command).order_by(col(Command.id)))).scalars()
        return [(row.type, row.status) for row in rows]


async def _ready(runtime: Runtime, mapped: MappedEnvironment, *, spare: int = 0) -> None:
    """Let the first prepare succeed."""
    report = PrepareReport(
        binding_id=mapped.binding.id,
        prepare_id=mapped.prepare.id,
        status="ready",
        slots=SlotCounts(mapped.binding.id, ready=spare or 1, claimed=0),
    )
    async with runtime.store.write() as db:
        await prepare_reports.apply_report(
            db, node_id=mapped.node.id, report=report, now=runtime.clock.now()
        )


async def test_mapping_twice_uses_the_same_binding_and_joins_its_prepare(
    runtime: Runtime, people: People
) -> None:
    mapped = await map_environment(runtime, people.alice)
    draft = BindingDraft(node_id=mapped.node.id)
    again = await bindings.map_to_node(
        runtime, people.alice.actor, environment_id=mapped.environment.id, draft=draft
    )
    assert again.queued.joined
    assert again.queued.prepare.id == mapped.prepare.id
    assert again.mapping.binding.id == mapped.binding.id
    assert await _commands(runtime) == [("environment:prepare", "pending")]


async def test_another_way_of_mapping_has_to_wait_for_the_prepare(
    runtime: Runtime, people: People
) -> None:
    mapped = await map_environment(runtime, people.alice, **GITHUB)
    draft = BindingDraft(mapped.node.id, strategy="existing_path", existing_path="/src/library")
    asked = {"environment_id": mapped.environment.id, "draft": draft}
    with pytest.raises(ConflictError, match="cancel that first"):
        await bindings.map_to_node(runtime, people.alice.actor, **asked)
    await _ready(runtime, mapped)
    again = await bindings.map_to_node(runtime, people.alice.actor, **asked)
    assert again.mapping.binding.strategy == "existing_path"
    assert not again.queued.joined


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"strategy": "existing_path"}, "/existingPath"),
        ({"strategy": "existing_path", "existing_path": "relative/path"}, "/existingPath"),
        ({"strategy": "existing_path", "existing_path": "/a\0b"}, "/existingPath"),
        ({"strategy": "auto_clone", "existing_path": "/src"}, "/existingPath"),
    ],
)
async def test_a_path_that_cannot_be_one_is_refused(
    runtime: Runtime, people: People, changes: dict[str, Any], pointer: str
) -> None:
    node = await claimed_node(runtime, people.alice)
    environment = await add_environment(runtime, people.alice, **GITHUB)
    with pytest.raises(InvalidInputError) as refused:
        await bindings.map_to_node(
            runtime,
            people.alice.actor,
            environment_id=environment.id,
            draft=BindingDraft(node.id, **changes),
        )
    assert [p.pointer for p in refused.value.problems] == [pointer]
    assert await _commands(runtime) == []


async def test_a_node_that_cannot_do_it_or_is_not_there_yet_says_so(
    runtime: Runtime, people: People
) -> None:
    node = await claimed_node(runtime, people.alice)
    environment = await add_environment(runtime, people.alice, network_access=False)
    asked = {"environment_id": environment.id, "draft": BindingDraft(node.id)}
    with pytest.raises(ConflictError, match="network access off"):
        await bindings.map_to_node(runtime, people.alice.actor, **asked)
    async with runtime.store.write() as db:
        (await db.get_one(Node, node.id)).claimed_at = None
    with pytest.raises(ConflictError, match="not been onboarded"):
        await bindings.map_to_node(runtime, people.alice.actor, **asked)


async def test_neither_end_may_be_somebody_elses(runtime: Runtime, people: People) -> None:
    ours = await map_environment(runtime, people.alice)
    theirs = await map_environment(runtime, people.bob)
    for environment, node, noun in [
        (ours.environment, theirs.node, "node"),
        (theirs.environment, ours.node, "environment"),
    ]:
        with pytest.raises(NotFoundError, match=f"no such {noun}"):
            await bindings.map_to_node(
                runtime,
                people.alice.actor,
                environment_id=environment.id,
                draft=BindingDraft(node.id),
            )


async def test_unmapping_withdraws_what_was_asked_and_tells_the_node(
    runtime: Runtime, people: People
) -> None:
    mapped = await map_environment(runtime, people.alice)
    await bindings.unmap(runtime, people.alice.actor, binding_id=mapped.binding.id)
    assert await _commands(runtime) == [
        ("environment:prepare", "withdrawn"),
        ("environment:sync", "pending"),
    ]
    async with runtime.store.read() as db:
        environment = await db.get_one(Environment, mapped.environment.id)
        assert environment.default_binding_id is None
        assert await db.get(Prepare, mapped.prepare.id) is None
        assert await db.get(Binding, mapped.binding.id) is None


async def test_who_watches_the_log_of_an_unmapped_prepare_hears_of_it(
    runtime: Runtime, people: People
) -> None:
    mapped = await map_environment(runtime, people.alice)
    with runtime.bus.listening(f"log:{mapped.prepare.id}") as listener:
        await bindings.unmap(runtime, people.alice.actor, binding_id=mapped.binding.id)
        assert listener.wake.is_set()


async def test_unmapping_takes_the_logs_of_every_attempt_along(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    others = await make_bench(runtime, people.bob.actor)
    for mine in (bench, others):
        prepare = await add_prepare(runtime, mine.binding)
        run = await mine.run_of(await mine.say())
        await mine.end(run)
        for execution_id in (prepare.id, run.id):
            await mine.log(execution_id, b"words\n", offset=0)
    await bindings.unmap(runtime, people.alice.actor, binding_id=bench.binding.id)
    async with runtime.store.read() as db:
        kept = (await db.execute(sa.select(col(LogChunk.execution_id)))).scalars().all()
    assert len(kept) == 3  # the run's own, which the thread shows, and both of the other person
    assert prepare.id in kept


async def test_unmapping_cancels_what_the_node_already_does(
    runtime: Runtime, people: People
) -> None:
    mapped = await map_environment(runtime, people.alice)
    async with runtime.store.write() as db:
        command = await db.get_one(Command, mapped.prepare.command_id)
        command.status, command.sent_at = "accepted", runtime.clock.now()
    await bindings.unmap(runtime, people.alice.actor, binding_id=mapped.binding.id)
    assert [kind for kind, _ in await _commands(runtime)] == [
        "environment:prepare",
        "environment:cancel",
        "environment:sync",
    ]


async def test_the_default_moves_to_a_binding_that_is_left(
    runtime: Runtime, people: People
) -> None:
    mapped = await map_environment(runtime, people.alice)
    second = await claimed_node(runtime, people.alice, name="studio-02")
    other = await bindings.map_to_node(
        runtime,
        people.alice.actor,
        environment_id=mapped.environment.id,
        draft=BindingDraft(second.id),
    )
    assert other.mapping.environment.default_binding_id == mapped.binding.id
    await bindings.unmap(runtime, people.alice.actor, binding_id=mapped.binding.id)
    async with runtime.store.read() as db:
        environment = await db.get_one(Environment, mapped.environment.id)
        assert environment.default_binding_id == other.mapping.binding.id


async def test_all_bindings_of_an_environment_go_together(runtime: Runtime, people: People) -> None:
    mapped = await map_environment(runtime, people.alice)
    kept = await map_environment(runtime, people.bob)
    async with runtime.store.write() as db:
        moved = await bindings.remove_all_for_environment(
            db, environment_id=mapped.environment.id, now=runtime.clock.now()
        )
    assert f"outbox:{mapped.node.id}" in [advance.topic for advance in moved]
    async with runtime.store.read() as db:
        left = (await db.execute(sa.select(col(Binding.id)))).scalars().all()
    assert left == [kept.binding.id]
