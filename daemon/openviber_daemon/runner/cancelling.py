"""The flag that is raised when somebody wants an execution to stop."""

import json
import os
import select
from pathlib import Path

CANCEL_FILE = "cancel"

_MESSAGES = {
    "cancelled": "cancelled before it was finished",
    "stopped": "stopped before it was finished",
    "timeout": "ended because its time was up",
    "interrupted": "interrupted: the node was shut down, or the process was ended there",
    "lost": "given up: the board counted it as lost while the node was away",
    "refused": "refused by the board after it had begun",
    "failed": "ended from outside",
}


class CancelFlag:
    """`reason` is None until somebody asks; from then on a value of the wire's ErrorReason."""

    def __init__(self) -> None:
        self._reason: str | None = None
        self._readable, self._writable = os.pipe()

    @property
    def reason(self) -> str | None:
        return self._reason

    @property
    def message(self) -> str:
        """Give the sentence that tells why it ended."""
        return _MESSAGES[self._reason or "failed"]

    def request(self, reason: str) -> None:
        """Ask to stop; the first reason stays. Safe in a signal handler."""
        if self._reason is None:
            self._reason = reason if reason in _MESSAGES else "cancelled"
            os.write(self._writable, b"x")

    def wait(self, seconds: float) -> bool:
        """Wait until somebody asks, at most so long; say whether somebody did."""
        select.select([self._readable], [], [], seconds)
        return self._reason is not None

    def fileno(self) -> int:
        """Give a descriptor that is readable once somebody has asked."""
        return self._readable

    def close(self) -> None:
        os.close(self._readable)
        os.close(self._writable)


def read_reason(attempt_dir: Path) -> str | None:
    """Read why the daemon wants the execution to stop; None when it said nothing."""
    try:
        asked = json.loads((attempt_dir / CANCEL_FILE).read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        return "cancelled"
    reason = asked.get("reason") if isinstance(asked, dict) else None
    return reason if isinstance(reason, str) else "cancelled"
