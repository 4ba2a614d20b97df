"""The name of the git branch that a thread works on."""

import re
import unicodedata
from uuid import UUID

PREFIX = "viber/"
MAX_LENGTH = 60
TAIL_LENGTH = 6
"""Hex digits of the thread's id: two threads with one title keep two branches."""

_MAX_SLUG = MAX_LENGTH - len(PREFIX) - TAIL_LENGTH - 1


def slug(text: str) -> str:
    """Return `text` as lower-case ASCII words joined by hyphens; `thread` when nothing is left."""
    ascii_only = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", ascii_only.lower()).strip("-")
    if len(words) > _MAX_SLUG:
        cut = words[: _MAX_SLUG + 1].rpartition("-")[0]
        words = (cut or words)[:_MAX_SLUG]
    return words.strip("-") or "thread"


def branch_name(title: str, thread_id: UUID) -> str:
    """Return `viber/<slug>-<6 hex>`: a valid ref for any title, at most 60 characters.

    The digits are the last of the id: the first ones are a time and equal for threads made
    together.
    """
    return f"{PREFIX}{slug(title)}-{thread_id.hex[-TAIL_LENGTH:]}"
