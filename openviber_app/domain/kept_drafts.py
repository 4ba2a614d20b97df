"""What is kept of words that nobody has sent yet: which keys and values, and how many."""

import json
import re
from typing import Any

from openviber_app.domain.errors import Problem

DRAFTS_MAX = 200
"""A person's drafts; past it the ones that were not touched for longest go."""

VALUE_MAX_BYTES = 256 * 1024
KEY = re.compile(r"[A-Za-z0-9:_-]{1,200}")


def draft_problems(key: str, value: Any) -> list[Problem]:
    """Return what is wrong with a draft."""
    found: list[Problem] = []
    if KEY.fullmatch(key) is None:
        message = "a key has 1 to 200 letters, digits and characters out of : _ -"
        found.append(Problem("#path/key", message))
    try:
        size = len(json.dumps(value, ensure_ascii=False, allow_nan=False).encode())
    except ValueError:
        found.append(Problem("/value", "a draft is JSON: Unicode text, and no NaN"))
    else:
        if size > VALUE_MAX_BYTES:
            message = f"a draft has at most {VALUE_MAX_BYTES // 1024} KiB"
            found.append(Problem("/value", message))
    return found


def is_empty(value: Any) -> bool:
    """Whether nothing is left to keep."""
    return value is None or value in ("", [], {})
