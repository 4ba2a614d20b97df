"""The grammar of what a person may name: repository addresses, hosts, branches."""

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass

from openviber_daemon.workspace.errors import WorkspaceError

MAX_URL = 2048
MAX_REF = 244
"""A file name's 255 bytes, less room for git's own `.lock`."""

PORTS = {"https": 443, "http": 80, "ssh": 22}

HOST = r"(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?\.?)"
FULL = re.compile(
    rf"(?P<scheme>https?|ssh)://(?:(?P<userinfo>[^/@]*)@)?(?P<host>{HOST})(?::(?P<port>\d{{1,5}}))?"
    r"/(?P<path>[^?#]+)"
)
SHORT = re.compile(rf"(?P<user>[A-Za-z0-9_][A-Za-z0-9._-]*)@(?P<host>{HOST}):(?P<path>[^/-][^?#]*)")
CONTROL = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029\\]")
HELPER = re.compile(r"[A-Za-z0-9+.-]*::")


class AddressError(WorkspaceError):
    """An address or a name that is refused before git sees it."""

    def __init__(self, message: str) -> None:
        super().__init__(message, reason="refused")


@dataclass(frozen=True)
class Address:
    """A repository address that passed the grammar; `url` is what git is given."""

    url: str
    scheme: str
    host: str
    port: int
    user: str = ""

    @property
    def origin(self) -> str:
        """The address up to its host, as git's `http.<url>.*` settings match it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}/"

    def is_named(self, allowed_hosts: Iterable[str]) -> bool:
        """Say whether the owner named this host, with or without its port, or this very address."""
        names = {self.host, f"{self.host}:{self.port}", f"[{self.host}]:{self.port}"}
        return any(
            entry == self.url or entry.strip().rstrip(".").lower() in names
            for entry in allowed_hosts
        )


def parse_address(url: str, *, allowed_hosts: Iterable[str] = ()) -> Address:
    """Read a repository address.

    Raises:
        AddressError: it is not an https or ssh address, or not one that may be used here.
    """
    if not url:
        raise AddressError("the environment has no repository: give its https or ssh address")
    if len(url) > MAX_URL:
        raise AddressError(f"the repository's address is longer than {MAX_URL} characters")
    if url.startswith("-") or CONTROL.search(url):
        raise AddressError(
            "the repository's address begins with a dash, or holds a space, a backslash or a "
            "control character"
        )
    if HELPER.match(url):
        raise AddressError(
            f"`{url.split('::', 1)[0]}::` would run a program of this machine: use https:// or ssh://"
        )
    found = FULL.fullmatch(url)
    if found is None:
        return _parse_short(url)
    scheme, host = found["scheme"], found["host"].strip("[]").rstrip(".").lower()
    port = int(found["port"] or PORTS[scheme])
    if not 1 <= port <= 65535:  # noqa: PLR2004 - the range of a TCP port
        raise AddressError(f"{port} is not a port")
    userinfo = found["userinfo"] or ""
    if ":" in userinfo or (userinfo and scheme != "ssh"):
        raise AddressError(
            "the repository's address holds a user name or a password: leave them out, "
            "and store the token as the environment's git credential"
        )
    if userinfo and not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]*", userinfo):
        raise AddressError("the repository's address holds an odd user name")
    address = Address(url=url, scheme=scheme, host=host, port=port, user=userinfo)
    if scheme == "http" and not address.is_named(allowed_hosts):
        raise AddressError(
            f"http:// sends everything in the clear: use https://, or name {host}:{port} among "
            "the allowed git hosts"
        )
    return address


def _parse_short(url: str) -> Address:
    found = SHORT.fullmatch(url)
    if found is None:
        raise AddressError(
            "the repository's address must look like https://host/path, ssh://git@host/path or "
            "git@host:path"
        )
    host = found["host"].strip("[]").rstrip(".").lower()
    return Address(url=url, scheme="ssh", host=host, port=PORTS["ssh"], user=found["user"])


def join_relative(base: str, url: str) -> str:
    """Give the address of a submodule that is named relative to its repository."""
    if not url.startswith(("./", "../")):
        return url
    base = base.rstrip("/")
    while True:
        if url.startswith("./"):
            url = url[2:]
        elif url.startswith("../"):
            cut = max(base.rfind("/"), base.rfind(":"))
            base, url = base[:cut], url[3:]
        else:
            return f"{base}/{url}"


def is_public(ip: str) -> bool:
    """Say whether an IP address is one of the open internet, also when it is wrapped in IPv6."""
    value = ipaddress.ip_address(ip.split("%", 1)[0])
    if isinstance(value, ipaddress.IPv6Address):
        inner = value.ipv4_mapped or value.sixtofour or (value.teredo or (None, None))[1]
        if inner is None and value in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(value) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return value.is_global and not value.is_multicast


def check_resolved(
    address: Address, *, resolved: Iterable[str], allowed_hosts: Iterable[str]
) -> None:
    """Refuse a private host that the owner did not name; every resolved address counts.

    Raises:
        AddressError: the host leads into a private network.
    """
    if address.is_named(allowed_hosts):
        return
    for ip in resolved:
        if not is_public(ip):
            raise AddressError(
                f"{address.host} leads to the private address {ip}: "
                f"name {address.host}:{address.port} among the allowed git hosts if that is meant"
            )


BAD_REF = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//")


def check_branch(name: str) -> str:
    """Return the name of a branch when git would take it too.

    Raises:
        AddressError: it is no name for a branch.
    """
    parts = name.split("/")
    if (
        not name
        or len(name.encode()) > MAX_REF
        or name.startswith("-")
        or name.endswith(".")
        or name == "@"
        or BAD_REF.search(name)
        or any(not part or part.startswith(".") or part.endswith(".lock") for part in parts)
    ):
        shown = name.encode("ascii", "backslashreplace").decode()[:80]
        raise AddressError(f"`{shown}` is no name for a branch")
    return name
