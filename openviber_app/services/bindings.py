"""Bindings: an environment mapped to a node."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from openviber_app.domain.actors import Actor
from openviber_app.domain.errors import ConflictError, InvalidInputError, NotFoundError, Problem
from openviber_app.domain.fitness import Needs, closed_reasons, unfit_reasons
from openviber_app.domain.ids import new_id
from openviber_app.domain.reports import Advance
from openviber_app.domain.sharing import Right
from openviber_app.domain.statuses import BindingStatus, CommandStatus, advance
from openviber_app.services import node_config
from openviber_app.services.access import require_right, tell_watchers
from openviber_app.services.audit import Deed, Target, record
from openviber_app.services.prepare_queue import Queued, outbox, queue_prepare
from openviber_app.services.runtime import Runtime
from openviber_app.store import bindings, commands, nodes, prepares
from openviber_app.store.bindings import Mapping
from openviber_app.store.tables import Binding, Environment, Node, Prepare

MAX_PATH = 4096

RECENT = 20
"""Attempts that are looked through for one that has not ended; there are two at most."""


@dataclass(frozen=True, slots=True)
class BindingDraft:
    """What a person chooses when mapping an environment to a node."""

    node_id: UUID
    strategy: str = "auto_clone"
    existing_path: str = ""
    fast_forward: bool = False


@dataclass(frozen=True, slots=True)
class Mapped:
    """A binding with its ends, and the attempt that was queued or joined for it."""

    mapping: Mapping
    queued: Queued


def _check_draft(draft: BindingDraft, environment: Environment) -> None:
    problems: list[Problem] = []
    path = draft.existing_path
    if draft.strategy == "existing_path":
        if environment.type == "manual":
            problems.append(
                Problem("/strategy", "a manual environment has its own folder; use auto_clone")
            )
        if not path and not environment.local_path:
            problems.append(Problem("/existingPath", "say which path on the node to use"))
        if path and not path.startswith(("/", "~/")):
            problems.append(Problem("/existingPath", "the path must start with / or ~/"))
        if "\0" in path or len(path) > MAX_PATH:
            problems.append(Problem("/existingPath", "this is not a path"))
    elif path:
        problems.append(Problem("/existingPath", "only the strategy existing_path takes a path"))
    if problems:
        raise InvalidInputError(problems)


def needs_of(environment: Environment) -> Needs:
    """Return what an environment asks of a node."""
    return Needs(
        type=environment.type,
        container_image=environment.container_image,
        network_access=environment.network_access,
    )


def _check_node(environment: Environment, node: Node) -> None:
    if node.claimed_at is None:
        raise ConflictError(
            f"{node.name} has not been onboarded yet; run its one-time command first"
        )
    closed = closed_reasons(
        node=node.name,
        is_drained=node.drained_at is not None,
        is_revoked=node.revoked_at is not None,
    )
    needs = needs_of(environment)
    if reasons := closed or unfit_reasons(needs, node.capabilities, node=node.name):
        raise ConflictError("; ".join(reasons))


async def map_to_node(
    runtime: Runtime, actor: Actor, *, environment_id: UUID, draft: BindingDraft
) -> Mapped:
    """Map an environment to a node, or use the mapping it has; queue its prepare.

    Raises:
        NotFoundError: the environment or the node is not there.
        InvalidInputError: the path cannot be taken.
        ConflictError: the node cannot do what the environment needs, or prepares it another way.
    """
    now = runtime.clock.now()
    async with runtime.store.write() as db:
        await require_right(db, actor, environment_id=environment_id, right=Right.MAP)
        environment = await db.get_one(Environment, environment_id)
        _check_draft(draft, environment)
        node = await nodes.find_node(db, user_id=actor.user_id, node_id=draft.node_id)
        if node is None:
            raise NotFoundError("node")
        _check_node(environment, node)
        binding = await _get_or_add(db, environment, node, draft=draft, now=now)
        mapping = Mapping(binding, environment, node)
        queued = await queue_prepare(db, mapping, fast_forward=draft.fast_forward, now=now)
        record(runtime, db, _deed("binding.mapped", actor, mapping))
        moved = await tell_watchers(db, environment.id)
    runtime.announce([Advance(f"outbox:{node.id}"), *moved])
    return Mapped(mapping, queued)


async def _get_or_add(
    db: AsyncSession, environment: Environment, node: Node, *, draft: BindingDraft, now: datetime
) -> Binding:
    binding = await bindings.find_mapping_between(
        db, environment_id=environment.id, node_id=node.id
    )
    if binding is None:
        binding = Binding(
            environment_id=environment.id,
            node_id=node.id,
            strategy=draft.strategy,
            existing_path=draft.existing_path,
            status=BindingStatus.PENDING,
            created_at=now,
        )
        db.add(binding)
        await db.flush()
        if environment.default_binding_id is None:
            environment.default_binding_id = binding.id
        return binding
    wanted = (draft.strategy, draft.existing_path)
    if wanted != (binding.strategy, binding.existing_path):
        if await prepares.find_open(db, binding_id=binding.id) is not None:
            raise ConflictError(
                f"{node.name} is preparing this environment in another way; cancel that first"
            )
        if await bindings.list_open_runs(db, binding_id=binding.id):
            raise ConflictError(
                f"runs are going on in this environment on {node.name}; stop them first"
            )
        binding.strategy, binding.existing_path = wanted
        binding.fingerprint = {}
    return binding


async def prepare_again(
    runtime: Runtime, actor: Actor, *, binding_id: UUID, force: bool, fast_forward: bool
) -> Mapped:
    """Queue another prepare of a binding, or join the one that is under way.

    Raises:
        NotFoundError: no such binding.
        ConflictError: the node can no longer do what the environment needs.
    """
    now = runtime.clock.now()
    async with runtime.store.write() as db:
        mapping = await bindings.find_mapping(db, user_id=actor.user_id, binding_id=binding_id)
        if mapping is None:
            raise NotFoundError("binding")
        await _require(db, actor, mapping, right=Right.PREPARE)
        _check_node(mapping.environment, mapping.node)
        queued = await queue_prepare(db, mapping, force=force, fast_forward=fast_forward, now=now)
        moved = await tell_watchers(db, mapping.environment.id)
    runtime.announce([Advance(f"outbox:{mapping.node.id}"), *moved])
    return Mapped(mapping, queued)


async def get_binding(
    runtime: Runtime, actor: Actor, *, binding_id: UUID
) -> tuple[Mapping, Prepare | None]:
    """Return a binding with its last whole prepare.

    Raises:
        NotFoundError: no such binding.
    """
    async with runtime.store.read() as db:
        mapping = await bindings.find_mapping(db, user_id=actor.user_id, binding_id=binding_id)
        if mapping is None:
            raise NotFoundError("binding")
        return mapping, await prepares.find_last(db, binding_id=binding_id, kind="prepare")


async def list_bindings(
    runtime: Runtime, actor: Actor, *, environment_id: UUID
) -> list[tuple[Mapping, Prepare | None]]:
    """Return an environment's bindings, each with its last whole prepare.

    Raises:
        NotFoundError: no such environment.
    """
    async with runtime.store.read() as db:
        environment = await bindings.find_environment(
            db, user_id=actor.user_id, environment_id=environment_id
        )
        if environment is None:
            raise NotFoundError("environment")
        mappings = await bindings.list_of_environment(db, environment_id=environment_id)
        return [
            (m, await prepares.find_last(db, binding_id=m.binding.id, kind="prepare"))
            for m in mappings
        ]


async def unmap(runtime: Runtime, actor: Actor, *, binding_id: UUID) -> None:
    """Take an environment off a node; a prepare that is under way there is cancelled.

    Raises:
        NotFoundError: no such binding.
        ConflictError: runs are going on there.
    """
    now = runtime.clock.now()
    async with runtime.store.write() as db:
        mapping = await bindings.find_mapping(db, user_id=actor.user_id, binding_id=binding_id)
        if mapping is None:
            raise NotFoundError("binding")
        await _require(db, actor, mapping, right=Right.MAP)
        await _require_no_runs(db, mapping)
        moved = await remove(db, mapping, now=now)
        record(runtime, db, _deed("binding.unmapped", actor, mapping))
    runtime.announce(moved)


async def _require(db: AsyncSession, actor: Actor, mapping: Mapping, *, right: Right) -> None:
    environment_id = mapping.environment.id
    await require_right(db, actor, environment_id=environment_id, right=right, noun="binding")


def _deed(action: str, actor: Actor, mapping: Mapping) -> Deed:
    environment, node = mapping.environment, mapping.node
    return Deed(
        action=action,
        target=Target(kind="binding", id=mapping.binding.id, name=environment.name),
        actor=actor,
        facts={
            "environment": environment.name,
            "environmentId": str(environment.id),
            "node": node.name,
            "nodeId": str(node.id),
        },
    )


async def _require_no_runs(db: AsyncSession, mapping: Mapping) -> None:
    if running := await bindings.list_open_runs(db, binding_id=mapping.binding.id):
        raise ConflictError(
            f"{len(running)} run(s) of this environment on {mapping.node.name} have not ended;"
            " stop them first"
        )


async def remove_all_for_environment(
    db: AsyncSession, *, environment_id: UUID, now: datetime
) -> list[Advance]:
    """Take an environment off all its nodes, before its row goes; cancels prepares.

    Raises:
        ConflictError: runs are going on.
    """
    moved: list[Advance] = []
    mappings = await bindings.list_of_environment(db, environment_id=environment_id)
    for mapping in mappings:
        await _require_no_runs(db, mapping)
    for mapping in mappings:
        moved += await remove(db, mapping, now=now)
    return moved


async def remove(db: AsyncSession, mapping: Mapping, *, now: datetime) -> list[Advance]:
    """Delete a binding: what was asked of the node for it is withdrawn, and the node is told."""
    binding, environment, node = mapping.binding, mapping.environment, mapping.node
    for command in await commands.list_open_for_binding(db, node_id=node.id, binding_id=binding.id):
        command.status = advance(CommandStatus(command.status), CommandStatus.WITHDRAWN)
    watched = await _stop_prepares(db, mapping, now=now)
    await prepares.delete_logs(db, binding_id=binding.id)
    await bindings.forget_in_threads(db, binding_id=binding.id)
    if environment.default_binding_id == binding.id:
        environment.default_binding_id = await _next_default(db, environment, gone=binding.id)
    await db.delete(binding)
    await db.flush()
    sync = await node_config.queue_sync(db, node_id=node.id, now=now)
    return [outbox(sync), *await tell_watchers(db, environment.id), *watched]


async def _stop_prepares(db: AsyncSession, mapping: Mapping, *, now: datetime) -> list[Advance]:
    """Call off what goes on; returns the logs that somebody may be watching."""
    recent = await prepares.list_of_binding(db, binding_id=mapping.binding.id, limit=RECENT)
    for prepare in recent:
        command = await commands.find_command(db, command_id=prepare.command_id)
        never_sent = command is None or command.sent_at is None
        if prepare.status not in nodes.OPEN_PREPARES or never_sent:
            continue
        commands.add_command(
            db,
            command_id=new_id(),
            node_id=mapping.node.id,
            type="environment:cancel",
            attempt=1,
            payload={"prepare_id": str(prepare.id), "reason": "cancelled"},
            now=now,
        )
    return [Advance(f"log:{prepare.id}") for prepare in recent]


async def _next_default(db: AsyncSession, environment: Environment, *, gone: UUID) -> UUID | None:
    others = [
        m.binding
        for m in await bindings.list_of_environment(db, environment_id=environment.id)
        if m.binding.id != gone
    ]
    ready = [b for b in others if b.status == BindingStatus.READY]
    return next((b.id for b in ready + others), None)
