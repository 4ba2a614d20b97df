"""Every status, and which may follow which."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from openviber_app.domain.errors import IllegalTransitionError


class BindingStatus(StrEnum):
    """Whether an environment can be used on a node."""

    PENDING = "pending"
    PREPARING = "preparing"
    READY = "ready"
    ERROR = "error"
    STALE = "stale"


class PrepareStatus(StrEnum):
    """One attempt of provisioning a binding."""

    QUEUED = "queued"
    ACCEPTED = "accepted"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"
    LOST = "lost"


class RunStatus(StrEnum):
    """One execution inside a thread."""

    QUEUED = "queued"
    RUNNING = "running"
    WAITING_APPROVAL = "waiting_approval"
    COMPLETED = "completed"
    FAILED = "failed"
    STOPPED = "stopped"
    LOST = "lost"


class ThreadStatus(StrEnum):
    """Whether a thread starts anything."""

    ACTIVE = "active"
    PAUSED = "paused"
    ARCHIVED = "archived"


class CommandStatus(StrEnum):
    """A command on its way to a node."""

    PENDING = "pending"
    SENT = "sent"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class MessageStatus(StrEnum):
    """A message waits for its turn, became a run, or was taken back before."""

    QUEUED = "queued"
    SENT = "sent"
    WITHDRAWN = "withdrawn"


Status = TypeVar(
    "Status",
    BindingStatus,
    PrepareStatus,
    RunStatus,
    ThreadStatus,
    CommandStatus,
    MessageStatus,
)

_RUN_ENDS = {RunStatus.COMPLETED, RunStatus.FAILED, RunStatus.STOPPED, RunStatus.LOST}

_P = PrepareStatus
_BINDING: Mapping[StrEnum, frozenset[StrEnum]] = {
    BindingStatus.PENDING: frozenset({BindingStatus.PREPARING}),
    BindingStatus.PREPARING: frozenset(
        {BindingStatus.READY, BindingStatus.ERROR, BindingStatus.STALE}
    ),
    BindingStatus.READY: frozenset({BindingStatus.STALE, BindingStatus.PREPARING}),
    BindingStatus.STALE: frozenset({BindingStatus.PREPARING}),
    BindingStatus.ERROR: frozenset({BindingStatus.PREPARING}),
}
_PREPARE: Mapping[StrEnum, frozenset[StrEnum]] = {
    _P.QUEUED: frozenset({_P.ACCEPTED, _P.CANCELLED, _P.FAILED}),  # failed: the node refused it
    _P.ACCEPTED: frozenset(
        {_P.RUNNING, _P.SUCCEEDED, _P.FAILED, _P.CANCELLED, _P.INTERRUPTED, _P.LOST}
    ),
    _P.RUNNING: frozenset({_P.SUCCEEDED, _P.FAILED, _P.CANCELLED, _P.INTERRUPTED, _P.LOST}),
    _P.SUCCEEDED: frozenset(),
    _P.FAILED: frozenset(),
    _P.CANCELLED: frozenset(),
    _P.INTERRUPTED: frozenset(),
    _P.LOST: frozenset(),
}
_RUN: Mapping[StrEnum, frozenset[StrEnum]] = {
    RunStatus.QUEUED: frozenset({RunStatus.RUNNING} | _RUN_ENDS),
    RunStatus.RUNNING: frozenset({RunStatus.WAITING_APPROVAL} | _RUN_ENDS),
    RunStatus.WAITING_APPROVAL: frozenset({RunStatus.RUNNING} | _RUN_ENDS),
    RunStatus.COMPLETED: frozenset(),
    RunStatus.FAILED: frozenset(),
    RunStatus.STOPPED: frozenset(),
    RunStatus.LOST: frozenset(),
}
_THREAD: Mapping[StrEnum, frozenset[StrEnum]] = {
    ThreadStatus.ACTIVE: frozenset({ThreadStatus.PAUSED, ThreadStatus.ARCHIVED}),
    ThreadStatus.PAUSED: frozenset({ThreadStatus.ACTIVE, ThreadStatus.ARCHIVED}),
    ThreadStatus.ARCHIVED: frozenset({ThreadStatus.ACTIVE}),
}
_COMMAND: Mapping[StrEnum, frozenset[StrEnum]] = {
    CommandStatus.PENDING: frozenset(  # refused before it was sent: a secret did not open
        {CommandStatus.SENT, CommandStatus.REFUSED, CommandStatus.WITHDRAWN}
    ),
    CommandStatus.SENT: frozenset(
        {CommandStatus.ACCEPTED, CommandStatus.REFUSED, CommandStatus.WITHDRAWN}
    ),
    CommandStatus.ACCEPTED: frozenset(),
    CommandStatus.REFUSED: frozenset(),
    CommandStatus.WITHDRAWN: frozenset(),
}
_MESSAGE: Mapping[StrEnum, frozenset[StrEnum]] = {
    MessageStatus.QUEUED: frozenset({MessageStatus.SENT, MessageStatus.WITHDRAWN}),
    MessageStatus.SENT: frozenset(),
    MessageStatus.WITHDRAWN: frozenset(),
}

MOVES: Mapping[type[StrEnum], Mapping[StrEnum, frozenset[StrEnum]]] = {
    BindingStatus: _BINDING,
    PrepareStatus: _PREPARE,
    RunStatus: _RUN,
    ThreadStatus: _THREAD,
    CommandStatus: _COMMAND,
    MessageStatus: _MESSAGE,
}
"""One table for each kind: as strings, a binding's `pending` equals a command's."""


def moves_of(status: StrEnum) -> frozenset[StrEnum]:
    """Return what may follow a status."""
    return MOVES[type(status)][status]


def advance(current: Status, wanted: Status) -> Status:
    """Return `wanted` when it may follow `current`.

    Raises:
        IllegalTransitionError: it may not.
    """
    if wanted not in MOVES[type(current)][current]:
        raise IllegalTransitionError(current, wanted)
    return wanted


def is_final(status: StrEnum) -> bool:
    """Whether nothing may follow."""
    return not MOVES[type(status)][status]
