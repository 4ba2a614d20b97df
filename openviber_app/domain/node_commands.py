"""What a person types on a machine to make it a node, and what the address in it means."""

from dataclasses import dataclass
from urllib.parse import urlsplit

LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True, slots=True)
class Door:
    """The address by which nodes reach the board."""

    address: str
    is_encrypted: bool
    is_local: bool

    @property
    def warning(self) -> str:
        """What is wrong with this address for a node on another machine, or nothing."""
        if self.is_local:
            return (
                f"{self.address} is reached from this machine only; for another machine start the "
                "board with HOST=0.0.0.0, or better with PUBLIC_URL=https://... behind a TLS proxy"
            )
        if not self.is_encrypted:
            return (
                f"{self.address} is not encrypted: whoever is on the way can read logs and steer "
                "the node; secrets stay sealed. Put a TLS proxy in front and set "
                "PUBLIC_URL=https://..."
            )
        return ""

    def install(self, token: str) -> str:
        """Return the command for a machine that has only Python."""
        return f"OPENVIBER_TOKEN={token} {self._fetched()}{self._flags()}"

    def onboard(self, token: str) -> str:
        """Return the command for a machine that has the daemon."""
        return f"openviber onboard --token {token} --board {self.address}{self._flags()}"

    def update(self) -> str:
        """Return the command that renews a node's daemon."""
        return f"{self._fetched()} --update"

    def _fetched(self) -> str:
        script = f"{self.address}/api/daemon/install.py"
        fetch = f"import urllib.request as u; exec(u.urlopen('{script}').read())"
        return f'python3 -c "{fetch}" --board {self.address}'

    def _flags(self) -> str:
        return "" if self.is_encrypted or self.is_local else " --allow-insecure"


def door_at(address: str) -> Door:
    """Return what is known of the board's public address."""
    parts = urlsplit(address)
    return Door(address, parts.scheme == "https", parts.hostname in LOOPBACK)


def is_older(version: str, than: str) -> bool:
    """Whether one version of the daemon came before another; an odd one never does."""
    try:
        ours, theirs = (tuple(int(part) for part in v.split(".")) for v in (version, than))
    except ValueError:
        return False
    return ours < theirs
