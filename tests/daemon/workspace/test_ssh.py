import shlex
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from openviber_daemon.redaction.secret import Secret
from openviber_daemon.runner.bundle import GitCredential
from openviber_daemon.workspace.ssh import (
    fingerprint,
    key_in_memory,
    known_hosts_file,
    read_hosts,
    ssh_command,
)
from tests.support.git_server import GitServer
from tests.support.ssh_server import SshServer, find_sshd, make_key
from tests.support.workspaces import Environment, prepare

needs_sshd = pytest.mark.skipif(find_sshd() is None, reason="sshd is not installed")


@pytest.fixture
def key(tmp_path: Path) -> str:
    return make_key(tmp_path / "deploy")


@pytest.fixture
def ssh(tmp_path: Path, key: str) -> Iterator[SshServer]:
    assert key
    with SshServer(tmp_path / "sshd", authorized=tmp_path / "deploy.pub") as server:
        yield server


def over_ssh(
    home: Path, ssh: SshServer, git: GitServer, credential: GitCredential | None
) -> Environment:
    git.create_repo("demo", {"a": "1\n"})
    return Environment(home, ssh.url(git.path("demo")), (ssh.host,), git=credential)


def test_a_key_in_memory_is_a_private_file_that_ends_with_its_use(key: str) -> None:
    with key_in_memory(key.strip().replace("\n", "\r\n")) as path:
        assert stat.S_IMODE(Path(path).stat().st_mode) == 0o600
        assert Path(path).read_text() == key
        told = subprocess.run(["ssh-keygen", "-y", "-f", path], capture_output=True, check=False)
        assert told.returncode == 0, told.stderr
    assert not Path(path).exists()


def test_ssh_never_asks_and_reads_nobodys_settings() -> None:
    words = shlex.split(
        ssh_command(known_hosts=Path("/h/known hosts"), strict=True, key=None, as_account=False)
    )

    assert words[:3] == ["ssh", "-F", "/dev/null"]
    assert {"BatchMode=yes", "StrictHostKeyChecking=yes", "IdentityAgent=none"} <= set(words)


def test_the_nodes_own_sign_in_is_used_when_that_was_opted_in() -> None:
    words = shlex.split(
        ssh_command(known_hosts=Path("/h/k"), strict=False, key=None, as_account=True)
    )

    assert "-F" not in words
    assert "UserKnownHostsFile=/h/k ~/.ssh/known_hosts" in words
    assert "StrictHostKeyChecking=accept-new" in words


def test_given_host_keys_are_written_down_and_others_are_remembered(tmp_path: Path) -> None:
    assert known_hosts_file(tmp_path, given="") == tmp_path / "known_hosts"
    given = known_hosts_file(tmp_path, given=" h ssh-ed25519 AAAA \n")

    assert read_hosts(given) == {"h ssh-ed25519 AAAA"}
    assert read_hosts(tmp_path / "nothing") == frozenset()


def test_a_fingerprint_reads_as_ssh_shows_it(tmp_path: Path) -> None:
    make_key(tmp_path / "k")
    line = "host " + (tmp_path / "k.pub").read_text()
    shown = subprocess.run(
        ["ssh-keygen", "-lf", str(tmp_path / "k.pub")], capture_output=True, check=True, text=True
    ).stdout.split()[1]

    assert fingerprint(line) == f"host ssh-ed25519 {shown}"


@needs_sshd
def test_a_private_repository_opens_with_its_deploy_key_which_is_nowhere_on_disk(
    home: Path, ssh: SshServer, server: GitServer, key: str
) -> None:
    environment = over_ssh(home, ssh, server, GitCredential("deploy_key", Secret(key)))

    end = prepare(environment)

    assert end.final.status == "ready", end.log
    assert "First met the host key [127.0.0.1]" in end.log
    assert "SHA256:" in end.log
    middle = key.splitlines()[2]
    found = subprocess.run(["grep", "-rl", middle, str(home)], capture_output=True, check=False)
    assert found.stdout == b""


@needs_sshd
def test_without_a_key_the_repository_says_what_it_needs(
    home: Path, ssh: SshServer, server: GitServer
) -> None:
    end = prepare(over_ssh(home, ssh, server, None))

    assert "needs a token or a deploy key" in end.final.message
    assert "Permission denied (publickey" in end.final.message


@needs_sshd
def test_a_key_that_is_none_is_said_plainly(home: Path, ssh: SshServer, server: GitServer) -> None:
    wrong = GitCredential("deploy_key", Secret("-----BEGIN OPENSSH PRIVATE KEY-----\nnope\n"))

    end = prepare(over_ssh(home, ssh, server, wrong))

    assert end.final.status == "error"
    assert "the deploy key cannot be read" in end.final.message


@needs_sshd
def test_host_keys_that_the_environment_names_are_insisted_on(
    home: Path, ssh: SshServer, server: GitServer, key: str
) -> None:
    right = GitCredential("deploy_key", Secret(key), known_hosts=ssh.known_hosts)
    environment = over_ssh(home, ssh, server, right)
    assert prepare(environment).final.status == "ready"
    ssh.renew_host_key()

    end = prepare(environment, force=True)

    assert end.final.status == "error"
    assert "the host key of 127.0.0.1" in end.final.message
    assert "somebody may be in between" in end.final.message


@needs_sshd
def test_a_host_key_that_changed_is_refused_and_explained(
    home: Path, ssh: SshServer, server: GitServer, key: str
) -> None:
    environment = over_ssh(home, ssh, server, GitCredential("deploy_key", Secret(key)))
    assert prepare(environment).final.status == "ready"
    ssh.renew_host_key()

    end = prepare(environment, force=True)

    assert "is not the one this environment knows" in end.final.message
