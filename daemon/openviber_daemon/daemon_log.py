"""What the daemon says about itself, on its terminal and in a file."""

import contextlib
import logging
import logging.handlers
import re
import sys
from collections.abc import Iterator
from pathlib import Path

LOG = logging.getLogger("openviber")

FILE_BYTES = 2 * 1024 * 1024
FILES_KEPT = 3
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
FORMAT = "%(asctime)s %(levelname)-7s %(message)s"


class OneLineFormatter(logging.Formatter):
    """Keeps what others wrote from moving the cursor or from looking like a line of ours."""

    def format(self, record: logging.LogRecord) -> str:
        return CONTROL.sub(escape, super().format(record)).replace("\n", "\n    ")


def escape(found: re.Match[str]) -> str:
    """Write a control character the way a program would."""
    return found.group().encode("unicode_escape").decode()


@contextlib.contextmanager
def logging_to(path: Path, *, is_verbose: bool = False) -> Iterator[None]:
    """Write the daemon's log to stderr and to a rotating file for as long as the block lasts."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    handlers: list[logging.Handler] = [
        logging.StreamHandler(sys.stderr),
        logging.handlers.RotatingFileHandler(path, maxBytes=FILE_BYTES, backupCount=FILES_KEPT),
    ]
    for handler in handlers:
        handler.setFormatter(OneLineFormatter(FORMAT))
        LOG.addHandler(handler)
    LOG.setLevel(logging.DEBUG if is_verbose else logging.INFO)
    LOG.propagate = False
    try:
        yield
    finally:
        for handler in handlers:
            LOG.removeHandler(handler)
            handler.close()
