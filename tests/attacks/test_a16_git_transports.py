"""A16: an address makes git run a helper, read this machine's files, or speak in the clear."""

from pathlib import Path

import pytest

from openviber_daemon.workspace.errors import GitError
from openviber_daemon.workspace.git import Git
from openviber_daemon.workspace.git_environment import guarded
from tests.support.git_server import GitServer, run_git
from tests.support.rest import RefusedError, Rest
from tests.support.workspaces import Environment, prepare

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

TRANSPORTS = [
    "ext::sh -c 'touch {proof}'",
    "ext::sh% -c% touch% {proof}",
    "fd::17/foo",
    "file://{bare}",
    "FILE://{bare}",
    "{bare}",
    "./{bare}",
    "git://127.0.0.1/a",
    "http://github.com/a/b",
    "http::https://github.com/a/b",
    "foreign::x",
    "transport-helper::x",
]


def test_none_of_them_passes_board_or_node(tmp_path: Path, rest: Rest, git: GitServer) -> None:
    proof, home = tmp_path / "ran", tmp_path / "home"
    home.mkdir(mode=0o700)
    for one in TRANSPORTS:
        url = one.format(proof=proof, bare=git.path("sample"))
        with pytest.raises(RefusedError) as refused:
            rest.environment("x", repoUrl=url)
        assert refused.value.status == 422, url
        end = prepare(Environment(home, url))
        assert (end.final.status, end.phases()) == ("error", {"resolve": "failed"}), url
    assert not proof.exists()
    assert not list(home.glob("mirrors/*"))


def test_git_under_the_wrapper_refuses_them_by_itself(tmp_path: Path, git: GitServer) -> None:
    """The second line: had the grammar let one through, the wrapper's environment would not."""
    proof, bare = tmp_path / "ran", git.path("sample")
    for url in (f"ext::sh -c touch% {proof}", "fd::0", f"file://{bare}", str(bare)):
        with pytest.raises(GitError, match=r"not allowed|git was not asked"):
            Git().speak(
                *("ls-remote", "--end-of-options", url),
                url=url, cwd=tmp_path, environment=guarded(), where="h", doing="ask",
            )  # fmt: skip
        done = Git().run("ls-remote", "--end-of-options", url, cwd=tmp_path, check=False)
        assert done.exit_code != 0, url
        assert b"not allowed" in done.stderr, url
    assert not proof.exists()
    assert "refs/heads/main" in run_git("ls-remote", str(bare), cwd=tmp_path)  # it works elsewhere
