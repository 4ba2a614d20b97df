"""The envelope that every frame wears, on a base class that knows both spellings of a name."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

PROTOCOL_MIN = 1
PROTOCOL_MAX = 1

MAX_FRAME_BYTES = 256 * 1024
MAX_LOG_BYTES = 64 * 1024
"""Redacted bytes of one log frame, before base64."""

HELLO_TIMEOUT_SECONDS = 10

StreamName = Annotated[str, StringConstraints(pattern=r"^(control|(events|log)/[0-9a-f-]{36})$")]
"""`control`, `events/<execution id>` (both count records) or `log/<execution id>` (bytes)."""

Position = Annotated[int, Field(ge=0, le=2**53)]
ShortText = Annotated[str, StringConstraints(max_length=4096)]


class Wire(BaseModel):
    """Anything inside a frame: closed, frozen, camelCase on the wire and snake_case in Python."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=to_camel,
        populate_by_name=True,
        serialize_by_alias=True,
        ser_json_inf_nan="null",
    )


class Frame(Wire):
    """The envelope. `stream` and `seq` are set only on frames that are kept until they are acked.

    `seq` is the position of the frame in its stream: the number of records before it, or, for a
    log, the number of bytes before it. `command_id` and `attempt` name the command that a frame
    carries or answers.
    """

    v: int = PROTOCOL_MAX
    id: UUID
    stream: StreamName | None = None
    seq: Position | None = None
    command_id: UUID | None = None
    attempt: Annotated[int, Field(ge=1, le=2**53)] | None = None
    epoch: Position | None = None
    ts: datetime
