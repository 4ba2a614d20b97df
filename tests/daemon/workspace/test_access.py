from pathlib import Path

import pytest

from openviber_daemon.redaction.secret import Secret
from openviber_daemon.runner.bundle import GitCredential
from openviber_daemon.workspace.access import Access, read_access, resolve
from openviber_daemon.workspace.addresses import AddressError, parse_address
from openviber_daemon.workspace.errors import GitError
from openviber_daemon.workspace.git import Git
from tests.support.git_server import GitServer

TOKEN = "tok-0123456789abcdef"


def access_to(
    url: str, home: Path, *, hosts: tuple[str, ...] = (), credential: GitCredential | None = None
) -> Access:
    return read_access(
        url, home=home, environment_id="e", allowed_hosts=hosts, credential=credential,
        use_node_credentials=False,
    )  # fmt: skip


def ask(access: Access, home: Path) -> str:
    return access.speak(
        Git(), "ls-remote", "--end-of-options", access.address.url, cwd=home, doing="ask"
    ).text


def test_a_named_host_is_spoken_to(home: Path, server: GitServer) -> None:
    url = server.create_repo("demo", {"a": "1\n"})

    assert "refs/heads/main" in ask(access_to(url, home, hosts=(server.host,)), home)


def test_a_private_host_that_is_not_named_is_never_connected_to(
    home: Path, server: GitServer
) -> None:
    port = server.host.split(":")[1]
    with pytest.raises(AddressError, match="leads to the private address"):
        ask(access_to(f"https://localhost:{port}/demo.git", home), home)

    assert server.hits == []


@pytest.mark.parametrize("username", ["", "deployer"])
def test_a_token_is_sent_as_the_password(home: Path, tmp_path: Path, username: str) -> None:
    credential = GitCredential("token", Secret(TOKEN), username=username)
    with GitServer(tmp_path / "private", token=TOKEN) as server:
        url = server.create_repo("demo", {"a": "1\n"})
        told = ask(access_to(url, home, hosts=(server.host,), credential=credential), home)

    assert "refs/heads/main" in told


def test_a_token_never_goes_to_another_host(home: Path, tmp_path: Path) -> None:
    credential = GitCredential("token", Secret(TOKEN))
    access = access_to("https://127.0.0.1:9/x", home, hosts=("127.0.0.1:9",), credential=credential)
    with access._environment("", hosts=home / "k", resolved=["127.0.0.1"]) as environment:
        names = {value for name, value in environment.items() if name.startswith("GIT_CONFIG_KEY_")}

    assert "http.https://127.0.0.1:9/.extraHeader" in names
    assert "http.extraHeader" not in names
    assert TOKEN not in str(environment)


def test_git_is_pinned_to_the_addresses_that_were_judged(home: Path) -> None:
    access = access_to("https://git.example/x", home)
    with access._environment("", hosts=home / "k", resolved=["140.82.121.4", "2606::1"]) as env:
        assert "git.example:443:140.82.121.4,[2606::1]" in env.values()


def test_a_credentials_repr_is_masked(home: Path) -> None:
    access = access_to("https://h/x", home, credential=GitCredential("token", Secret(TOKEN)))

    assert TOKEN not in repr(access)


def test_a_name_that_is_not_known_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("https_proxy", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(GitError, match=r"cannot find nothing\.invalid"):
        resolve(parse_address("https://nothing.invalid/x"))


def test_behind_a_proxy_a_name_may_be_known_only_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")

    assert resolve(parse_address("https://nothing.invalid/x")) == []
