"""How ssh proves itself to a host, with nothing of it on disk but public host keys."""

import base64
import hashlib
import os
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from openviber_daemon.home import make_private_directory, write_private

OPTIONS = (
    "BatchMode=yes",
    "ConnectTimeout=20",
    "ServerAliveInterval=15",
    "ServerAliveCountMax=4",
    "ControlMaster=no",
    "ControlPath=none",
    "ClearAllForwardings=yes",
    "PermitLocalCommand=no",
    "HashKnownHosts=no",
    "UpdateHostKeys=no",
    "GlobalKnownHostsFile=/dev/null",
)


@contextmanager
def key_in_memory(secret: str) -> Iterator[str]:
    """Lend a private key as a path that only lives in memory.

    ssh closes what it inherits and wants a file of its own with mode 0600, so it is given this
    process's descriptor by way of /proc.
    """
    descriptor = os.memfd_create("deploy-key", os.MFD_CLOEXEC)
    try:
        os.fchmod(descriptor, 0o600)
        os.write(descriptor, secret.strip().replace("\r\n", "\n").encode() + b"\n")
        yield f"/proc/{os.getpid()}/fd/{descriptor}"
    finally:
        os.close(descriptor)


def ssh_command(*, known_hosts: Path, strict: bool, key: str | None, as_account: bool) -> str:
    """Give `GIT_SSH_COMMAND`; a host that was never met is accepted once, unless `strict`."""
    options = [*OPTIONS, f"StrictHostKeyChecking={'yes' if strict else 'accept-new'}"]
    words = ["ssh"]
    if as_account:
        options.append(f"UserKnownHostsFile={known_hosts} ~/.ssh/known_hosts")
    else:
        words += ["-F", "/dev/null"]
        options += [f"UserKnownHostsFile={known_hosts}", "IdentityAgent=none"]
    if key is not None:
        options += ["IdentitiesOnly=yes", "PreferredAuthentications=publickey"]
        words += ["-i", key]
    elif not as_account:
        options += ["IdentitiesOnly=yes", "IdentityFile=none", "PreferredAuthentications=none"]
    for option in options:
        words += ["-o", option]
    return shlex.join(words)


def known_hosts_file(folder: Path, *, given: str) -> Path:
    """Write down the host keys that the environment names, or give the file of those met before."""
    make_private_directory(folder)
    if not given.strip():
        return folder / "known_hosts"
    path = folder / "known_hosts.given"
    write_private(path, given.strip().encode() + b"\n")
    return path


def read_hosts(path: Path) -> frozenset[str]:
    """Give the host keys in a file, one a line."""
    try:
        return frozenset(path.read_text().splitlines())
    except FileNotFoundError:
        return frozenset()


def fingerprint(line: str) -> str:
    """Show a line of a known-hosts file the way ssh shows it: host, kind, SHA256."""
    host, kind, key = line.split()[:3]
    digest = hashlib.sha256(base64.b64decode(key)).digest()
    return f"{host} {kind} SHA256:{base64.b64encode(digest).decode().rstrip('=')}"
