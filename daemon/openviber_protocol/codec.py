"""Turns text into frames and back, and refuses what is not one."""

from dataclasses import dataclass
from functools import cache
from typing import Annotated, Literal, cast, get_args, overload
from uuid import UUID

from pydantic import Field, TypeAdapter, ValidationError

from openviber_protocol.frame import MAX_FRAME_BYTES, PROTOCOL_MAX, PROTOCOL_MIN, Frame
from openviber_protocol.frames import (
    Command,
    ErrorPayload,
    HubChallenge,
    HubFrame,
    LogFrame,
    NodeAck,
    NodeFrame,
    NodeHello,
    StreamFrame,
)
from openviber_protocol.json_guard import BadFrameError, has_repeated_key, read_object
from openviber_protocol.streams import stream_of

Sender = Literal["hub", "node"]
AnyWireFrame = HubFrame | NodeFrame

_SHOWN = 200  # characters of a foreign name that an error repeats


@cache
def _adapter(sender: Sender) -> TypeAdapter[AnyWireFrame]:
    """Build what reads one side's frames, once it is needed: nobody needs both."""
    if sender == "hub":
        return TypeAdapter(Annotated[HubFrame, Field(discriminator="type")])
    return TypeAdapter(Annotated[NodeFrame, Field(discriminator="type")])


def types_of(sender: Sender) -> frozenset[str]:
    """List the frame types that one side may send."""
    union = HubFrame if sender == "hub" else NodeFrame
    kinds = cast("tuple[type[Frame], ...]", get_args(union))
    return frozenset(kind.model_fields["type"].default for kind in kinds)


_TYPES: dict[Sender, frozenset[str]] = {"hub": types_of("hub"), "node": types_of("node")}
_OPENERS = frozenset({"node:hello", "hub:challenge"})
_ALL_TYPES = _TYPES["hub"] | _TYPES["node"]


class FrameTooLargeError(ValueError):
    """A frame of ours would be refused for its size, so it is not sent."""

    def __init__(self, type_name: str, size: int) -> None:
        self.type_name, self.size = type_name, size
        super().__init__(f"{type_name} takes {size} bytes; a frame has at most {MAX_FRAME_BYTES}")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A JSON object that is no frame of this protocol. Answer with `payload`; nothing was done.

    `versions` is the protocol range that a challenge or a hello claims, when it can still be read.
    """

    payload: ErrorPayload
    versions: tuple[int, int] | None = None


@overload
def decode(text: str | bytes, *, sender: Literal["hub"]) -> HubFrame | Refusal: ...
@overload
def decode(text: str | bytes, *, sender: Literal["node"]) -> NodeFrame | Refusal: ...
def decode(text: str | bytes, *, sender: Sender) -> AnyWireFrame | Refusal:
    """Read one frame that `sender` sent.

    Raises:
        BadFrameError: It is not JSON, or is larger or deeper than any frame may be.
    """
    data, readable = _both_forms(text)
    if len(data) > MAX_FRAME_BYTES:
        raise BadFrameError(f"the frame has {len(data)} bytes; the limit is {MAX_FRAME_BYTES}")
    try:
        frame = _adapter(sender).validate_json(data, strict=True)
    except ValidationError as error:
        if error.errors(include_url=False, include_input=False)[0]["type"] == "json_invalid":
            raise BadFrameError("the frame is not JSON") from error
        return _refusal(read_object(readable), error, sender)
    # A log frame is flat and closed, and by far the most frequent: a scan replaces a second parse.
    if isinstance(frame, LogFrame) and "\\" not in readable:
        if has_repeated_key(readable):
            raise BadFrameError("the frame names a key twice")
    else:
        read_object(readable)
    return _envelope_fault(frame) or frame


def encode(frame: AnyWireFrame) -> str:
    """Write one frame as JSON; fields that are `None` are left out.

    Raises:
        FrameTooLargeError: The other side would hang up on it.
    """
    text = frame.model_dump_json(by_alias=True, exclude_none=True)
    size = len(text) if text.isascii() else len(text.encode())
    if size > MAX_FRAME_BYTES:
        raise FrameTooLargeError(frame.type, size)
    return text


def _both_forms(text: str | bytes) -> tuple[bytes, str]:
    try:
        return (text.encode(), text) if isinstance(text, str) else (text, text.decode())
    except UnicodeError as error:
        raise BadFrameError("the frame is not UTF-8") from error


def _envelope_fault(frame: AnyWireFrame) -> Refusal | None:
    """Find an envelope field that is missing or contradicts the payload."""
    if not isinstance(frame, (NodeHello, HubChallenge)) and not (
        PROTOCOL_MIN <= frame.v <= PROTOCOL_MAX
    ):
        return _fault(frame, "v", f"version {frame.v} is not spoken here")
    if isinstance(frame, Command | NodeAck):
        if frame.command_id is None:
            return _fault(frame, "commandId", "field required")
        if frame.attempt is None:
            return _fault(frame, "attempt", "field required")
    elif isinstance(frame, StreamFrame):
        if frame.stream is None:
            return _fault(frame, "stream", "field required")
        if frame.seq is None:
            return _fault(frame, "seq", "field required")
        if frame.stream != (right := stream_of(frame)):
            return _fault(frame, "stream", f"this frame belongs on {right}")
    return None


def _fault(frame: AnyWireFrame, field: str, message: str) -> Refusal:
    return Refusal(ErrorPayload(about=frame.id, type_name=frame.type, field=field, message=message))


def _refusal(found: dict[str, object], error: ValidationError, sender: Sender) -> Refusal:
    type_name = found.get("type")
    shown = type_name[:_SHOWN] if isinstance(type_name, str) else ""
    details = error.errors(include_url=False, include_input=False, include_context=False)
    field, message = _first_fault(details[0]["loc"], details[0]["msg"])
    if not isinstance(type_name, str):
        field, message = "type", "field required, and it must be a string"
    elif type_name not in _TYPES[sender]:
        field = "type"
        message = (
            f"a {sender} may not send {shown}"
            if type_name in _ALL_TYPES
            else f"{shown!r} is no frame type of this protocol"
        )
    elif len(details) > 1:
        message = f"{message} (and {len(details) - 1} more)"
    return Refusal(
        ErrorPayload(about=_uuid(found.get("id")), type_name=shown, field=field, message=message),
        versions=_versions(found.get("payload")) if shown in _OPENERS else None,
    )


def _first_fault(place: tuple[int | str, ...], message: str) -> tuple[str, str]:
    """Name the field by its path; the union puts the frame's type in front of it."""
    return ".".join(str(part) for part in place[1:])[:_SHOWN], message[:_SHOWN]


def _uuid(value: object) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _versions(payload: object) -> tuple[int, int] | None:
    if not isinstance(payload, dict):
        return None
    fields = cast("dict[str, object]", payload)
    low, high = fields.get("protocolMin"), fields.get("protocolMax")
    return (low, high) if type(low) is int and type(high) is int else None
