"""A node is drained, resumed and revoked, and everything that hangs on it follows."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import select

from openviber_app.domain.draft_values import SecretChange
from openviber_app.domain.errors import ConflictError, NotFoundError, RevokedNodeError
from openviber_app.domain.ids import new_id
from openviber_app.domain.reports import PrepareReport, SlotCounts
from openviber_app.domain.secret import Secret
from openviber_app.services import (
    bindings,
    fits,
    links,
    messages,
    node_standing,
    nodes,
    prepare_reports,
    slots,
    threads,
)
from openviber_app.services.runtime import Runtime
from openviber_app.store.tables import (
    Binding,
    Command,
    EnvironmentSecret,
    Node,
    Prepare,
    Run,
    Thread,
)
from openviber_app.store.trust_tables import AuditEvent, SecretDelivery
from tests.support.board import People
from tests.support.mapped import (
    GITHUB,
    MappedEnvironment,
    add_environment,
    claimed_node,
    map_environment,
)

SECRETS = (
    SecretChange(key="API_KEY", value=Secret("canary-one")),
    SecretChange(key="OTHER", value=Secret("canary-two")),
)


@dataclass
class Rows:
    """What of an environment on a node can be seen in the database."""

    node: Node
    binding: Binding
    commands: list[Command]
    runs: list[Run]
    audit: list[AuditEvent]


async def rows(runtime: Runtime, mapped: MappedEnvironment) -> Rows:
    async with runtime.store.read() as db:
        return Rows(
            await db.get_one(Node, mapped.node.id),
            await db.get_one(Binding, mapped.binding.id),
            list((await db.execute(select(Command))).scalars()),
            list((await db.execute(select(Run))).scalars()),
            list((await db.execute(select(AuditEvent))).scalars()),
        )


async def make_ready(runtime: Runtime, mapped: MappedEnvironment) -> None:
    report = PrepareReport(
        binding_id=mapped.binding.id,
        prepare_id=mapped.prepare.id,
        status="ready",
        slots=SlotCounts(mapped.binding.id, ready=1, claimed=0),
    )
    async with runtime.store.write() as db:
        command = await db.get_one(Command, mapped.prepare.command_id)
        command.status = "accepted"
        await prepare_reports.apply_report(
            db, node_id=mapped.node.id, report=report, now=runtime.clock.now()
        )


async def say(runtime: Runtime, people: People, mapped: MappedEnvironment) -> Thread:
    view = await threads.create_thread(
        runtime, people.alice.actor, environment_id=mapped.environment.id, title="work"
    )
    await messages.submit(runtime, people.alice.actor, thread_id=view.id, text="make test")
    async with runtime.store.read() as db:
        return await db.get_one(Thread, view.id)


async def deliver(runtime: Runtime, mapped: MappedEnvironment) -> None:
    """Write down that the node was sent both secrets."""
    now = runtime.clock.now()
    async with runtime.store.write() as db:
        for secret in (await db.execute(select(EnvironmentSecret))).scalars().all():
            db.add(
                SecretDelivery(
                    node_id=mapped.node.id,
                    environment_id=mapped.environment.id,
                    secret_id=secret.id,
                    key=secret.key,
                    version=secret.version,
                    command_id=new_id(),
                    first_at=now,
                    last_at=now,
                )
            )


async def test_a_revoked_node_loses_its_token_its_commands_its_bindings_and_its_runs(
    runtime: Runtime, people: People
) -> None:
    mapped = await map_environment(runtime, people.alice, secrets=SECRETS)
    await make_ready(runtime, mapped)
    await say(runtime, people, mapped)
    await say(runtime, people, mapped)
    await deliver(runtime, mapped)
    token = f"ov_node_{mapped.node.name}_Alice"
    assert (await nodes.get_node_by_token(runtime, token)).id == mapped.node.id
    revoked = await node_standing.revoke(
        runtime, people.alice.actor, node_id=mapped.node.id, client="10.0.0.9"
    )
    assert revoked.node.link == "revoked"
    assert [(s.environment, s.key, s.version, s.is_open) for s in revoked.seen] == [
        ("library", "API_KEY", 1, True),
        ("library", "OTHER", 1, True),
    ]
    with pytest.raises(RevokedNodeError, match="studio-01 was revoked"):
        await nodes.get_node_by_token(runtime, token)
    seen = await rows(runtime, mapped)
    assert {c.status for c in seen.commands} <= {"withdrawn", "accepted"}
    assert (seen.binding.status, seen.binding.stale_reasons) == ("stale", ["node revoked"])
    assert [run.status for run in seen.runs] == ["lost", "lost"]
    (deed,) = [row for row in seen.audit if row.action == "node.revoked"]
    assert (deed.actor_name, deed.target_name, deed.client) == ("Alice", "studio-01", "10.0.0.9")
    assert deed.facts == {"secrets_to_rotate": ["library/API_KEY", "library/OTHER"]}


@pytest.mark.parametrize("is_taken", [False, True])
async def test_a_prepare_that_goes_on_there_ends_with_the_reason(
    runtime: Runtime, people: People, *, is_taken: bool
) -> None:
    mapped = await map_environment(runtime, people.alice)
    if is_taken:
        async with runtime.store.write() as db:
            (await db.get_one(Prepare, mapped.prepare.id)).status = "running"
    await node_standing.revoke(runtime, people.alice.actor, node_id=mapped.node.id)
    seen = await rows(runtime, mapped)
    assert (seen.binding.status, seen.binding.last_error) == ("error", "studio-01 was revoked")
    async with runtime.store.read() as db:
        prepare = await db.get_one(Prepare, mapped.prepare.id)
    assert prepare.status == ("lost" if is_taken else "cancelled")
    assert {c.status for c in seen.commands} == {"withdrawn"}


async def test_nothing_is_placed_on_a_revoked_node_any_more(
    runtime: Runtime, people: People
) -> None:
    mapped = await map_environment(runtime, people.alice)
    await make_ready(runtime, mapped)
    actor = people.alice.actor
    await node_standing.revoke(runtime, actor, node_id=mapped.node.id)
    before = len((await rows(runtime, mapped)).commands)
    with pytest.raises(ConflictError, match="was revoked; map the environment"):
        await say(runtime, people, mapped)
    with pytest.raises(ConflictError, match="was revoked"):
        await bindings.prepare_again(
            runtime, actor, binding_id=mapped.binding.id, force=False, fast_forward=False
        )
    found = await fits.list_fits(runtime, actor, environment_id=mapped.environment.id)
    assert "was revoked" in found.fits[0].issues[0]
    assert len((await rows(runtime, mapped)).commands) == before
    for deed in (node_standing.drain, node_standing.resume):
        with pytest.raises(ConflictError, match="was revoked"):
            await deed(runtime, actor, node_id=mapped.node.id)


async def test_revoking_twice_is_one_deed_and_tells_what_was_rotated_since(
    runtime: Runtime, people: People
) -> None:
    mapped = await map_environment(runtime, people.alice, secrets=SECRETS)
    await deliver(runtime, mapped)
    await node_standing.revoke(runtime, people.alice.actor, node_id=mapped.node.id)
    async with runtime.store.write() as db:
        await db.execute(
            sa.update(EnvironmentSecret).where(sa.column("key") == "API_KEY").values(version=2)
        )
    again = await node_standing.revoke(runtime, people.alice.actor, node_id=mapped.node.id)
    assert [(s.key, s.is_open) for s in again.seen] == [("OTHER", True), ("API_KEY", False)]
    assert [r.action for r in (await rows(runtime, mapped)).audit].count("node.revoked") == 1


async def test_only_its_owner_says_anything_of_a_node(runtime: Runtime, people: People) -> None:
    mapped = await map_environment(runtime, people.alice)
    deeds = (
        node_standing.revoke,
        node_standing.drain,
        node_standing.resume,
        node_standing.settle_identity,
    )
    for deed in deeds:
        with pytest.raises(NotFoundError):
            await deed(runtime, people.bob.actor, node_id=mapped.node.id)
    made = await nodes.make_token(runtime, people.alice.actor, name="attic")
    for deed in deeds[:3]:
        with pytest.raises(ConflictError, match="never set up"):
            await deed(runtime, people.alice.actor, node_id=made.node_id)


async def test_a_drained_node_gets_nothing_new_and_says_so_until_it_is_resumed(
    runtime: Runtime, people: People
) -> None:
    actor = people.alice.actor
    mapped = await map_environment(runtime, people.alice, **GITHUB)
    await make_ready(runtime, mapped)
    drained = await node_standing.drain(runtime, actor, node_id=mapped.node.id)
    assert drained.drained_at is not None
    before = len((await rows(runtime, mapped)).commands)
    thread = await say(runtime, people, mapped)
    view = await threads.get_thread(runtime, actor, thread_id=thread.id)
    assert view.waits_for == "studio-01, which is drained: it takes no new work until it is resumed"
    async with runtime.store.write() as db:
        counts = SlotCounts(mapped.binding.id, ready=0, claimed=1)
        await slots.apply_slots(db, node_id=mapped.node.id, slots=counts, now=runtime.clock.now())
    other = await add_environment(runtime, people.alice, name="another")
    with pytest.raises(ConflictError, match="studio-01 is drained and takes no new work"):
        await bindings.map_to_node(
            runtime,
            actor,
            environment_id=other.id,
            draft=bindings.BindingDraft(node_id=mapped.node.id),
        )
    found = await fits.list_fits(runtime, actor, environment_id=other.id)
    assert "is drained" in found.fits[0].issues[0]
    assert not found.fits[0].is_best
    assert len((await rows(runtime, mapped)).commands) == before

    await node_standing.resume(runtime, actor, node_id=mapped.node.id)
    seen = await rows(runtime, mapped)
    assert [run.status for run in seen.runs] == ["queued"]
    assert sorted(c.type for c in seen.commands[before:]) == [
        "environment:prepare",
        "thread:submit",
    ]
    actions = [row.action for row in seen.audit]
    assert [a for a in actions if a in {"node.drained", "node.resumed"}] == [
        "node.drained",
        "node.resumed",
    ]


async def test_the_warning_of_a_second_daemon_goes_by_a_word_or_by_itself(
    runtime: Runtime, people: People
) -> None:
    node = await claimed_node(runtime, people.alice)

    async def fenced_at() -> object:
        view = await nodes.get_node(runtime, people.alice.actor, node_id=node.id)
        return view.fenced_at

    await links.fence(runtime, node_id=node.id)
    assert await fenced_at() is not None
    await node_standing.settle_identity(runtime, people.alice.actor, node_id=node.id)
    assert await fenced_at() is None
    await links.fence(runtime, node_id=node.id)
    for later, is_there in ((timedelta(minutes=50), True), (timedelta(minutes=70), False)):
        async with runtime.store.write() as db:
            at = runtime.clock.now() + later
            await links.heard(db, node_id=node.id, load={}, at=at)
        assert (await fenced_at() is not None) == is_there
