"""A database that somebody else writes in, under an environment with a secret."""

import base64
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from openviber_app.domain.draft_values import SecretChange
from openviber_app.domain.drafts import EnvironmentDraft, EnvironmentType
from openviber_app.domain.ids import new_id
from openviber_app.hub.outbox import Outbox
from openviber_app.services import environments
from openviber_app.services.runtime import Runtime
from openviber_app.store import environments as rows
from openviber_app.store.tables import Environment, EnvironmentSecret, Node, Prepare
from openviber_app.store.trust_tables import AuditEvent
from openviber_protocol.frames import Command as CommandFrame
from openviber_protocol.maker import FrameMaker
from tests.support.board import Person
from tests.support.mapped import MappedEnvironment, map_environment
from tests.support.node_keys import Keys

VALUE = "hunter2-secret"
NONCE = "bm9uY2U="


@dataclass
class Victim:
    """An environment on a node, with a prepare that waits to be sent."""

    runtime: Runtime
    mapped: MappedEnvironment
    keys: Keys

    @property
    def environment_id(self) -> UUID:
        return self.mapped.environment.id

    async def execute(self, statement: str, **values: Any) -> None:
        """Write in the database behind the board."""
        async with self.runtime.store.write() as db:
            await db.execute(sa.text(statement), values)

    async def secret_rows(self) -> list[EnvironmentSecret]:
        async with self.runtime.store.read() as db:
            return list(await rows.list_secrets(db, environment_id=self.environment_id))

    async def environment(self) -> Environment:
        async with self.runtime.store.read() as db:
            return await db.get_one(Environment, self.environment_id)

    async def save(self, person: Person, *changes: SecretChange) -> None:
        """Save as its owner does."""
        await environments.save_environment(
            self.runtime,
            person.actor,
            environment_id=self.environment_id,
            draft=EnvironmentDraft(
                name="library", type=EnvironmentType.MANUAL, setup_script="true", secrets=changes
            ),
        )

    async def send(self) -> list[CommandFrame]:
        """Take what waits for the node, as its connection does."""
        async with self.runtime.store.read() as db:
            node = await db.get_one(Node, self.mapped.node.id)
        maker = FrameMaker(new_id, self.runtime.clock.now)
        box = Outbox(
            runtime=self.runtime,
            maker=maker,
            node_id=node.id,
            token_hash=node.auth_token_hash or "",
            nonce=NONCE,
            sent=set(),
            hub_key_id=self.runtime.vault.hub_key_id,
        )
        return await box.take()

    async def outcome(self) -> tuple[str, str]:
        """Return the status and the message of the prepare."""
        async with self.runtime.store.read() as db:
            prepare = await db.get_one(Prepare, self.mapped.prepare.id)
        return prepare.status, prepare.message

    async def is_refused(self, *, because: str) -> None:
        """Try to send: nothing leaves, the prepare says why, and the log has it."""
        assert await self.send() == []
        status, message = await self.outcome()
        assert status not in {"queued", "accepted", "running", "succeeded"}
        assert because in message
        assert VALUE not in message
        (event,) = await self.events("secret.refused")
        assert because in event.facts["why"]

    async def events(self, action: str) -> list[AuditEvent]:
        """Return what the audit log has of an action."""
        query = sa.select(AuditEvent).where(col(AuditEvent.action) == action)
        async with self.runtime.store.read() as db:
            return list((await db.execute(query)).scalars().all())


async def make_victim(
    runtime: Runtime, person: Person, *, secrets: tuple[SecretChange, ...]
) -> Victim:
    """Map an environment with secrets to a node that has keys."""
    mapped = await map_environment(runtime, person, secrets=secrets)
    keys = Keys()
    async with runtime.store.write() as db:
        node = await db.get_one(Node, mapped.node.id)
        node.sealing_key, node.sealing_key_id = base64.b64encode(keys.public_sealing).decode(), "k"
    return Victim(runtime, mapped, keys)
