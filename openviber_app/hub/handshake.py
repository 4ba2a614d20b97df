"""Turns a node's hello into a welcome, or into a reason to hang up."""

import logging
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from openviber_app.domain.reports import Advance
from openviber_app.hub.ledger import Ledger
from openviber_app.hub.outbox import RevokedError
from openviber_app.services import links, logs, node_config, prepare_reports, runs
from openviber_app.services.runtime import Runtime
from openviber_app.store import attempts, cursors
from openviber_app.store.cursors import CursorMove
from openviber_app.store.tables import Node
from openviber_app.vault.signing import verify_signature
from openviber_protocol.events import HelloReceived
from openviber_protocol.frames import NodeHello
from openviber_protocol.hub_peer import HubPeer
from openviber_protocol.payloads import StreamAck
from openviber_protocol.streams import CONTROL, execution_of, is_log

LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Opening:
    """What the welcome says, and what is to be looked at right after it."""

    epoch: int
    acks: tuple[StreamAck, ...]
    superseded: tuple[UUID, ...]
    config_version: str
    to_check: tuple[UUID, ...]


def refusal(runtime: Runtime, node: Node, event: HelloReceived) -> str | None:
    """Say why this hello does not prove to be the node's, or None when it does."""
    said = event.hello.payload
    if said.node_id != node.id:
        return "the hello names another node than the token does; onboard this machine again"
    if said.signing_key_id != node.signing_key_id or said.sealing_key_id != node.sealing_key_id:
        return "the node's keys are not those of its onboarding; onboard this machine again"
    if not verify_signature(node.signing_key or "", event.signed, said.signature):
        return "the hello is not signed with the node's key; onboard this machine again"
    if said.hub_key_id != runtime.vault.hub_key_id:
        return "the node trusts another key than this board's; onboard this machine again"
    return None


async def open_session(
    runtime: Runtime,
    *,
    node_id: UUID,
    hello: NodeHello,
    peer: HubPeer,
    ledger: Ledger,
    clock_skew_seconds: float | None = None,
) -> Opening:
    """Record the node's arrival, and settle with its hello what became of its work.

    Raises:
        RevokedError: the node was removed or revoked meanwhile.
    """
    now = runtime.clock.now()
    async with runtime.store.write() as db:
        node = await db.get(Node, node_id)
        if node is None:
            raise RevokedError
        if node.revoked_at is not None:
            raise RevokedError(f"the node {node.name} was revoked on the board")
        said = hello.payload
        arrival = links.Arrival(
            boot_id=said.boot_id,
            daemon_version=said.daemon_version,
            capabilities={
                **said.capabilities.model_dump(mode="json"),
                "features": list(said.features),
            },
            hub_key_id=said.hub_key_id,
            clock_skew_seconds=clock_skew_seconds,
        )
        moved = await links.connect(db, node, arrival, now=now)
        await ledger.learn(db, [state.stream for state in said.streams])
        await ledger.learn_executions(db, [entry.execution_id for entry in said.running])
        await _take_back_lost_tails(db, hello, peer=peer, ledger=ledger)
        await _pass_over_lost_records(db, hello, ledger=ledger)
        moved += await _settle_with_hello(db, hello, ledger=ledger, now=now)
        config = await node_config.build_config(db, node_id=node_id)
        epoch = node.epoch
    runtime.announce(moved)
    return Opening(
        epoch=epoch,
        acks=_acks(hello, ledger),
        superseded=_superseded(hello, ledger),
        config_version=config.version,
        to_check=_whole(hello, ledger),
    )


async def _take_back_lost_tails(
    db: AsyncSession, hello: NodeHello, *, peer: HubPeer, ledger: Ledger
) -> None:
    """Where a node's disk lost what was stored here already, go back to what it still has."""
    held = [StreamAck(stream=s, next=n) for s, n in ledger.positions.items()]
    for state in peer.shrunk(held):
        execution_id = execution_of(state.stream)
        if not ledger.is_ours(state.stream):
            continue
        position = state.next
        if is_log(state.stream) and execution_id is not None:
            position = 0
            await logs.delete(db, execution_id=execution_id)
        await cursors.rewind(db, node_id=ledger.node_id, stream=state.stream, to=position)
        ledger.positions[state.stream] = position
        if execution_id is not None:
            ledger.known[execution_id].is_settled = False


async def _pass_over_lost_records(db: AsyncSession, hello: NodeHello, *, ledger: Ledger) -> None:
    """Where this board is a restored copy, go on from what the lost one had acked.

    A node throws a control record away once it is acked: nobody has it any more, and the node's
    next one would wait for it for ever. Streams of executions stay on the node until they are
    settled, and are asked for again.
    """
    for state in hello.payload.streams:
        held, told = ledger.positions[state.stream], min(state.acked, state.next)
        if state.stream != CONTROL or told <= held:
            continue
        LOG.warning(
            "node %s was told that %d control records are stored, of which this board has %d: "
            "it was restored from an older copy",
            ledger.node_id,
            told,
            held,
        )
        move = CursorMove(CONTROL, held, told)
        if await cursors.move_cursors(db, node_id=ledger.node_id, moves=[move]):
            ledger.moved([move])


async def _settle_with_hello(
    db: AsyncSession, hello: NodeHello, *, ledger: Ledger, now: datetime
) -> list[Advance]:
    """What the node lists it has taken; what it took and does not list is no more."""
    said = hello.payload
    running = {entry.execution_id for entry in said.running}
    streams = {
        execution_id
        for state in said.streams
        if not is_log(state.stream) and (execution_id := execution_of(state.stream)) is not None
    }
    taken = [known.attempt for known in ledger.known.values() if known.attempt is not None]
    await attempts.accept_commands(
        db, command_ids=[attempt.command_id for attempt in taken], now=now
    )
    for attempt in taken:
        if attempt.kind == "prepare":
            await prepare_reports.accepted(db, command_id=attempt.command_id)
    for known in ledger.known.values():
        known.is_taken = True
    await db.flush()
    node_id = ledger.node_id
    moved = await prepare_reports.interrupt_missing(
        db, node_id=node_id, listed=running, streams=streams, now=now
    )
    moved += await runs.interrupt_missing(
        db, node_id=node_id, listed=running, streams=streams, now=now
    )
    return moved


def _acks(hello: NodeHello, ledger: Ledger) -> tuple[StreamAck, ...]:
    running = {entry.execution_id for entry in hello.payload.running}
    acks: list[StreamAck] = []
    for state in hello.payload.streams:
        execution_id = execution_of(state.stream)
        known = ledger.known[execution_id] if execution_id is not None else None
        if known is not None and known.attempt is None:
            ledger.positions[state.stream] = state.next
            settled = execution_id not in running
            acks.append(StreamAck(stream=state.stream, next=state.next, settled=settled))
            continue
        settled = known is not None and known.is_settled
        position = ledger.positions[state.stream]
        acks.append(StreamAck(stream=state.stream, next=position, settled=settled))
    return tuple(acks)


def _superseded(hello: NodeHello, ledger: Ledger) -> tuple[UUID, ...]:
    """List what the node runs though the board has given it up, or never heard of it."""
    return tuple(
        entry.execution_id
        for entry in hello.payload.running
        if (known := ledger.known[entry.execution_id]).attempt is None or known.attempt.is_over
    )


def _whole(hello: NodeHello, ledger: Ledger) -> tuple[UUID, ...]:
    """List the executions that have ended and of which the node has nothing more to send."""
    running = {entry.execution_id for entry in hello.payload.running}
    rest = {
        execution_id
        for state in hello.payload.streams
        if (execution_id := execution_of(state.stream)) is not None
        and ledger.positions[state.stream] < state.next
    }
    whole: list[UUID] = []
    for execution_id, known in ledger.known.items():
        if known.attempt is None or known.is_settled or execution_id in running | rest:
            continue
        if known.attempt.is_over:
            known.has_ended = True
            whole.append(execution_id)
    return tuple(whole)
