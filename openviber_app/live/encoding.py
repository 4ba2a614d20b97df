"""Views as the JSON that viewers get: the same names and forms as in the REST API."""

import base64
import json
from dataclasses import fields
from datetime import datetime
from enum import Enum
from functools import cache
from uuid import UUID

from openviber_app.services.timeline_pages import Change, FileView, ItemView, LogView, RunView

Event = dict[str, object]

RESYNC: Event = {"t": "resync"}
GONE: Event = {"t": "gone"}
CHANGED: Event = {"t": "changed"}
FULL: Event = {"t": "full"}


@cache
def _names(kind: type[ItemView | RunView | FileView | LogView]) -> list[tuple[str, str]]:
    def camel(name: str) -> str:
        first, *rest = name.split("_")
        return first + "".join(part.capitalize() for part in rest)

    return [(field.name, camel(field.name)) for field in fields(kind)]


def _plain(value: object) -> object:
    match value:
        case ItemView() | RunView() | FileView() | LogView():
            return {wire: getattr(value, name) for name, wire in _names(type(value))}
        case UUID():
            return str(value)
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case Enum():
            return value.value
        case _:
            raise TypeError(f"{type(value).__name__} has no place in an event")


def change_event(change: Change) -> Event:
    """Return an item or a run as an event."""
    if isinstance(change, ItemView):
        return {"t": "item", "item": change}
    return {"t": "run", "run": change}


def log_event(*, at: int, data: bytes) -> Event:
    """Return bytes of a log as an event."""
    return {"t": "log", "at": at, "d": base64.b64encode(data).decode("ascii")}


def end_event(*, size: int, is_complete: bool) -> Event:
    """Return the end of a log as an event."""
    return {"t": "end", "bytes": size, "complete": is_complete}


def encode(topic: str, position: int, event: Event) -> str:
    """Return one entry of a message."""
    return json.dumps(
        [topic, position, event], ensure_ascii=False, separators=(",", ":"), default=_plain
    )
