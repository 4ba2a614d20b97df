"""Streams: their names, and the envelope fields that tie a frame to one."""

from typing import assert_never
from uuid import UUID

from openviber_protocol.frames import (
    Command,
    EnvironmentLog,
    EnvironmentSlots,
    EnvironmentStatus,
    NodeAck,
    RedactionTested,
    StreamFrame,
    ThreadCompleted,
    ThreadError,
    ThreadLog,
    ThreadProgress,
    ThreadStarted,
)

CONTROL = "control"


def events_stream(execution_id: UUID) -> str:
    """Name the stream of an execution's records."""
    return f"events/{execution_id}"


def log_stream(execution_id: UUID) -> str:
    """Name the stream of an execution's log bytes."""
    return f"log/{execution_id}"


def is_log(stream: str) -> bool:
    """Tell whether positions in this stream count bytes instead of records."""
    return stream.startswith("log/")


def execution_of(stream: str) -> UUID | None:
    """Return the execution that a stream belongs to; the control stream belongs to none."""
    kind, _, name = stream.partition("/")
    return UUID(name) if kind != CONTROL else None


def stream_of(frame: StreamFrame) -> str:
    """Return the one stream that a frame may travel on, by what it is about."""
    match frame:
        case EnvironmentSlots() | RedactionTested():
            return CONTROL
        case EnvironmentLog() | ThreadLog():
            return log_stream(frame.payload.execution_id)
        case EnvironmentStatus():
            return events_stream(frame.payload.prepare_id)
        case ThreadStarted() | ThreadProgress() | ThreadCompleted() | ThreadError():
            return events_stream(frame.payload.run_id)
        case _:
            assert_never(frame)


def position_of(frame: StreamFrame) -> tuple[str, int]:
    """Return stream and position of a frame.

    Raises:
        ValueError: The envelope lacks one of them; `decode` lets no such frame through.
    """
    if frame.stream is None or frame.seq is None:
        raise ValueError(f"{frame.type} has no stream position")
    return frame.stream, frame.seq


def command_key(frame: Command | NodeAck) -> tuple[UUID, int]:
    """Return the (command id, attempt) that a command or its reply carries.

    Raises:
        ValueError: The envelope lacks one of them; `decode` lets no such frame through.
    """
    if frame.command_id is None or frame.attempt is None:
        raise ValueError(f"{frame.type} names no command")
    return frame.command_id, frame.attempt
