"""What an event may say: free text without secrets, and no longer than its frame can carry."""

from collections.abc import Callable, Mapping
from typing import Any

SHORT = 4000
"""`ShortText` on the wire holds 4096 characters."""

LIMITS = {
    "message": SHORT,
    "detail": 500,
    "detected": SHORT,
    "workingDir": SHORT,
    "resolvedWorkingDir": SHORT,
    "branch": SHORT,
    "command": SHORT,
    "cwd": SHORT,
    "failingCommand": SHORT,
    "title": SHORT,
    "path": SHORT,
    "oldPath": SHORT,
    "logTail": 16 * 1024,
    "text": 32 * 1024,
}
"""Keys whose value is free text, with their longest length; any other key is data and stays."""

FIELDS = "fields"
FIELD_LIMIT = 16 * 1024
"""Everything inside a timeline record's `fields` is free text."""


def clean_payload(
    payload: Mapping[str, Any], redact: Callable[[str], str], *, shrink: int = 1
) -> dict[str, Any]:
    """Mask and clip the free text of a payload; a larger `shrink` clips the long texts more."""
    return {key: _clean(key, value, redact, shrink) for key, value in payload.items()}


def _clean(key: str, value: Any, redact: Callable[[str], str], shrink: int) -> Any:
    if key == FIELDS:
        return _clean_all(value, redact, max(SHORT // shrink, FIELD_LIMIT // shrink))
    if isinstance(value, str):
        if key not in LIMITS:
            return value
        return clip(redact(value), max(200, LIMITS[key] // shrink))
    if isinstance(value, Mapping):
        return clean_payload(value, redact, shrink=shrink)
    if isinstance(value, list | tuple):
        # Texts are masked before anything cuts them: half a secret is no needle any more.
        return [_clean(key, item, redact, shrink) for item in value]
    return value


def _clean_all(value: Any, redact: Callable[[str], str], limit: int) -> Any:
    if isinstance(value, str):
        return clip(redact(value), limit)
    if isinstance(value, Mapping):
        return {redact(key): _clean_all(item, redact, limit) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean_all(item, redact, limit) for item in value]
    return value


def clip(text: str, limit: int) -> str:
    """Shorten a text, saying by how much."""
    if len(text) <= limit:
        return text
    note = f"… ({len(text) - limit} more characters)"
    return text[: max(0, limit - len(note))] + note
