"""Takes committed commands to the node of one connection."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from openviber_app.domain.errors import OpenViberError
from openviber_app.domain.reports import Advance
from openviber_app.domain.statuses import CommandStatus, advance
from openviber_app.hub.mapping import command_frame
from openviber_app.hub.sealing import (
    CARRIERS,
    Recipient,
    SavedMeanwhileError,
    open_ahead,
    seal_for,
)
from openviber_app.services import (
    deliveries,
    node_config,
    prepare_reports,
    runs,
    self_tests,
    specs,
)
from openviber_app.services.runtime import Runtime
from openviber_app.services.secrets import OpenedSecrets
from openviber_app.store import commands
from openviber_app.store.tables import Command as CommandRow
from openviber_app.store.tables import Environment, Node, Prepare
from openviber_protocol.codec import encode
from openviber_protocol.frame import MAX_FRAME_BYTES
from openviber_protocol.frames import Command
from openviber_protocol.maker import FrameMaker


class RevokedError(OpenViberError):
    """The node is no longer this board's: its row or its token went while it was connected."""

    def __init__(self, words: str = "the node was removed from the board") -> None:
        super().__init__(words)


class RenewedError(OpenViberError):
    """The keys of a connection are those of yesterday: it ends, and the node comes back.

    `is_node` says whose keys were changed, the node's own or the board's.
    """

    def __init__(self, *, is_node: bool) -> None:
        self.is_node = is_node
        whose = "this node's keys were changed" if is_node else "the board has a new signing key"
        super().__init__(f"{whose}: connect again")


@dataclass(frozen=True, slots=True)
class Outbox:
    """The commands of one connection; each is sent once on it, and again on the next if need be."""

    runtime: Runtime
    maker: FrameMaker
    node_id: UUID
    token_hash: str
    nonce: str
    sent: set[UUID]
    hub_key_id: str
    """The key with which this connection's bundles are signed; the node has pinned it."""

    async def take(self) -> list[Command]:
        """Return the frames to send now; their rows are marked as sent before they are.

        Raises:
            RevokedError: the node was removed or revoked.
            RenewedError: the node or the board has other keys now.
        """
        async with self.runtime.store.read() as db:
            node = await self._node(db)
            waiting = await commands.list_undelivered(db, node_id=self.node_id)
        fresh = [row.id for row in waiting if row.id not in self.sent and not _is_held(row, node)]
        frames: list[Command] = []
        for command_id in fresh:  # one transaction each: sealing takes the door for a moment only
            frame = await self._take_one(command_id)
            if frame is not None:
                self.sent.add(command_id)
                frames.append(frame)
        return frames

    async def _take_one(self, command_id: UUID) -> Command | None:
        """Open the secrets before the door, for a key service may take its time."""
        while True:  # again only where somebody saved at this very moment
            opened = await open_ahead(self.runtime, command_id)
            moved: list[Advance] = []
            try:
                async with self.runtime.store.write() as db:
                    frame = await self._make(db, command_id, opened, moved)
            except SavedMeanwhileError:
                continue
            self.sent.add(command_id)
            self.runtime.announce(moved)
            return frame

    async def _node(self, db: AsyncSession) -> Node:
        node = await db.get(Node, self.node_id)
        if node is None:
            raise RevokedError
        if node.revoked_at is not None:
            raise RevokedError(f"the node {node.name} was revoked on the board")
        if node.auth_token_hash != self.token_hash:
            raise RenewedError(is_node=True)
        if self.runtime.vault.hub_key_id != self.hub_key_id:
            raise RenewedError(is_node=False)
        return node

    async def _make(
        self,
        db: AsyncSession,
        command_id: UUID,
        opened: OpenedSecrets | OpenViberError | None,
        moved: list[Advance],
    ) -> Command | None:
        node = await self._node(db)
        row = await commands.find_command(db, command_id=command_id)
        if row is None or row.status not in {CommandStatus.PENDING, CommandStatus.SENT}:
            return None  # withdrawn since
        if _is_held(row, node):
            return None
        now = self.runtime.clock.now()
        try:
            payload = await _fill(db, row)
            to = Recipient(self.nonce, node)
            sealed = await seal_for(self.runtime, db, row, to=to, opened=opened, now=now)
            bundle = sealed.bundle if sealed else None
            frame = command_frame(row, payload, bundle=bundle, maker=self.maker)
            _require_size(frame)
            if sealed:
                sent = deliveries.Sending(command=row, node=node, secrets=sealed.secrets)
                await deliveries.record_sending(self.runtime, db, sent)
        except SavedMeanwhileError:
            raise
        except OpenViberError as error:
            await deliveries.record_refusal(self.runtime, db, row, node=node, error=error)
            moved += await refuse(db, row, message=str(error), now=now)
            return None
        except ValidationError as error:
            where = ".".join(str(part) for part in error.errors()[0]["loc"])
            message = f"the board cannot put this into a message: {where} is not as it should be"
            moved += await refuse(db, row, message=message, now=now)
            return None
        if row.status == CommandStatus.PENDING:
            row.status = advance(CommandStatus.PENDING, CommandStatus.SENT)
            row.sent_at = now
        return frame


def _is_held(row: CommandRow, node: Node) -> bool:
    """Whether a command begins new work that a drained node is not to get."""
    return node.drained_at is not None and row.type in CARRIERS and row.sent_at is None


class TooLargeError(OpenViberError):
    """A command does not fit into a frame."""

    def __init__(self, size: int) -> None:
        super().__init__(
            f"the environment's scripts, variables and secrets take {size // 1024} KiB together,"
            f" and {MAX_FRAME_BYTES // 1024} KiB is the most a node takes: shorten a script"
        )


def _require_size(frame: Command) -> None:
    size = len(encode(frame).encode())
    if size > MAX_FRAME_BYTES:
        raise TooLargeError(size)


async def _fill(db: AsyncSession, row: CommandRow) -> dict[str, Any]:
    """Return the payload as it is sent: a list of bindings is always today's.

    A specification that no node has seen is brought up to date, so that what was edited while the
    node was away counts; once sent, it stays as it was.
    """
    if row.type == "environment:sync":
        return await node_config.sync_payload(db, node_id=row.node_id)
    if "spec" not in row.payload or row.status != CommandStatus.PENDING:
        return row.payload
    environment = await db.get(Environment, UUID(row.payload["environment_id"]))
    if environment is None:
        return row.payload
    row.payload = {**row.payload, "spec": await specs.build_spec(db, environment)}
    if row.type == "environment:prepare":
        prepare = await db.get(Prepare, UUID(row.payload["prepare_id"]))
        if prepare is not None:
            prepare.environment_version = environment.version
    return row.payload


async def refuse(
    db: AsyncSession, row: CommandRow, *, message: str, now: datetime
) -> list[Advance]:
    """End a command with a no, and what it asked for with it."""
    row.status = advance(CommandStatus(row.status), CommandStatus.REFUSED)
    row.reply, row.replied_at = message, now
    await db.flush()
    if row.type == "environment:prepare":
        return await prepare_reports.command_refused(
            db, command_id=row.id, message=message, now=now
        )
    if row.type == "thread:submit":
        return await runs.command_refused(db, command_id=row.id, message=message, now=now)
    if row.type == "keys:rotate":
        node = await db.get(Node, row.node_id)
        return [Advance(f"user:{node.user_id}")] if node else []
    if row.type == "redaction:test":
        return await self_tests.refused(db, node_id=row.node_id, message=message)
    return []
