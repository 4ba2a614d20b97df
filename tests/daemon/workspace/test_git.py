import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from openviber_daemon.runner.cancelling import CancelFlag
from openviber_daemon.workspace.errors import GitError, StoppedError
from openviber_daemon.workspace.git import Git
from openviber_daemon.workspace.git_environment import guarded
from openviber_daemon.workspace.watching import Watch
from tests.support.git_server import run_git


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """A server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def ask(git: Git, url: str, *, cwd: Path, limit: float = 60, option: str = "--quiet") -> None:
    environment = guarded(extra={"GIT_ALLOW_PROTOCOL": "http"})
    git.speak(
        "ls-remote", option, "--end-of-options", url,
        url=url, cwd=cwd, environment=environment, where="h", doing="ask", limit=limit,
    )  # fmt: skip


def test_a_local_command_gives_its_output_and_exit_code(tmp_path: Path) -> None:
    git = Git()
    git.run("init", "--quiet", cwd=tmp_path)

    assert git.text("rev-parse", "--is-inside-work-tree", cwd=tmp_path) == "true"
    assert git.find("rev-parse", "--verify", "--quiet", "HEAD", cwd=tmp_path) is None
    assert git.run("hash-object", "--stdin", stdin=b"x", cwd=tmp_path).text.startswith("c1b0730")


def test_a_failure_says_what_was_tried_and_gits_own_words(tmp_path: Path) -> None:
    with pytest.raises(
        GitError, match=r"git could not do a thing \(git: fatal: not a git rep"
    ) as raised:
        Git().run("status", cwd=tmp_path, doing="do a thing")

    assert raised.value.exit_code == 128


def test_a_missing_folder_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(GitError, match="does not exist on this node"):
        Git().run("status", cwd=tmp_path / "nothing")


def test_a_silent_server_is_left_when_the_time_is_up(tmp_path: Path, silent: socket.socket) -> None:
    url = f"http://127.0.0.1:{silent.getsockname()[1]}/a"
    with pytest.raises(GitError, match="was not finished after 1 s") as raised:
        ask(Git(), url, cwd=tmp_path, limit=1)

    assert raised.value.reason == "timeout"


def test_git_and_its_helpers_end_when_somebody_cancels(
    tmp_path: Path, silent: socket.socket
) -> None:
    url = f"http://127.0.0.1:{silent.getsockname()[1]}/a"
    flag = CancelFlag()
    mark = f"test-{time.monotonic_ns()}"

    def cancel_once_connected() -> None:
        connection, _ = silent.accept()
        flag.request("stopped")
        connection.recv(65536)
        while connection.recv(65536):
            pass
        connection.close()

    thread = threading.Thread(target=cancel_once_connected)
    thread.start()
    with pytest.raises(StoppedError) as raised:
        ask(Git(Watch(cancel=flag, attempt=mark)), url, cwd=tmp_path)
    thread.join()  # ends only when the helper's connection does

    assert raised.value.reason == "stopped"
    flag.close()


@pytest.mark.parametrize(
    ("url", "option"),
    [
        ("ext::sh -c id", "--quiet"),
        ("http://h/a", "--upload-pack=touch x"),
        ("http://h/a", "--upl=x"),
    ],
)
def test_what_gitpython_calls_unsafe_is_not_run(tmp_path: Path, url: str, option: str) -> None:
    with pytest.raises(GitError, match="git was not asked") as raised:
        ask(Git(), url, cwd=tmp_path, option=option)

    assert raised.value.reason == "refused"


def test_hooks_and_helpers_of_a_repository_do_not_run(tmp_path: Path) -> None:
    repo = tmp_path / "repo"
    run_git("init", "--quiet", str(repo), cwd=tmp_path)
    proof = tmp_path / "ran"
    hooks = repo / "own-hooks"
    hooks.mkdir()
    (hooks / "post-checkout").write_text(f"#!/bin/sh\ntouch {proof}\n")
    (hooks / "post-checkout").chmod(0o755)
    run_git("config", "core.hooksPath", str(hooks), cwd=repo)
    run_git("config", "core.fsmonitor", f"touch {proof}", cwd=repo)
    run_git("-c", "core.fsmonitor=false", "commit", "--allow-empty", "-qm", "x", cwd=repo)
    git = Git()

    git.run("status", cwd=repo)
    git.run("switch", "--quiet", "-c", "other", cwd=repo)

    assert not proof.exists()
