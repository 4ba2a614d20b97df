"""The only reader of the process environment."""

import os
from dataclasses import dataclass
from pathlib import Path

DEFAULT_PORT = 3000


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person may set; `public_url` is how browsers and nodes reach the board."""

    data: Path
    host: str
    port: int
    database_url: str
    public_url: str
    git_hosts: tuple[str, ...]
    """Git hosts (`host` or `host:port`) where plain http and private addresses are allowed."""


def load_settings() -> Settings:
    """Read DATA, HOST, PORT, DATABASE_URL, PUBLIC_URL and OPENVIBER_GIT_HOSTS.

    Raises:
        ValueError: a value cannot be used; the message names it.
    """
    raw_port = os.environ.get("PORT") or str(DEFAULT_PORT)
    if not raw_port.isdigit() or not 0 < int(raw_port) < 65536:  # noqa: PLR2004 - the last port
        raise ValueError(f"PORT={raw_port} is not a port number (1 to 65535)")
    data = Path(os.environ.get("DATA") or "data").expanduser().resolve()
    host = os.environ.get("HOST") or "127.0.0.1"
    port = int(raw_port)
    shown = "localhost" if host in {"0.0.0.0", "::", "127.0.0.1"} else host  # noqa: S104 - compared
    return Settings(
        data=data,
        host=host,
        port=port,
        database_url=os.environ.get("DATABASE_URL")
        or f"sqlite+aiosqlite:///{data / 'board.sqlite3'}",
        public_url=(os.environ.get("PUBLIC_URL") or f"http://{shown}:{port}").rstrip("/"),
        git_hosts=tuple(os.environ.get("OPENVIBER_GIT_HOSTS", "").split()),
    )


def node_environment(home: Path) -> dict[str, str]:
    """Return what a node on this machine is started with: nothing of the board's own settings."""
    kept = ("PATH", "HOME", "LANG", "USER", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    return environment | {"OPENVIBER_HOME": str(home)}
