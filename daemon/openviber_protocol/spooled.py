"""Frames around what a node has spooled: a record that was read back, a piece of a log."""

import base64
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from openviber_protocol.frame import MAX_LOG_BYTES
from openviber_protocol.frames import EnvironmentLog, LogFrame, RecordFrame, ThreadLog
from openviber_protocol.maker import FrameMaker
from openviber_protocol.node_payloads import LogPayload
from openviber_protocol.streams import execution_of

_RECORD: TypeAdapter[RecordFrame] = TypeAdapter(Annotated[RecordFrame, Field(discriminator="type")])


def make_record(
    maker: FrameMaker,
    *,
    stream: str,
    seq: int,
    type_name: str,
    payload: Mapping[str, Any],
    epoch: int | None,
) -> RecordFrame:
    """Make the frame of one record; `payload` is its wire (camelCase) form.

    Raises:
        pydantic.ValidationError: The record is not one of this protocol's.
    """
    return _RECORD.validate_python(
        {
            "type": type_name,
            "id": maker.new_id(),
            "ts": maker.now(),
            "stream": stream,
            "seq": seq,
            "epoch": epoch,
            "payload": payload,
        }
    )


def make_log(
    maker: FrameMaker,
    *,
    stream: str,
    offset: int,
    data: bytes,
    kind: Literal["prepare", "run"],
    epoch: int | None,
) -> LogFrame:
    """Make the frame of at most 64 KiB of log.

    Raises:
        ValueError: Nothing to send, too much of it, or no log's stream.
    """
    execution_id = execution_of(stream)
    if execution_id is None or not 0 < len(data) <= MAX_LOG_BYTES:
        raise ValueError(f"{len(data)} bytes of {stream} are no log frame")
    payload = LogPayload(execution_id=execution_id, data=base64.b64encode(data).decode())
    made = EnvironmentLog if kind == "prepare" else ThreadLog
    return maker.make(made, payload, stream=stream, seq=offset, epoch=epoch)
