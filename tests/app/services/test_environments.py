from contextlib import ExitStack
from dataclasses import replace
from uuid import UUID

import pytest
import sqlalchemy as sa

from openviber_app.domain.draft_values import VariableDraft
from openviber_app.domain.drafts import SetupMode
from openviber_app.domain.errors import ConflictError, InvalidInputError, NotFoundError
from openviber_app.domain.ids import new_id
from openviber_app.services import environments
from openviber_app.services.runtime import Runtime
from openviber_app.store.tables import (
    Binding,
    Command,
    Environment,
    EnvironmentVar,
    LogChunk,
    Message,
    Prepare,
    Run,
    Thread,
)
from tests.support.board import People
from tests.support.environments import add_node, add_ready_binding, github_draft, secret


async def _mapped(
    runtime: Runtime, people: People, *, status: str = "ready", connected: bool = True
) -> tuple[UUID, Binding]:
    alice = people.alice.actor
    view = await environments.create_environment(
        runtime,
        alice,
        github_draft(
            variables=(VariableDraft("FOO", "1"),), secrets=(secret("TOKEN", "hunter2-secret"),)
        ),
    )
    node = await add_node(runtime, user_id=alice.user_id, connected=connected)
    binding = await add_ready_binding(
        runtime, environment_id=view.row.id, node_id=node.id, status=status
    )
    return view.row.id, binding


async def _binding(runtime: Runtime, binding: Binding) -> Binding:
    async with runtime.store.read() as db:
        return await db.get_one(Binding, binding.id)


async def _count(runtime: Runtime, table: type) -> int:
    async with runtime.store.read() as db:
        return (await db.execute(sa.select(sa.func.count()).select_from(table))).scalar_one()


async def test_what_is_created_is_shown_to_its_owner_only(runtime: Runtime, people: People) -> None:
    draft = github_draft(variables=(VariableDraft("B", "2"), VariableDraft("A", "1")))
    made = await environments.create_environment(runtime, people.alice.actor, draft)
    shown = await environments.get_environment(
        runtime, people.alice.actor, environment_id=made.row.id
    )
    assert shown.row.repo_name == "requests"
    assert [item.key for item in shown.variables] == ["B", "A"]
    assert shown.state.pill == "Unmapped"
    with pytest.raises(NotFoundError):
        await environments.get_environment(runtime, people.bob.actor, environment_id=made.row.id)
    listed = await environments.list_environments(runtime, people.alice.actor)
    assert [row.id for row, _ in listed] == [made.row.id]
    assert await environments.list_environments(runtime, people.bob.actor) == []


async def test_a_bad_draft_stores_nothing(runtime: Runtime, people: People) -> None:
    bad = github_draft(
        variables=(VariableDraft("FOO", "1"), VariableDraft("FOO", "2")),
        secrets=(secret("TOKEN", "hunter2-secret"),),
    )
    with pytest.raises(InvalidInputError):
        await environments.create_environment(runtime, people.alice.actor, bad)
    assert await _count(runtime, Environment) == 0
    assert await _count(runtime, EnvironmentVar) == 0


async def test_a_save_replaces_every_plain_field_and_all_variables(
    runtime: Runtime, people: People
) -> None:
    environment_id, _ = await _mapped(runtime, people)
    draft = replace(
        github_draft(name="New", variables=(VariableDraft("BAR", "2"),)), description="d"
    )
    saved = await environments.save_environment(
        runtime, people.alice.actor, environment_id=environment_id, draft=draft
    )
    assert (saved.row.name, saved.row.description, saved.row.version) == ("New", "d", 2)
    assert [(item.key, item.value) for item in saved.variables] == [("BAR", "2")]
    assert [item.key for item in saved.secrets] == ["TOKEN"]


async def test_a_save_over_somebody_elses_save_is_refused(runtime: Runtime, people: People) -> None:
    environment_id, _ = await _mapped(runtime, people)
    for version, name in ((1, "First"), (1, "Second"), (2, "Third")):
        saving = environments.save_environment(
            runtime,
            people.alice.actor,
            environment_id=environment_id,
            draft=github_draft(name=name),
            version=version,
        )
        if name == "Second":
            with pytest.raises(ConflictError, match="load it again"):
                await saving
        else:
            assert (await saving).row.name == name


async def test_nobody_else_saves_or_deletes(runtime: Runtime, people: People) -> None:
    environment_id, _ = await _mapped(runtime, people)
    for target in (environment_id, new_id()):
        with pytest.raises(NotFoundError, match="no such environment"):
            await environments.save_environment(
                runtime, people.bob.actor, environment_id=target, draft=github_draft(name="Mine")
            )
        with pytest.raises(NotFoundError, match="no such environment"):
            await environments.delete_environment(runtime, people.bob.actor, environment_id=target)
    view = await environments.get_environment(
        runtime, people.alice.actor, environment_id=environment_id
    )
    assert view.row.name == "Requests"


async def test_a_change_makes_a_ready_binding_stale_and_names_it(
    runtime: Runtime, people: People
) -> None:
    environment_id, binding = await _mapped(runtime, people)
    draft = replace(
        github_draft(
            variables=(VariableDraft("FOO", "2"),), secrets=(secret("TOKEN", "hunter3-secret"),)
        ),
        setup_mode=SetupMode.MANUAL,
        setup_script="make",
    )
    view = await environments.save_environment(
        runtime, people.alice.actor, environment_id=environment_id, draft=draft
    )
    wanted = ["setup mode", "setup script", "secret TOKEN", "variable FOO"]
    stale = await _binding(runtime, binding)
    assert (stale.status, stale.stale_reasons) == ("stale", wanted)
    assert (view.state.pill, list(view.state.stale_reasons)) == ("Stale", wanted)


async def test_a_save_that_changes_nothing_for_the_node_leaves_it_ready(
    runtime: Runtime, people: People
) -> None:
    environment_id, binding = await _mapped(runtime, people)
    draft = github_draft(name="Another name", variables=(VariableDraft("FOO", "1"),))
    await environments.save_environment(
        runtime, people.alice.actor, environment_id=environment_id, draft=draft
    )
    assert (await _binding(runtime, binding)).status == "ready"


@pytest.mark.parametrize("status", ["pending", "preparing", "error"])
async def test_a_binding_that_is_not_ready_is_left_to_its_prepare(
    runtime: Runtime, people: People, status: str
) -> None:
    environment_id, binding = await _mapped(runtime, people, status=status)
    await environments.save_environment(
        runtime, people.alice.actor, environment_id=environment_id, draft=github_draft()
    )
    assert (await _binding(runtime, binding)).status == status


async def test_a_second_change_adds_to_the_reasons_and_keeps_the_nodes_own(
    runtime: Runtime, people: People
) -> None:
    environment_id, binding = await _mapped(runtime, people)
    async with runtime.store.write() as db:
        row = await db.get_one(Binding, binding.id)
        row.status, row.stale_reasons = "stale", ["commit"]
    await environments.save_environment(
        runtime, people.alice.actor, environment_id=environment_id, draft=github_draft()
    )
    assert (await _binding(runtime, binding)).stale_reasons == ["variable FOO", "commit"]


@pytest.mark.parametrize(
    ("status", "connected", "pill", "waits_for"),
    [
        ("pending", False, "Preparing", "studio-01"),
        ("preparing", False, "Preparing", "studio-01"),
        ("preparing", True, "Preparing", ""),
        ("ready", False, "Ready", ""),
        ("error", True, "Error", ""),
    ],
)
async def test_the_pill_comes_from_the_default_binding(
    runtime: Runtime, people: People, status: str, *, connected: bool, pill: str, waits_for: str
) -> None:
    environment_id, _ = await _mapped(runtime, people, status=status, connected=connected)
    ((row, state),) = await environments.list_environments(runtime, people.alice.actor)
    assert row.id == environment_id
    assert (state.pill, state.waits_for) == (pill, waits_for)


async def test_deleting_takes_threads_logs_and_bindings_and_tells_the_node(
    runtime: Runtime, people: People
) -> None:
    environment_id, binding = await _mapped(runtime, people)
    now, alice = runtime.clock.now(), people.alice.actor
    prepare = Prepare(
        binding_id=binding.id, command_id=new_id(), attempt=1, status="succeeded", created_at=now
    )
    thread = Thread(
        user_id=alice.user_id,
        environment_id=environment_id,
        title="T",
        last_message_at=now,
        created_at=now,
        updated_at=now,
    )
    message = Message(thread_id=thread.id, text="ls", created_at=now)
    run = Run(
        thread_id=thread.id,
        message_id=message.id,
        binding_id=binding.id,
        command_id=new_id(),
        status="completed",
        created_at=now,
    )
    others = new_id()
    async with runtime.store.write() as db:
        for row in (prepare, thread, message, run):
            db.add(row)
            await db.flush()
        for execution_id in (prepare.id, run.id, others):
            db.add(LogChunk(execution_id=execution_id, offset=0, data=b"x\n"))
    async with runtime.store.write() as db:
        (await db.get_one(Thread, thread.id)).last_run_id = run.id
    topics = (f"user:{alice.user_id}", f"timeline:{thread.id}", f"log:{run.id}")
    with ExitStack() as stack:
        listeners = [stack.enter_context(runtime.bus.listening(topic)) for topic in topics]
        await environments.delete_environment(runtime, alice, environment_id=environment_id)
        assert all(listener.wake.is_set() for listener in listeners)
    for table in (Environment, Binding, Thread, Message, Run, Prepare):
        assert await _count(runtime, table) == 0
    async with runtime.store.read() as db:
        left = (await db.execute(sa.select(LogChunk))).scalars().all()
        commands = (await db.execute(sa.select(Command))).scalars().all()
    assert [chunk.execution_id for chunk in left] == [others]
    assert [command.type for command in commands] == ["environment:sync"]


async def test_a_deletion_waits_for_runs_and_says_so(runtime: Runtime, people: People) -> None:
    environment_id, binding = await _mapped(runtime, people)
    now, alice = runtime.clock.now(), people.alice.actor
    thread = Thread(
        user_id=alice.user_id,
        environment_id=environment_id,
        title="T",
        last_message_at=now,
        created_at=now,
        updated_at=now,
    )
    message = Message(thread_id=thread.id, text="ls", created_at=now)
    run = Run(
        thread_id=thread.id,
        message_id=message.id,
        binding_id=binding.id,
        command_id=new_id(),
        status="running",
        created_at=now,
    )
    async with runtime.store.write() as db:
        for row in (thread, message, run):
            db.add(row)
            await db.flush()
        db.add(LogChunk(execution_id=run.id, offset=0, data=b"x\n"))
    with pytest.raises(ConflictError, match="stop them first"):
        await environments.delete_environment(runtime, alice, environment_id=environment_id)
    assert await _count(runtime, LogChunk) == 1
    assert await _count(runtime, Environment) == 1
