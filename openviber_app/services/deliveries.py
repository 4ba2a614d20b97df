"""What nodes were sent of the secrets: written when a bundle is sealed, read after a rotation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from openviber_app.domain.actors import Actor
from openviber_app.domain.errors import OpenViberError, SecretsChangedError, SecretUnreadableError
from openviber_app.services import audit
from openviber_app.services.audit import Deed, Target
from openviber_app.services.runtime import Runtime
from openviber_app.services.secrets import SentSecret
from openviber_app.store import deliveries, environments
from openviber_app.store.tables import Command, Environment, Node
from openviber_app.store.trust_tables import SecretDelivery

SENT, REFUSED = "secret.sent", "secret.refused"


@dataclass(frozen=True, slots=True)
class Sending:
    """A bundle that leaves for a node, by the names and versions in it."""

    command: Command
    node: Node
    secrets: Sequence[SentSecret]


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """A version of a secret that a node has seen."""

    secret_id: UUID
    key: str
    version: int
    current_version: int | None
    """None: the secret was deleted since."""
    node_id: UUID
    node: str
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class StaleBinding:
    """A binding that was prepared with other secrets than today's."""

    binding_id: UUID
    node: str
    secrets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Deliveries:
    """Who has seen what of an environment's secrets."""

    deliveries: tuple[DeliveryView, ...]
    stale: tuple[StaleBinding, ...]


async def record_sending(runtime: Runtime, db: AsyncSession, sending: Sending) -> None:
    """Write down what a node is about to know, in the transaction that marks it as sent."""
    now = runtime.clock.now()
    environment = await _environment(db, sending.command)
    if environment is None:
        return
    for secret in sending.secrets:
        row = await deliveries.find_delivery(
            db, secret_id=secret.secret_id, version=secret.version, node_id=sending.node.id
        )
        if row is None:
            row = SecretDelivery(
                node_id=sending.node.id,
                environment_id=environment.id,
                secret_id=secret.secret_id,
                key=secret.key,
                version=secret.version,
                command_id=sending.command.id,
                first_at=now,
                last_at=now,
            )
            db.add(row)
        row.command_id, row.last_at = sending.command.id, now
    facts = {
        "node": sending.node.name,
        "node_id": str(sending.node.id),
        "for": sending.command.type,
        "command_id": str(sending.command.id),
        "secrets": [{"key": one.key, "version": one.version} for one in sending.secrets],
    }
    target = Target(kind="environment", id=environment.id, name=environment.name)
    audit.record(runtime, db, Deed(action=SENT, target=target, facts=facts))


async def record_refusal(
    runtime: Runtime, db: AsyncSession, command: Command, *, node: Node, error: OpenViberError
) -> None:
    """Write down that secrets did not open, or were changed behind the board: somebody should look.

    Any other reason why a command cannot be sent is none of this log's.
    """
    if not isinstance(error, SecretUnreadableError | SecretsChangedError):
        return
    environment = await _environment(db, command)
    facts = {"node": node.name, "for": command.type, "why": str(error)}
    if isinstance(error, SecretUnreadableError):
        facts["secret"] = error.name
    target = Target(
        kind="environment",
        id=environment.id if environment else None,
        name=environment.name if environment else "",
    )
    audit.record(runtime, db, Deed(action=REFUSED, target=target, facts=facts))


async def list_deliveries(runtime: Runtime, actor: Actor, *, environment_id: UUID) -> Deliveries:
    """Return which node was sent which version, and which bindings are older than the secrets.

    Raises:
        NotFoundError: there is no such environment, or it is somebody else's.
    """
    async with runtime.store.read() as db:
        environment = await environments.get_environment(
            db, user_id=actor.user_id, environment_id=environment_id
        )
        current = {
            row.id: row.version
            for row in await environments.list_secrets(db, environment_id=environment.id)
        }
        found = await deliveries.list_deliveries(db, environment_id=environment.id)
        mapped = await environments.list_bindings_with_nodes(db, environment_ids=[environment.id])
    views = tuple(
        DeliveryView(
            secret_id=row.secret_id,
            key=row.key,
            version=row.version,
            current_version=current.get(row.secret_id),
            node_id=node.id,
            node=node.name,
            first_at=row.first_at,
            last_at=row.last_at,
        )
        for row, node in found
    )
    stale = tuple(
        StaleBinding(binding.id, node.name, names)
        for binding, node in mapped
        if (names := _secrets_in(binding.stale_reasons))
    )
    return Deliveries(views, stale)


def _secrets_in(reasons: Sequence[str]) -> tuple[str, ...]:
    return tuple(name.removeprefix("secret ") for name in reasons if name.startswith("secret "))


async def _environment(db: AsyncSession, command: Command) -> Environment | None:
    return await db.get(Environment, UUID(command.payload["environment_id"]))
