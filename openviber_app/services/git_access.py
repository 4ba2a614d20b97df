"""How the board's git gets at one repository: the way to its host, and the credential."""

import asyncio
import base64
import shlex
import socket
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from openviber_app.domain.hosts import AddressError, RepoAddress
from openviber_app.domain.ip_addresses import is_literal, is_public
from openviber_app.services import programs
from openviber_app.settings import outward_environment

PORTS = {"https": 443, "http": 80, "ssh": 22}
SETTINGS = (
    ("core.askPass", ""),
    ("core.hooksPath", "/dev/null"),
    ("credential.helper", ""),
    ("credential.interactive", "false"),
    ("http.followRedirects", "false"),
    ("protocol.version", "2"),
)
SSH_OPTIONS = (
    *("BatchMode=yes", "ConnectTimeout=15", "ControlMaster=no", "ControlPath=none"),
    *(
        "ClearAllForwardings=yes",
        "PermitLocalCommand=no",
        "UpdateHostKeys=no",
        "IdentityAgent=none",
    ),
    *("IdentitiesOnly=yes", "GlobalKnownHostsFile=/dev/null"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """A repository's host with the addresses that were judged: git speaks to these only."""

    address: RepoAddress
    name: str
    port: int
    resolved: tuple[str, ...]

    @property
    def where(self) -> str:
        """How the host is called in sentences."""
        is_usual = self.port == PORTS[self.address.scheme]
        return self.name if is_usual else f"{self.name}:{self.port}"


async def reach(address: RepoAddress, *, is_allowed: bool) -> Reached:
    """Find a host's addresses; `is_allowed` says that private ones are meant.

    Raises:
        AddressError: the host leads into a private network.
        OSError: the name is not known here.
    """
    host, bracket, rest = address.host.rpartition("]")
    name = host.removeprefix("[") if bracket else address.host.partition(":")[0]
    given = rest.removeprefix(":") if bracket else address.host.partition(":")[2]
    port = int(given) if given else PORTS[address.scheme]
    try:
        found = await asyncio.get_running_loop().getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        if address.scheme != "ssh" and not is_literal(name) and _has_proxy(address.scheme):
            found = []  # only the proxy knows names here, and reaches what it may reach
        else:
            raise OSError(str(error)) from error
    resolved = tuple(dict.fromkeys(str(entry[4][0]) for entry in found))
    private = next((ip for ip in resolved if not is_public(ip)), "")
    if private and not is_allowed:
        raise AddressError(
            f"{name} leads to the private address {private}: the board's owner must name it as a"
            " git host first (OPENVIBER_GIT_HOSTS)"
        )
    return Reached(address=address, name=name, port=port, resolved=resolved)


def hidden_words(credential: Mapping[str, str] | None) -> Collection[str]:
    """Return what git might repeat of a credential, in any of its forms."""
    if credential is None or not credential["secret"]:
        return ()
    return (credential["secret"], credential["secret"].strip(), _basic(credential))


@contextmanager
def environment_of(
    reached: Reached, credential: Mapping[str, str] | None
) -> Iterator[dict[str, str]]:
    """Lend the whole environment of a git command that trusts nobody's settings."""
    settings = [*SETTINGS, *_pinned(reached)]
    allowed = "https:ssh:http" if reached.address.scheme == "http" else "https:ssh"
    environment = {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        **outward_environment(),
        "HOME": "/nonexistent",
        "XDG_CONFIG_HOME": "/nonexistent",
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_CONFIG_NOSYSTEM": "1",
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "LANGUAGE": "C",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "",
        "SSH_ASKPASS_REQUIRE": "never",
        "GIT_ALLOW_PROTOCOL": allowed,
        "GIT_PROTOCOL_FROM_USER": "0",
    }
    with ExitStack() as lent:
        if reached.address.scheme == "ssh":
            environment["GIT_SSH_COMMAND"] = _ssh(reached, credential, lent)
        elif credential is not None and credential["secret"]:
            origin = f"{reached.address.scheme}://{_shown(reached.name)}:{reached.port}/"
            header = f"Authorization: Basic {_basic(credential)}"
            settings.append((f"http.{origin}.extraHeader", header))
        yield environment | _numbered(settings)


def _basic(credential: Mapping[str, str]) -> str:
    pair = f"{credential['username']}:{credential['secret']}"
    return base64.b64encode(pair.encode()).decode()


def _ssh(reached: Reached, credential: Mapping[str, str] | None, lent: ExitStack) -> str:
    known_hosts = credential["known_hosts"].strip() if credential else ""
    options = [*SSH_OPTIONS]
    if known_hosts:
        file = lent.enter_context(programs.in_memory("known_hosts", known_hosts + "\n"))
        options += ["StrictHostKeyChecking=yes", f"UserKnownHostsFile={programs.path_of(file)}"]
    else:
        options += ["StrictHostKeyChecking=accept-new", "UserKnownHostsFile=/dev/null"]
    if reached.resolved and not is_literal(reached.name):
        is_usual = reached.port == PORTS["ssh"]
        alias = reached.name if is_usual else f"[{reached.name}]:{reached.port}"
        options += [f"HostName={reached.resolved[0]}", f"HostKeyAlias={alias}"]
    words = ["ssh", "-F", "/dev/null"]
    if credential is not None and credential["secret"]:
        key = lent.enter_context(programs.in_memory("deploy-key", _key_text(credential["secret"])))
        words += ["-i", programs.path_of(key)]
        options.append("PreferredAuthentications=publickey")
    else:
        options += ["IdentityFile=none", "PreferredAuthentications=none"]
    for option in options:
        words += ["-o", option]
    return shlex.join(words)


def _key_text(key: str) -> str:
    return key.strip().replace("\r\n", "\n") + "\n"


def _pinned(reached: Reached) -> list[tuple[str, str]]:
    """Make git speak to the addresses that were judged, not to what the name means later."""
    if reached.address.scheme == "ssh" or is_literal(reached.name) or not reached.resolved:
        return []
    shown = ",".join(_shown(ip) for ip in reached.resolved)
    return [("http.curloptResolve", f"{reached.name}:{reached.port}:{shown}")]


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _numbered(settings: Sequence[tuple[str, str]]) -> dict[str, str]:
    numbered = {"GIT_CONFIG_COUNT": str(len(settings))}
    for at, (name, value) in enumerate(settings):
        numbered |= {f"GIT_CONFIG_KEY_{at}": name, f"GIT_CONFIG_VALUE_{at}": value}
    return numbered


def _has_proxy(scheme: str) -> bool:
    given = outward_environment()
    names = (f"{scheme}_proxy", f"{scheme.upper()}_PROXY", "all_proxy", "ALL_PROXY")
    return any(given.get(name) for name in names)
