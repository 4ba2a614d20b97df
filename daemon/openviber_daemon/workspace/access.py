"""How git gets at one repository: address, credential, the pinned way to its host."""

import base64
import ipaddress
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from openviber_daemon.redaction.secret import Secret
from openviber_daemon.workspace.addresses import Address, check_resolved, parse_address
from openviber_daemon.workspace.errors import GitError
from openviber_daemon.workspace.git import REMOTE_SECONDS, Git, Result
from openviber_daemon.workspace.git_environment import as_account, guarded, has_proxy
from openviber_daemon.workspace.ssh import (
    fingerprint,
    key_in_memory,
    known_hosts_file,
    read_hosts,
    ssh_command,
)

DEFAULT_USER = "x-access-token"
"""What GitHub asks for; GitLab, Gitea and Bitbucket take any name with a token."""


class Credential(Protocol):
    """How git proves itself, as the runner found it in the bundle."""

    @property
    def kind(self) -> str: ...

    @property
    def secret(self) -> Secret: ...

    @property
    def username(self) -> str: ...

    @property
    def known_hosts(self) -> str: ...


@dataclass(frozen=True)
class Access:
    """One repository and the right to speak to it. `folder` keeps the host keys that were met."""

    address: Address
    folder: Path
    allowed_hosts: tuple[str, ...] = ()
    credential: Credential | None = None
    use_node_credentials: bool = False

    def speak(
        self, git: Git, *arguments: str, cwd: Path, doing: str, limit: float = REMOTE_SECONDS
    ) -> Result:
        """Run a git command that speaks to this repository.

        Raises:
            GitError: it failed.
            AddressError: the host is not one that may be spoken to.
        """
        resolved = resolve(self.address)
        check_resolved(self.address, resolved=resolved, allowed_hosts=self.allowed_hosts)
        hosts = self._hosts_file()
        before = read_hosts(hosts)
        try:
            with self._environment(
                git.watch.attempt, hosts=hosts, resolved=resolved
            ) as environment:
                return git.speak(
                    *arguments,
                    url=self.address.url,
                    cwd=cwd,
                    environment=environment,
                    where=f"{self.address.host}:{self.address.port}",
                    doing=doing,
                    limit=limit,
                )
        finally:
            for line in sorted(read_hosts(hosts) - before):
                git.watch.say(
                    f"First met the host key {fingerprint(line)}; from now on it must stay"
                )

    def _hosts_file(self) -> Path:
        given = self.credential.known_hosts if self.credential is not None else ""
        return known_hosts_file(self.folder, given=given)

    @contextmanager
    def _environment(
        self, attempt: str, *, hosts: Path, resolved: Sequence[str]
    ) -> Iterator[dict[str, str]]:
        settings = _pinned(self.address, resolved) if not self.use_node_credentials else []
        extra: dict[str, str] = {}
        if self.address.scheme == "http":
            extra["GIT_ALLOW_PROTOCOL"] = "https:ssh:http"
        make = as_account if self.use_node_credentials else guarded
        credential = self.credential
        if credential is not None and credential.kind == "token" and self.address.scheme != "ssh":
            pair = f"{credential.username or DEFAULT_USER}:{credential.secret.open()}"
            header = base64.b64encode(pair.encode()).decode()
            settings.append(
                (f"http.{self.address.origin}.extraHeader", f"Authorization: Basic {header}")
            )
        if self.address.scheme != "ssh":
            yield make(attempt=attempt, settings=settings, extra=extra)
            return
        strict = bool(credential is not None and credential.known_hosts.strip())
        if credential is not None and credential.kind == "deploy_key":
            with key_in_memory(credential.secret.open()) as key:
                extra["GIT_SSH_COMMAND"] = self._ssh(hosts, strict=strict, key=key)
                yield make(attempt=attempt, settings=settings, extra=extra)
            return
        extra["GIT_SSH_COMMAND"] = self._ssh(hosts, strict=strict, key=None)
        yield make(attempt=attempt, settings=settings, extra=extra)

    def _ssh(self, hosts: Path, *, strict: bool, key: str | None) -> str:
        return ssh_command(
            known_hosts=hosts, strict=strict, key=key, as_account=self.use_node_credentials
        )


def read_access(
    url: str,
    *,
    home: Path,
    environment_id: str,
    allowed_hosts: tuple[str, ...],
    credential: Credential | None,
    use_node_credentials: bool,
) -> Access:
    """Judge an environment's repository address.

    Raises:
        AddressError: it may not be used.
    """
    return Access(
        address=parse_address(url, allowed_hosts=allowed_hosts),
        folder=home / "environments" / environment_id,
        allowed_hosts=allowed_hosts,
        credential=credential,
        use_node_credentials=use_node_credentials,
    )


def resolve(address: Address) -> list[str]:
    """Give every address of the host.

    Raises:
        GitError: the name is not known here.
    """
    try:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        if address.scheme != "ssh" and not _is_ip(address.host) and has_proxy(address.scheme):
            return []  # only the proxy knows names here, and reaches what it may reach
        raise GitError(
            f"this node cannot find {address.host}: check the address, and the node's name "
            f"service ({error})",
            output=str(error),
        ) from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _pinned(address: Address, resolved: Sequence[str]) -> list[tuple[str, str]]:
    """Make git speak to the addresses that were judged, not to what the name means later."""
    if address.scheme == "ssh" or _is_ip(address.host):
        return []
    shown = ",".join(f"[{ip}]" if ":" in ip else ip for ip in resolved)
    return [("http.curloptResolve", f"{address.host}:{address.port}:{shown}")]


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
