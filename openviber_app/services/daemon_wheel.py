"""The daemon's distribution that this board hands out to new nodes."""

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from openviber_app.domain.errors import NotFoundError

FOLDER = Path(__file__).resolve().parent.parent / "_daemon"
"""Filled by `make run` and `make build`; part of the board's own wheel."""

SUFFIX = "-py3-none-any.whl"


class NoDaemonError(NotFoundError):
    """The board was started without the daemon's wheel beside it."""

    def __init__(self) -> None:
        super().__init__("daemon wheel here; start the board with `make run`, or run `make build`")


@dataclass(frozen=True, slots=True)
class DaemonWheel:
    """A wheel with its locked requirements, both with their sha256 in hex."""

    version: str
    file: Path
    sha256: str
    requirements: Path
    requirements_sha256: str


def find_wheel(folder: Path = FOLDER) -> DaemonWheel:
    """Return the wheel that is there.

    Raises:
        NoDaemonError: there is none.
    """
    files = sorted(folder.glob(f"openviber_daemon-*{SUFFIX}"), key=lambda f: f.stat().st_mtime)
    requirements = folder / "requirements.txt"
    if not files or not requirements.is_file():
        raise NoDaemonError
    file = files[-1]
    return DaemonWheel(
        version=file.name.split("-")[1],
        file=file,
        sha256=_digest(file, file.stat().st_mtime_ns),
        requirements=requirements,
        requirements_sha256=_digest(requirements, requirements.stat().st_mtime_ns),
    )


@lru_cache(maxsize=8)
def _digest(file: Path, _changed: int) -> str:
    return sha256(file.read_bytes()).hexdigest()
