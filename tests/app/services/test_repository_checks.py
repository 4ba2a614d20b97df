import getpass
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from openviber_app.domain.hosts import parse_repo_url
from openviber_app.services import repository_checks
from openviber_app.services.repository_checks import Asked, RepositoryCheck, check_repository
from tests.support.git_server import GitServer, run_git
from tests.support.ssh_server import SshServer, find_sshd, make_key

TOKEN = "ov-secret-of-a-repository"
needs_sshd = pytest.mark.skipif(find_sshd() is None, reason="sshd is not installed")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[GitServer]:
    with GitServer(tmp_path / "git") as started:
        yield started


def asked(
    url: str, branch: str = "", *, allowed: bool = True, credential: dict[str, str] | None = None
) -> Asked:
    host = url.partition("://")[2].partition("/")[0].rpartition("@")[2]
    address = parse_repo_url(url, named_hosts=[host])
    return Asked(address=address, branch=branch, is_allowed=allowed, credential=credential)


def token(secret: str) -> dict[str, str]:
    return {"kind": "token", "secret": secret, "username": "x-access-token", "known_hosts": ""}


def words(found: RepositoryCheck, status: str) -> str:
    assert found.status == status, found
    return found.message


async def test_the_default_branch_is_found_with_its_commit(server: GitServer) -> None:
    url = server.create_repo("acme/demo", {"a": "1"}, branch="trunk")
    head = server.commit("acme/demo", {"a": "2"}, "More", branch="trunk")
    found = await check_repository(asked(url))
    assert words(found, "ok") == f"{server.host}/acme/demo answers to everyone"
    assert (found.branch, found.commit) == ("trunk", head)
    assert found.duration_ms > 0


async def test_a_named_branch_and_a_tag_are_found_with_their_commits(server: GitServer) -> None:
    url = server.create_repo("demo", {"a": "1"})
    topic = server.commit("demo", {"a": "2"}, "More", branch="topic/one")
    run_git("tag", "-am", "v1", "v1", "topic/one", cwd=server.path("demo"))
    for name in ("topic/one", "v1"):
        found = await check_repository(asked(url, name))
        assert (found.status, found.branch, found.commit) == ("ok", name, topic)


async def test_a_branch_that_is_missing_is_told_with_the_nearest_names(server: GitServer) -> None:
    url = server.create_repo("demo", {"a": "1"})
    server.commit("demo", {"a": "2"}, "More", branch="release")
    found = await check_repository(asked(url, "mian"))
    assert words(found, "error").endswith("close to it: main")
    assert not found.is_only_here


async def test_a_repository_without_a_commit_says_what_to_do(server: GitServer) -> None:
    bare = server.path("empty")
    bare.mkdir(parents=True)
    run_git("init", "--bare", "--quiet", cwd=bare)
    found = await check_repository(asked(server.url("empty")))
    assert "no default branch" in words(found, "error")


async def test_a_repository_that_is_missing_is_told_in_gits_words(server: GitServer) -> None:
    found = await check_repository(asked(server.url("nothing")))
    assert "has no such repository" in words(found, "error")
    assert "(git: fatal:" in found.message
    assert not found.is_only_here


async def test_a_private_repository_needs_its_token(tmp_path: Path) -> None:
    with GitServer(tmp_path / "private", token=TOKEN) as server:
        url = server.create_repo("demo", {"a": "1"})
        nobody = await check_repository(asked(url))
        wrong = await check_repository(asked(url, credential=token("ov-a-wrong-one")))
        right = await check_repository(asked(url, credential=token(TOKEN)))
    assert "store a token" in words(nobody, "error")
    assert "was refused" in words(wrong, "error")
    assert "ov-a-wrong-one" not in wrong.message
    assert words(right, "ok").endswith("answers to the git token")


async def test_a_redirect_is_not_followed(tmp_path: Path, server: GitServer) -> None:
    server.create_repo("demo", {"a": "1"})
    with GitServer(tmp_path / "other") as other:
        other.redirect_to = f"http://{server.host}"
        found = await check_repository(asked(other.url("demo")))
    assert "another address" in words(found, "error")
    assert server.hits == []


async def test_a_private_host_that_nobody_named_is_not_spoken_to(server: GitServer) -> None:
    url = server.create_repo("demo", {"a": "1"})
    found = await check_repository(asked(url, allowed=False))
    assert "private address 127.0.0.1" in words(found, "error")
    assert server.hits == []


async def test_a_host_that_is_not_there_is_the_boards_own_trouble() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        found = await check_repository(asked(f"http://127.0.0.1:{port}/a/b"))
    assert "cannot reach" in words(found, "error")
    assert found.is_only_here
    unknown = await check_repository(asked("https://nowhere.invalid/a/b", allowed=False))
    assert "cannot find nowhere.invalid" in words(unknown, "error")
    assert unknown.is_only_here


async def test_a_host_that_never_answers_ends_with_the_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(repository_checks, "SECONDS", 1)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        found = await check_repository(asked(f"http://127.0.0.1:{silent.getsockname()[1]}/a/b"))
    assert "did not answer in 1 s" in words(found, "error")
    assert found.is_only_here


async def test_a_board_without_git_says_that_nothing_was_asked(
    server: GitServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    url = server.create_repo("demo", {"a": "1"})
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    assert "git is not on the board's machine" in words(
        await check_repository(asked(url)), "skipped"
    )


@needs_sshd
async def test_a_deploy_key_opens_a_repository_and_known_hosts_are_insisted_on(
    tmp_path: Path, server: GitServer
) -> None:
    server.create_repo("demo", {"a": "1"})
    private = make_key(tmp_path / "deploy")
    with SshServer(tmp_path / "sshd", authorized=tmp_path / "deploy.pub") as ssh:
        url = f"ssh://{getpass.getuser()}@{ssh.host}{server.path('demo')}"

        async def ask(secret: str, known_hosts: str) -> RepositoryCheck:
            kind = {"kind": "deploy_key", "secret": secret, "username": ""}
            return await check_repository(
                asked(url, credential=kind | {"known_hosts": known_hosts})
            )

        assert "answers to the deploy key" in words(await ask(private, ssh.known_hosts), "ok")
        assert "answers to the deploy key" in words(await ask(private, ""), "ok")
        assert "wants to know who asks" in words(await ask("", ""), "error")
        other = make_key(tmp_path / "other")
        assert "was refused" in words(await ask(other, ""), "error")
        kind, key = (tmp_path / "other.pub").read_text().split()[:2]
        stranger = await ask(private, f"[127.0.0.1]:{ssh.port} {kind} {key}\n")
        assert "host key" in words(stranger, "error")
