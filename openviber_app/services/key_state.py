"""How the board's keys stand: which key wraps, what is on which, whether all of it opens."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select

from openviber_app.domain.actors import Actor
from openviber_app.domain.errors import SecretsChangedError
from openviber_app.domain.kms import provider_of
from openviber_app.domain.secret import Secret
from openviber_app.services import audit, key_rotation, manifests, secrets
from openviber_app.services.audit import Deed, Target
from openviber_app.services.runtime import Runtime
from openviber_app.store import environments, keys
from openviber_app.store.tables import Environment
from openviber_app.store.trust_tables import KeyRotation
from openviber_app.vault.errors import KmsError


@dataclass(frozen=True, slots=True)
class KeyUse:
    """A wrapping key, with how many secrets and lists of environments are on it."""

    key_id: str
    secrets: int
    lists: int
    is_current: bool


@dataclass(frozen=True, slots=True)
class KeyState:
    """What the settings show of the keys; no key is in here."""

    provider: str
    current_key_id: str
    keys: tuple[KeyUse, ...]
    rotation: KeyRotation | None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something stored that does not open."""

    environment_id: UUID
    environment: str
    secret: str
    """Its name; empty for the list of an environment's secrets."""
    problem: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What was opened, and what did not open."""

    environments: int
    secrets: int
    findings: tuple[Finding, ...]


async def get_state(runtime: Runtime, actor: Actor) -> KeyState:
    """Return how the keys stand.

    Raises:
        ForbiddenError: the actor is not the board's owner.
    """
    key_rotation.require_owner(actor)
    async with runtime.store.read() as db:
        of_secrets, of_lists = await keys.count_by_key(db)
        rotation = await keys.find_rotation(db, is_open=False)
    current = runtime.vault.kms_key_id
    ids = sorted({current, *of_secrets, *of_lists}, key=lambda key: (key != current, key))
    uses = tuple(KeyUse(key, of_secrets[key], of_lists[key], key == current) for key in ids)
    return KeyState(provider_of(current), current, uses, rotation)


async def verify(runtime: Runtime, *, actor: Actor | None) -> Verification:
    """Open every secret and every list, and forget them at once.

    `actor` is None for the command line of the board's own machine.

    Raises:
        ForbiddenError: the actor is not the board's owner.
    """
    if actor is not None:
        key_rotation.require_owner(actor)
    async with runtime.store.read() as db:
        query = select(Environment.id).order_by(col(Environment.name), col(Environment.id))
        ids = (await db.execute(query)).scalars().all()
    findings: list[Finding] = []
    count = 0
    for environment_id in ids:
        found, opened = await _verify_one(runtime, environment_id)
        findings += found
        count += opened
    async with runtime.store.write() as db:
        facts = {"secrets": count, "problems": len(findings)}
        target = Target(kind="key", name=runtime.vault.kms_key_id)
        deed = Deed(action="key.verified", target=target, actor=actor, facts=facts)
        audit.record(runtime, db, deed)
    return Verification(len(ids), count, tuple(findings))


async def _verify_one(runtime: Runtime, environment_id: UUID) -> tuple[Sequence[Finding], int]:
    vault = runtime.vault
    findings: list[Finding] = []
    async with runtime.store.read() as db:
        environment = await db.get(Environment, environment_id)
        if environment is None:
            return findings, 0  # deleted meanwhile
        rows = await environments.list_secrets(db, environment_id=environment_id)

    def note(secret: str, problem: str) -> None:
        findings.append(Finding(environment_id, environment.name, secret, problem))

    try:
        await manifests.check(vault, environment, rows)
    except (SecretsChangedError, KmsError) as error:
        note("", error.why if isinstance(error, SecretsChangedError) else str(error))
    asked = [(secrets.sealed_of(row), secrets.names_of(environment, row)) for row in rows]
    for row, value in zip(rows, await vault.open_all(asked), strict=True):
        if not isinstance(value, Secret):
            note(row.key, str(value))
    return findings, len(rows)
