"""A person's machines."""

from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import col

from openviber_app.domain.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    NotSignedInError,
)
from openviber_app.services import environments, nodes, threads
from openviber_app.services.runtime import Runtime
from openviber_app.store import nodes as store_nodes
from openviber_app.store.tables import (
    Binding,
    Command,
    Environment,
    LogChunk,
    Node,
    Prepare,
    Run,
    StreamCursor,
)
from openviber_app.vault.tokens import hash_token
from tests.support.audited import deeds
from tests.support.board import People
from tests.support.mapped import claimed_node, map_environment
from tests.support.workbench import add_node, add_prepare, make_bench


async def test_a_name_is_used_again_until_somebody_claims_it(
    runtime: Runtime, people: People
) -> None:
    first = await nodes.make_token(runtime, people.alice.actor, name=" studio-01 ")
    second = await nodes.make_token(runtime, people.alice.actor, name="studio-01")
    assert first.node_id == second.node_id
    assert first.token != second.token
    assert first.token not in repr(first)
    theirs = await nodes.make_token(runtime, people.bob.actor, name="studio-01")
    assert theirs.node_id != first.node_id
    await claimed_node(runtime, people.alice)
    with pytest.raises(ConflictError, match="choose another name"):
        await nodes.make_token(runtime, people.alice.actor, name="studio-01")


async def test_of_two_commands_for_one_node_the_last_one_works(
    runtime: Runtime, people: People
) -> None:
    first = await nodes.make_token(runtime, people.alice.actor, name="studio-01")
    again = await nodes.make_token(runtime, people.alice.actor, name="studio-01")
    last = await nodes.make_another_token(runtime, people.alice.actor, node_id=first.node_id)
    now = runtime.clock.now()
    async with runtime.store.write() as db:
        spend = store_nodes.use_onboard_token
        for old in (first, again):
            assert await spend(db, token_hash=hash_token(old.token), now=now) is None
        assert await spend(db, token_hash=hash_token(last.token), now=now) == first.node_id
    (made,) = await deeds(runtime, "node.token_made")
    assert (made.target_id, made.actor_name) == (first.node_id, "Alice")


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "two\nlines", "bell\a"])
async def test_a_name_that_is_none_is_refused(runtime: Runtime, people: People, name: str) -> None:
    with pytest.raises(InvalidInputError):
        await nodes.make_token(runtime, people.alice.actor, name=name)
    assert await nodes.list_nodes(runtime, people.alice.actor) == []


async def test_a_link_is_waiting_then_unreachable_then_connected(
    runtime: Runtime, people: People
) -> None:
    made = await nodes.make_token(runtime, people.alice.actor, name="studio-01")
    asked = {"node_id": made.node_id}
    assert (await nodes.get_node(runtime, people.alice.actor, **asked)).link == "waiting"
    await claimed_node(runtime, people.alice)
    assert (await nodes.get_node(runtime, people.alice.actor, **asked)).link == "unreachable"
    async with runtime.store.write() as db:
        (await db.get_one(Node, made.node_id)).is_connected = True
    assert (await nodes.get_node(runtime, people.alice.actor, **asked)).link == "connected"


async def test_removing_a_node_takes_its_mappings_along(runtime: Runtime, people: People) -> None:
    mapped = await map_environment(runtime, people.alice)
    with pytest.raises(NotFoundError):
        await nodes.delete_node(runtime, people.bob.actor, node_id=mapped.node.id)
    with runtime.bus.listening(f"outbox:{mapped.node.id}") as listener:
        await nodes.delete_node(runtime, people.alice.actor, node_id=mapped.node.id)
        assert listener.wake.is_set()  # the hub hears of it and closes the socket
    async with runtime.store.read() as db:
        assert await db.get(Binding, mapped.binding.id) is None
        assert await db.get(Node, mapped.node.id) is None
    with pytest.raises(NotSignedInError):
        await nodes.get_node_by_token(runtime, "ov_node_studio-01_Alice")


async def _left_of_logs(runtime: Runtime) -> set[UUID]:
    """Return whose logs are stored, after looking that they belong to something."""
    async with runtime.store.read() as db:
        found = set((await db.execute(sa.select(col(LogChunk.execution_id)))).scalars())
        kept = set((await db.execute(sa.select(col(Run.id)))).scalars())
        kept |= set((await db.execute(sa.select(col(Prepare.id)))).scalars())
    assert found <= kept
    return found


async def test_a_removed_node_leaves_no_row_and_no_open_run_behind(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    prepare = await add_prepare(runtime, bench.binding)
    run = await bench.run_of(await bench.say("first"))
    await bench.deliver(run)
    await bench.start(run)
    await bench.say("second")
    for execution_id in (prepare.id, run.id):
        await bench.log(execution_id, b"words\n", offset=0)
    other = await add_node(runtime, people.alice.actor, name="studio-02")
    async with runtime.store.write() as db:
        for node in (bench.node, other):
            db.add(StreamCursor(node_id=node.id, stream=f"log/{run.id}", next=6))
    await nodes.delete_node(runtime, people.alice.actor, node_id=bench.node.id)
    ended = await bench.reload(run)
    assert (ended.status, ended.reason) == ("lost", "lost")
    assert ended.message == "studio-01 was removed from the board"
    thread = await bench.row()
    assert thread.binding_id is None
    assert await _left_of_logs(runtime) == {run.id}  # the thread's own history stays
    async with runtime.store.read() as db:
        for table in (Binding, Prepare, Command):
            assert (await db.execute(sa.select(table))).all() == []
        cursors = (await db.execute(sa.select(col(StreamCursor.node_id)))).scalars().all()
        assert cursors == [other.id]
        environment = await db.get_one(Environment, bench.environment.id)
        assert environment.default_binding_id is None
    view = await threads.get_thread(runtime, people.alice.actor, thread_id=bench.thread.id)
    assert view.queued_messages == 1  # nothing is lost, and the page says what to do
    assert "map it to a node" in view.waits_for
    await environments.delete_environment(
        runtime, people.alice.actor, environment_id=bench.environment.id
    )
    assert await _left_of_logs(runtime) == set()


async def test_two_nodes_of_one_person_have_two_names(runtime: Runtime, people: People) -> None:
    await claimed_node(runtime, people.alice)
    second = await claimed_node(runtime, people.alice, name="studio-02")
    with pytest.raises(ConflictError):
        await nodes.rename_node(runtime, people.alice.actor, node_id=second.id, name="studio-01")
    renamed = await nodes.rename_node(runtime, people.alice.actor, node_id=second.id, name="attic")
    assert renamed.name == "attic"
