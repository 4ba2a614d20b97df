"""The only reader of the process environment."""

import ipaddress
import os
from dataclasses import dataclass
from pathlib import Path

from openviber_app.domain.kms import KmsChoice, choose_kms
from openviber_app.domain.openid import VARIABLES as OPENID_VARIABLES
from openviber_app.domain.openid import OpenIdSettings, read_openid

DEFAULT_PORT = 3000
DEFAULT_LOG_QUOTA = 10 * 1024**3
KEY_FILE = KmsChoice()

NODE_VARIABLES = (
    *("PATH", "HOME", "LANG", "USER", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR", "GIT_SSL_CAINFO"),
    *("http_proxy", "https_proxy", "all_proxy", "no_proxy"),
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"),
)
"""What the node on the board's own machine inherits: how this machine reaches others."""


OUTWARD_VARIABLES = tuple(name for name in NODE_VARIABLES if name not in {"HOME", "LANG", "USER"})
"""What the board's own git gets: where programs are, and how this machine reaches others."""


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
    log_quota_bytes: int = DEFAULT_LOG_QUOTA
    """How many bytes of logs the board keeps; beyond it the oldest finished ones go."""
    openid: OpenIdSettings | None = None
    """Who else may say who somebody is; None: nobody."""

    trusted_proxies: tuple[str, ...] = ()
    """Addresses and networks whose `X-Forwarded-For` is believed."""

    kms: KmsChoice = KEY_FILE
    """The key service that wraps the secrets' keys."""

    @property
    def is_https(self) -> bool:
        """Whether browsers reach the board over TLS."""
        return self.public_url.lower().startswith("https://")

    @property
    def sample_url(self) -> str:
        """Where nodes find the repository that ships with the board."""
        scheme, _, rest = self.public_url.partition("://")
        host, slash, path = rest.partition("/")
        return f"{scheme.lower()}://{host.lower()}{slash}{path}/sample.git"

    @property
    def git_places(self) -> tuple[str, ...]:
        """What may be plain http or private: the named hosts, and that one repository."""
        return (*self.git_hosts, self.sample_url)


def load_settings() -> Settings:
    """Read every setting of the board.

    Raises:
        ValueError: a value cannot be used; the message names it.
    """
    raw_port = os.environ.get("PORT") or str(DEFAULT_PORT)
    if not raw_port.isdigit() or not 0 < int(raw_port) < 65536:  # noqa: PLR2004 - the last port
        raise ValueError(f"PORT={raw_port} is not a port number (1 to 65535)")
    raw_quota = os.environ.get("LOG_QUOTA_BYTES") or str(DEFAULT_LOG_QUOTA)
    if not (raw_quota.isascii() and raw_quota.isdigit()) or int(raw_quota) == 0:
        raise ValueError(
            f"LOG_QUOTA_BYTES={raw_quota} is not a number of bytes, such as {DEFAULT_LOG_QUOTA}"
        )
    data = Path(os.environ.get("DATA") or "data").expanduser().resolve()
    host = os.environ.get("HOST") or "127.0.0.1"
    port = int(raw_port)
    shown = "localhost" if host in {"0.0.0.0", "::", "127.0.0.1"} else host  # noqa: S104 - compared  # nosec B104
    return Settings(
        data=data,
        host=host,
        port=port,
        database_url=os.environ.get("DATABASE_URL")
        or f"sqlite+aiosqlite:///{data / 'board.sqlite3'}",
        public_url=(os.environ.get("PUBLIC_URL") or f"http://{shown}:{port}").rstrip("/"),
        git_hosts=tuple(os.environ.get("OPENVIBER_GIT_HOSTS", "").split()),
        log_quota_bytes=int(raw_quota),
        openid=read_openid(_openid_values()),
        trusted_proxies=_trusted_proxies(os.environ.get("TRUSTED_PROXIES", "")),
        kms=choose_kms(
            os.environ.get("KMS", ""),
            address=os.environ.get("VAULT_ADDR", ""),
            token=os.environ.get("VAULT_TOKEN", ""),
            token_file=os.environ.get("VAULT_TOKEN_FILE", ""),
        ),
    )


def _openid_values() -> dict[str, str]:
    values = {name: os.environ.get(name, "") for name in OPENID_VARIABLES}
    if file := os.environ.get("OIDC_CLIENT_SECRET_FILE"):
        if values["OIDC_CLIENT_SECRET"]:
            raise ValueError("set OIDC_CLIENT_SECRET or OIDC_CLIENT_SECRET_FILE, not both")
        try:
            values["OIDC_CLIENT_SECRET"] = Path(file).expanduser().read_text().strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ValueError(f"OIDC_CLIENT_SECRET_FILE={file} cannot be read: {error}") from error
    return values


def _trusted_proxies(text: str) -> tuple[str, ...]:
    found = tuple(text.split())
    for network in found:
        try:
            ipaddress.ip_network(network, strict=False)
        except ValueError as error:
            raise ValueError(
                f"TRUSTED_PROXIES={text} is not a list of addresses, such as 127.0.0.1 10.0.0.0/8"
            ) from error
    return found


def node_environment(home: Path) -> dict[str, str]:
    """Return what a node on this machine is started with: nothing of the board's own settings."""
    environment = {name: os.environ[name] for name in NODE_VARIABLES if name in os.environ}
    return environment | {"OPENVIBER_HOME": str(home)}


def outward_environment() -> dict[str, str]:
    """Return what a program that speaks to other machines has to know of this one."""
    return {name: os.environ[name] for name in OUTWARD_VARIABLES if name in os.environ}
