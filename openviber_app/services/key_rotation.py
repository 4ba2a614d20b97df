"""Rotation of the wrapping key: everything is opened and sealed again, batch by batch.

The order makes it safe to stop anywhere: first the new version exists, then a row says that the
rotation goes on, then batches; what is left is always what the database says is on another key.
Values, names and versions stay, so no binding becomes stale.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from openviber_app.domain.actors import Actor
from openviber_app.domain.errors import ForbiddenError, OpenViberError
from openviber_app.services import audit, manifests, secrets
from openviber_app.services.accounts import OWNER
from openviber_app.services.audit import Deed, Target
from openviber_app.services.runtime import Runtime
from openviber_app.store import keys, settings_rows
from openviber_app.store.trust_tables import KeyRotation
from openviber_app.vault.errors import KmsError, UnsealError
from openviber_app.vault.manifests import as_text, from_text
from openviber_app.vault.rows import SealedRow

BATCH = 50
STOPPED = "stopped"
"""The problem that stops a rotation until it is asked for again: the key service is away."""


def require_owner(actor: Actor) -> None:
    """Let only the board's owner at the keys.

    Raises:
        ForbiddenError: it is somebody else.
    """
    if actor.role != OWNER:
        raise ForbiddenError("only the owner of this board sees or changes its keys")


async def start(runtime: Runtime, *, actor: Actor | None) -> KeyRotation:
    """Begin a rotation, or go on with the one that has not ended; `advance` does the work.

    `actor` is None for the command line of the board's own machine.

    Raises:
        ForbiddenError: the actor is not the board's owner.
        KmsError: the key service is away, or refuses.
    """
    if actor is not None:
        require_owner(actor)
    async with runtime.store.write() as db:
        open_one = await keys.find_rotation(db, is_open=True)
        if open_one is not None:
            problems = {key: why for key, why in open_one.problems.items() if key != STOPPED}
            open_one.problems = problems
    if open_one is None:
        open_one = await _begin(runtime, actor)
    runtime.rotation_wanted.set()
    return open_one


async def _begin(runtime: Runtime, actor: Actor | None) -> KeyRotation:
    before = runtime.vault.kms_key_id
    to_key_id = await runtime.vault.rotate()
    async with runtime.store.write() as db:
        rotation = KeyRotation(
            to_key_id=to_key_id,
            total=await _left(db, to_key_id),
            started_by=actor.user_id if actor else None,
            started_at=runtime.clock.now(),
        )
        db.add(rotation)
        target = Target(kind="key", name=to_key_id)
        facts = {"from": before, "things": rotation.total}
        deed = Deed(action="key.rotated", target=target, actor=actor, facts=facts)
        audit.record(runtime, db, deed)
    return rotation


async def advance(
    runtime: Runtime, *, on_batch: Callable[[KeyRotation], None] = lambda _: None
) -> KeyRotation | None:
    """Carry the open rotation to its end; returns it, or None when there is none.

    Safe beside saves and beside another process that does the same. A key service that is away
    stops it; what was done stays done.
    """
    async with runtime.store.write() as db:
        rotation = await keys.find_rotation(db, is_open=True)
        if rotation is None:
            return None
        rotation.to_key_id = runtime.vault.kms_key_id  # the service may be another since
    work = _Work(runtime, rotation.id, rotation.to_key_id)
    try:
        while await work.step():
            on_batch(await work.progress())
    except KmsError as error:
        work.problems[STOPPED] = str(error)
        return await work.progress()
    return await work.finish()


@dataclass(slots=True)
class _Work:
    runtime: Runtime
    rotation_id: UUID
    to_key_id: str
    problems: dict[str, str] = field(default_factory=dict)
    _secret: UUID | None = None
    _list: UUID | None = None
    _has_moved: bool = False

    async def step(self) -> bool:
        """Do one batch; False when nothing is left that opens."""
        if await self._secrets() or await self._lists():
            return True
        await self._canary()
        if not self._has_moved:
            return False
        self._secret, self._list, self._has_moved = None, None, False  # saved meanwhile? look again
        return True

    async def _secrets(self) -> bool:
        vault = self.runtime.vault
        async with self.runtime.store.read() as db:
            found = await keys.list_secrets_on_other_keys(
                db, key_id=self.to_key_id, after=self._secret, limit=BATCH
            )
        moved: list[tuple[UUID, bytes, SealedRow]] = []
        for row, environment in found:
            self._secret = row.id
            names = secrets.names_of(environment, row)
            try:
                anew = await vault.seal_again(secrets.sealed_of(row), names=names)
            except UnsealError as error:
                self.problems[str(row.id)] = f"{environment.name}: {row.key}: {error}"
                continue
            moved.append((row.id, row.encrypted_value, anew))
        async with self.runtime.store.write() as db:
            for secret_id, was, anew in moved:
                self._has_moved |= await keys.put_secret(
                    db,
                    secret_id=secret_id,
                    was=was,
                    encrypted_value=anew.encrypted_value,
                    key_id=anew.kms_key_id,
                )
        return bool(found)

    async def _lists(self) -> bool:
        async with self.runtime.store.read() as db:
            found = await keys.list_lists_on_other_keys(
                db, key_id=self.to_key_id, after=self._list, limit=BATCH
            )
        moved: list[tuple[UUID, str, str]] = []
        for environment in found:
            self._list = environment.id
            names = manifests.names_of(environment)
            try:
                row = from_text(environment.secrets_manifest)
                anew = await self.runtime.vault.seal_again(row, names=names)
            except UnsealError as error:
                self.problems[str(environment.id)] = f"{environment.name}: {error}"
                continue
            moved.append((environment.id, environment.secrets_manifest, as_text(anew)))
        async with self.runtime.store.write() as db:
            for environment_id, was, text in moved:
                self._has_moved |= await keys.put_list(
                    db, environment_id=environment_id, was=was, text=text
                )
        return bool(found)

    async def _canary(self) -> None:
        async with self.runtime.store.read() as db:
            canary = await settings_rows.find_setting(db, secrets.CANARY)
        if canary is not None and canary["kmsKeyId"] == self.to_key_id:
            return
        made = await self.runtime.vault.make_canary()
        async with self.runtime.store.write() as db:
            await settings_rows.put_setting(db, secrets.CANARY, made)

    async def progress(self) -> KeyRotation:
        """Write down how far it is, out of what the database says is left."""
        async with self.runtime.store.write() as db:
            rotation = await db.get_one(KeyRotation, self.rotation_id)
            left = await _left(db, self.to_key_id)
            rotation.total = max(rotation.total, left)
            rotation.done = rotation.total - left
            rotation.problems = dict(self.problems)
        return rotation

    async def finish(self) -> KeyRotation:
        """Write down that it has ended, with what does not open."""
        rotation = await self.progress()
        async with self.runtime.store.write() as db:
            rotation = await db.get_one(KeyRotation, self.rotation_id)
            if rotation.ended_at is not None:
                return rotation  # another process was faster
            rotation.ended_at = self.runtime.clock.now()
            facts = {"done": rotation.done, "of": rotation.total, "problems": len(self.problems)}
            target = Target(kind="key", name=self.to_key_id)
            deed = Deed(action="key.rotation_ended", target=target, facts=facts)
            audit.record(self.runtime, db, deed)
        return rotation


async def prune(runtime: Runtime) -> list[str]:
    """Remove the wrapping keys that nothing uses any more; returns those that are gone.

    A copy of the database from before the rotation needs them: nothing prunes by itself.

    Raises:
        OpenViberError: a rotation goes on.
    """
    async with runtime.store.write() as db:
        if await keys.find_rotation(db, is_open=True) is not None:
            raise OpenViberError("a rotation has not ended: let it end first, then prune")
        return await runtime.vault.forget_all_but(await used_keys(db))


async def used_keys(db: AsyncSession) -> set[str]:
    """Return every key that something stored needs."""
    of_secrets, of_lists = await keys.count_by_key(db)
    canary = await settings_rows.find_setting(db, secrets.CANARY)
    return {*of_secrets, *of_lists, *([canary["kmsKeyId"]] if canary else [])}


async def _left(db: AsyncSession, key_id: str) -> int:
    of_secrets, of_lists = await keys.count_by_key(db)
    return sum(
        number
        for counter in (of_secrets, of_lists)
        for key, number in counter.items()
        if key != key_id
    )
