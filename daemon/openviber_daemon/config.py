"""What a node was told at onboarding."""

import ipaddress
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

from openviber_daemon.errors import NodeError
from openviber_daemon.home import Home, write_private

DEFAULT_BOARD = "http://127.0.0.1:3000"

RUNNER_VARIABLES = (
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "LANG",
    "LC_ALL",
    "TZ",
    "TMPDIR",
    "SSH_AUTH_SOCK",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "GIT_SSL_CAINFO",
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "no_proxy",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
)
"""What a runner inherits: enough for git to reach a host as the node's user. Scripts get none."""


class NotOnboardedError(NodeError):
    """There is no node in this home yet."""

    def __init__(self, home: Home) -> None:
        super().__init__(
            f"this machine is not a node yet: {home.config_file} does not exist. "
            "Make a token on the board's Nodes page, then run: openviber onboard --token <token>"
        )


class BadConfigError(NodeError):
    """The configuration cannot be read."""

    def __init__(self, home: Home, reason: str) -> None:
        super().__init__(
            f"{home.config_file} cannot be used: {reason}. "
            "Onboard again with a new token: openviber onboard --replace --token <token>"
        )


class InsecureBoardError(NodeError):
    """The board would be reached over a network without encryption."""

    def __init__(self, url: str) -> None:
        super().__init__(
            f"{url} is not encrypted and is not on this machine, so anyone on the way could read "
            "and change what the board sends. Use an https:// address, "
            "or add --allow-insecure if you trust that network"
        )


class BadAddressError(NodeError):
    """An address is not one of a board."""

    def __init__(self, url: str) -> None:
        super().__init__(
            f"{url!r} is not the address of a board: it should look like https://board.example.org"
        )


@dataclass(frozen=True)
class NodeConfig:
    """Who this node is and which board it belongs to. The token's `repr` is left out."""

    board_url: str
    node_id: UUID
    node_name: str
    hub_key: str
    hub_key_id: str
    auth_token: str = field(repr=False)
    allow_insecure: bool = False
    path: tuple[str, ...] = ()

    @property
    def origin(self) -> str:
        """The board's origin as this node knows it."""
        return origin_of(self.board_url)

    @property
    def hub_url(self) -> str:
        """The address of the hub's socket."""
        return "ws" + self.board_url.removeprefix("http") + "/hub"


def home_from_environment() -> Home:
    """Give the node's home: `$OPENVIBER_HOME`, else `~/.openviber`."""
    named = os.environ.get("OPENVIBER_HOME", "")
    return Home(Path(named).expanduser().absolute() if named else Path.home() / ".openviber")


def token_from_environment() -> str:
    """Give the one-time token of `$OPENVIBER_TOKEN`, or an empty text."""
    return os.environ.get("OPENVIBER_TOKEN", "")


def runner_environment() -> dict[str, str]:
    """Give what a runner inherits of the daemon's environment."""
    return {name: os.environ[name] for name in RUNNER_VARIABLES if name in os.environ}


def has_user_session() -> bool:
    """Say whether systemd's user instance can be spoken to from here."""
    return bool(os.environ.get("XDG_RUNTIME_DIR") or os.environ.get("DBUS_SESSION_BUS_ADDRESS"))


def user_config_directory() -> Path:
    """Give the folder in which programs of this user keep their configuration."""
    named = os.environ.get("XDG_CONFIG_HOME", "")
    return Path(named) if named else Path.home() / ".config"


def origin_of(url: str) -> str:
    """Reduce an address to scheme, host and port, the way browsers write an origin."""
    parts = urlsplit(url)
    scheme = {"ws": "http", "wss": "https"}.get(parts.scheme, parts.scheme)
    host = parts.hostname or ""
    shown = f"[{host}]" if ":" in host else host
    default = {"http": 80, "https": 443}.get(scheme)
    return (
        f"{scheme}://{shown}"
        if parts.port in (None, default)
        else f"{scheme}://{shown}:{parts.port}"
    )


def is_loopback(host: str) -> bool:
    """Say whether a host name means this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def check_board_url(url: str, *, allow_insecure: bool) -> str:
    """Return the address without a trailing slash.

    Raises:
        BadAddressError: it is not an http(s) address.
        InsecureBoardError: it is not encrypted, not on this machine, and that was not allowed.
    """
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        raise BadAddressError(url) from None
    if not usable or parts.username or parts.password or parts.query or parts.fragment:
        raise BadAddressError(url)
    if parts.scheme == "http" and not allow_insecure and not is_loopback(parts.hostname or ""):
        raise InsecureBoardError(url)
    return url.rstrip("/")


def load_config(home: Home) -> NodeConfig:
    """Read the node's configuration.

    Raises:
        NotOnboardedError: there is none.
        BadConfigError: it is damaged.
    """
    try:
        written: object = json.loads(home.config_file.read_bytes())
    except FileNotFoundError:
        raise NotOnboardedError(home) from None
    except (OSError, ValueError) as error:
        raise BadConfigError(home, str(error)) from error
    if not isinstance(written, Mapping):
        raise BadConfigError(home, "it is not a JSON object")
    try:
        config = NodeConfig(
            board_url=str(written["boardUrl"]),
            node_id=UUID(str(written["nodeId"])),
            node_name=str(written["nodeName"]),
            hub_key=str(written["hubKey"]),
            hub_key_id=str(written["hubKeyId"]),
            auth_token=str(written["authToken"]),
            allow_insecure=bool(written.get("allowInsecure", False)),
            path=tuple(str(folder) for folder in written.get("path", ())),
        )
    except KeyError as error:
        raise BadConfigError(home, f"{error} is missing") from error
    except (TypeError, ValueError) as error:
        raise BadConfigError(home, str(error)) from error
    check_board_url(config.board_url, allow_insecure=config.allow_insecure)
    return config


def _kept(home: Home) -> dict[str, object]:
    """Give what the file holds besides this node's identity, such as `quotas` and `path`."""
    try:
        there: object = json.loads(home.config_file.read_bytes())
    except (OSError, ValueError):
        return {}  # none, or damaged: it is replaced as a whole
    return {str(key): value for key, value in there.items()} if isinstance(there, dict) else {}


def save_config(home: Home, config: NodeConfig) -> None:
    """Write the node's configuration for its owner only; what a person added to it stays."""
    written = _kept(home) | {
        "boardUrl": config.board_url,
        "nodeId": str(config.node_id),
        "nodeName": config.node_name,
        "hubKey": config.hub_key,
        "hubKeyId": config.hub_key_id,
        "authToken": config.auth_token,
        "allowInsecure": config.allow_insecure,
    }
    if config.path:
        written["path"] = list(config.path)
    write_private(home.config_file, json.dumps(written, indent=2).encode() + b"\n")


def program() -> tuple[str, ...]:
    """Give the command that starts this program again, by full path."""
    return (sys.executable, "-m", "openviber_daemon")
