"""Environments: made, shown, saved, deleted by who may."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from openviber_app.domain.actors import Actor
from openviber_app.domain.drafts import EnvironmentDraft, checked
from openviber_app.domain.errors import ConflictError
from openviber_app.domain.fingerprints import changed_parts, config_parts, is_board_part
from openviber_app.domain.pills import Pill, pill_of
from openviber_app.domain.reports import Advance
from openviber_app.domain.secrets import SecretPurpose
from openviber_app.domain.sharing import Access, Right
from openviber_app.domain.statuses import BindingStatus, advance
from openviber_app.services import bindings, environment_deeds, manifests, secrets
from openviber_app.services.access import require_right, tell_watchers
from openviber_app.services.audit import record
from openviber_app.services.environment_deeds import plain_fields
from openviber_app.services.runtime import Runtime
from openviber_app.store import environments, scopes
from openviber_app.store.tables import Binding, Environment, EnvironmentSecret, EnvironmentVar, Node

_WAITING = {BindingStatus.PENDING, BindingStatus.PREPARING}


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How an environment stands, derived from its default binding."""

    pill: Pill
    waits_for: str = ""
    """The offline node that the prepare waits for."""
    error: str = ""
    stale_reasons: tuple[str, ...] = ()
    node: str = ""
    binding_id: UUID | None = None
    prepared_at: datetime | None = None
    access: Access = Access.OWNER
    """What the person who looks may do in it."""
    owner: str = ""
    """Whose it is, by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentView:
    """An environment with what may be shown of it: no value of a secret is in here."""

    row: Environment
    variables: tuple[EnvironmentVar, ...]
    secrets: tuple[EnvironmentSecret, ...]
    state: State


async def create_environment(
    runtime: Runtime, actor: Actor, draft: EnvironmentDraft
) -> EnvironmentView:
    """Store a new environment.

    Raises:
        InvalidInputError: with everything that is wrong; nothing is stored.
    """
    draft = checked(draft, named_hosts=runtime.settings.git_places)
    async with runtime.store.write() as db:
        row = await add_environment(runtime, db, actor, draft)
        view = await _view(db, actor, row)
        moved = await tell_watchers(db, row.id)
    manifests.remember(runtime, view.row)
    runtime.announce(moved)
    return view


async def add_environment(
    runtime: Runtime, db: AsyncSession, actor: Actor, draft: EnvironmentDraft
) -> Environment:
    """Add a checked draft to what a transaction stores."""
    now = runtime.clock.now()
    environment = Environment(
        user_id=actor.user_id,
        name=draft.name,
        type=draft.type,
        created_at=now,
        updated_at=now,
    )
    _copy_plain(draft, environment)
    db.add(environment)
    await db.flush()
    record(runtime, db, environment_deeds.made(actor, environment))
    await _write_values(runtime, db, environment, draft, actor=actor, now=now)
    return environment


async def get_environment(
    runtime: Runtime, actor: Actor, *, environment_id: UUID
) -> EnvironmentView:
    """Return an environment.

    Raises:
        NotFoundError: there is none, or the person may not see it.
    """
    async with runtime.store.read() as db:
        row = await environments.get_environment(
            db, user_id=actor.user_id, environment_id=environment_id
        )
        return await _view(db, actor, row)


async def list_environments(runtime: Runtime, actor: Actor) -> list[tuple[Environment, State]]:
    """Return the environments that a person may see by name, each with how it stands."""
    async with runtime.store.read() as db:
        rows = await environments.list_environments(db, user_id=actor.user_id)
        states = await _states(db, actor, rows)
    return [(row, states[row.id]) for row in rows]


async def save_environment(
    runtime: Runtime,
    actor: Actor,
    *,
    environment_id: UUID,
    draft: EnvironmentDraft,
    version: int | None = None,
) -> EnvironmentView:
    """Replace an environment's plain fields and carry out the changes to its secrets.

    Bindings that were prepared from something else become stale, with the names of what changed.

    Raises:
        NotFoundError: there is none, or the person may not see it.
        ForbiddenError: they may not edit it.
        ConflictError: `version` was given and somebody saved since.
        InvalidInputError: with everything that is wrong; nothing is stored.
    """
    now = runtime.clock.now()
    async with runtime.store.write() as db:
        await require_right(db, actor, environment_id=environment_id, right=Right.EDIT)
        row = await db.get_one(Environment, environment_id)
        if version is not None and version != row.version:
            raise ConflictError(
                f"this environment was saved since you opened it (version {row.version}, yours is "
                f"{version}): load it again and repeat your change"
            )
        sealed = await environments.list_secrets(db, environment_id=row.id)
        draft = checked(
            draft,
            named_hosts=runtime.settings.git_places,
            existing={item.key: SecretPurpose(item.purpose) for item in sealed},
        )
        before = await plain_fields(db, row)
        _copy_plain(draft, row)
        row.version += 1
        row.updated_at = now
        await _write_values(runtime, db, row, draft, actor=actor, now=now)
        after = await plain_fields(db, row)
        record(runtime, db, environment_deeds.saved(actor, row, before=before, after=after))
        await _mark_stale(db, row)
        view = await _view(db, actor, row)
        moved = await tell_watchers(db, row.id)
    manifests.remember(runtime, view.row)
    runtime.announce(moved)
    return view


async def delete_environment(runtime: Runtime, actor: Actor, *, environment_id: UUID) -> None:
    """Delete an environment with its threads; its prepares are cancelled, its nodes are told.

    Raises:
        NotFoundError: there is none, or the person may not see it.
        ForbiddenError: it is not theirs.
        ConflictError: runs are going on; it says where.
    """
    async with runtime.store.write() as db:
        await require_right(db, actor, environment_id=environment_id, right=Right.DELETE)
        row = await db.get_one(Environment, environment_id)
        watchers = await tell_watchers(db, row.id)
        await environments.delete_logs(db, environment_id=row.id)
        gone = [
            Advance(topic)
            for thread_id, run_id in await environments.list_threads(db, environment_id=row.id)
            for topic in (f"timeline:{thread_id}", f"log:{run_id}")
        ]
        moved = await bindings.remove_all_for_environment(
            db, environment_id=row.id, now=runtime.clock.now()
        )
        record(runtime, db, environment_deeds.deleted(actor, row))
        await db.delete(row)
    runtime.announce([*moved, *gone, *watchers])


def _copy_plain(draft: EnvironmentDraft, row: Environment) -> None:
    for field in fields(draft):
        if field.name not in {"variables", "secrets", "metadata"}:
            setattr(row, field.name, getattr(draft, field.name))
    row.metadata_ = draft.metadata


async def _write_values(
    runtime: Runtime,
    db: AsyncSession,
    environment: Environment,
    draft: EnvironmentDraft,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    sealed = await environments.list_secrets(db, environment_id=environment.id)
    before = {item.key: item.version for item in sealed}
    await environments.delete_variables(db, environment_id=environment.id)
    db.add_all(
        EnvironmentVar(environment_id=environment.id, key=item.key, value=item.value, position=at)
        for at, item in enumerate(draft.variables)
    )
    await secrets.apply_changes(
        db, runtime.vault, environment, draft.secrets, set_by=actor.user_id, now=now
    )
    sealed = await environments.list_secrets(db, environment_id=environment.id)
    for deed in environment_deeds.of_secrets(actor, environment, before=before, after=sealed):
        record(runtime, db, deed)


async def _mark_stale(db: AsyncSession, environment: Environment) -> None:
    now = config_parts(
        environment,
        await environments.list_variables(db, environment_id=environment.id),
        await environments.list_secrets(db, environment_id=environment.id),
    )
    mapped = await environments.list_bindings_with_nodes(db, environment_ids=[environment.id])
    for binding, _ in mapped:
        usable = binding.status in {BindingStatus.READY, BindingStatus.STALE}
        changed = changed_parts(binding.fingerprint, now) if usable and binding.fingerprint else []
        if not changed:
            continue
        if binding.status == BindingStatus.READY:
            binding.status = advance(BindingStatus(binding.status), BindingStatus.STALE)
        told_by_node = [name for name in binding.stale_reasons if not is_board_part(name)]
        binding.stale_reasons = changed + told_by_node
    await db.flush()


async def _view(db: AsyncSession, actor: Actor, row: Environment) -> EnvironmentView:
    variables = await environments.list_variables(db, environment_id=row.id)
    sealed = await environments.list_secrets(db, environment_id=row.id)
    states = await _states(db, actor, [row])
    return EnvironmentView(
        row=row, variables=tuple(variables), secrets=tuple(sealed), state=states[row.id]
    )


async def _states(
    db: AsyncSession, actor: Actor, rows: Sequence[Environment]
) -> Mapping[UUID, State]:
    standings = await scopes.list_standings(
        db, user_id=actor.user_id, environment_id=rows[0].id if len(rows) == 1 else None
    )
    mapped = await environments.list_bindings_with_nodes(
        db, environment_ids=[row.id for row in rows]
    )
    by_id = {binding.id: (binding, node) for binding, node in mapped}
    found: dict[UUID, State] = {}
    for row in rows:
        key, standing = row.default_binding_id, standings[row.id]
        state = _state(*by_id.get(key, (None, None))) if key else State(pill=pill_of(None))
        found[row.id] = replace(state, access=standing.access, owner=standing.owner_name)
    return found


def _state(binding: Binding | None, node: Node | None) -> State:
    if binding is None or node is None:
        return State(pill=pill_of(None))
    status = BindingStatus(binding.status)
    return State(
        pill=pill_of(status),
        waits_for=node.name
        if status in _WAITING and (not node.is_connected or node.drained_at)
        else "",
        error=binding.last_error if status == BindingStatus.ERROR else "",
        stale_reasons=tuple(binding.stale_reasons) if status == BindingStatus.STALE else (),
        node=node.name,
        binding_id=binding.id,
        prepared_at=binding.last_prepare_at,
    )
