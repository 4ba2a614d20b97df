"""A15: an address or a branch is an option that makes git run a program."""

from pathlib import Path

import pytest

from openviber_daemon.workspace.git import Git
from tests.support.git_server import GitServer, run_git
from tests.support.rest import RefusedError, Rest
from tests.support.workspaces import Environment, prepare

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

OPTIONS = [
    "--upload-pack=touch {proof}",
    "-utouch {proof}",
    "-u touch {proof}",
    "--exec=touch {proof}",
    "--config=core.sshCommand=touch {proof}",
    "-ccore.sshCommand=touch {proof}",
    "--output={proof}",
    "--template={proof}",
    "--separate-git-dir={proof}",
    "-oProxyCommand=touch {proof}",
]
ADDRESSES = [
    *OPTIONS,
    "ssh://-oProxyCommand=touch {proof}/a/b",
    "ssh://git@-oProxyCommand=touch${{IFS}}{proof}/a/b",
    "-oProxyCommand=touch@host:a/b",
    "git@host:-oProxyCommand=touch {proof}",
    "git@host:--upload-pack=touch {proof}",
    # without a space, so that nothing but the dash is wrong with them
    "git@host:--upload-pack={proof}",
    "git@host:-oProxyCommand={proof}",
    "ssh://git@-oProxyCommand={proof}/a/b",
]
REFS = [
    *OPTIONS,
    "main --upload-pack=touch {proof}",
    "main\n--exec=x",
    "-",
    "--",
    "-x/../y",
    "@{{-1}}",
]


@pytest.fixture
def proof(tmp_path: Path) -> Path:
    """A file that is there when the attack worked."""
    return tmp_path / "ran"


def test_the_attack_works_on_git_itself(tmp_path: Path, git: GitServer, proof: Path) -> None:
    bare = str(git.path("sample"))
    with pytest.raises(AssertionError):
        run_git("clone", f"--upload-pack=touch {proof};false", bare, "x", cwd=tmp_path)
    assert proof.exists()


def test_the_board_keeps_no_such_address_or_branch(rest: Rest, git: GitServer, proof: Path) -> None:
    bodies = [{"repoUrl": one.format(proof=proof)} for one in ADDRESSES]
    bodies += [
        {"repoUrl": git.url("sample"), "repoBranch": one.format(proof=proof)} for one in REFS
    ]
    for body in bodies:
        rest.post("/api/environments/check", {"name": "x", "type": "github", **body})
        with pytest.raises(RefusedError) as refused:
            rest.post("/api/environments", {"name": "x", "type": "github", **body})
        assert refused.value.status == 422, body
    assert not proof.exists()


def test_a_node_gives_none_to_git(tmp_path: Path, git: GitServer, proof: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    for one in ADDRESSES:
        end = prepare(Environment(home, one.format(proof=proof)))
        assert (end.final.status, end.phases()) == ("error", {"resolve": "failed"}), one
    for one in REFS:
        spec = {"repoBranch": one.format(proof=proof)}
        end = prepare(Environment(home, git.url("sample"), (git.host,), spec=spec))
        assert end.final.status == "error", one
        assert "is no name for a branch" in end.final.message, one  # git was not asked at all
    assert not proof.exists()


def test_a_branch_of_the_other_side_with_an_options_name_stays_a_branch(
    tmp_path: Path, git: GitServer, proof: Path
) -> None:
    """Git itself refuses a branch that begins with a dash, but not a ref that somebody pushes."""
    git.create_repo("dashes", {"a": "1\n"})
    head = run_git("rev-parse", "main", cwd=git.path("dashes"))
    for name in (f"--output={proof.name}", "-uid"):
        run_git("update-ref", f"refs/heads/{name}", head, cwd=git.path("dashes"))
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    end = prepare(Environment(home, git.url("dashes"), (git.host,)))
    assert end.final.status != "error", end.log
    (mirror,) = (home / "mirrors").glob("*.git")
    listed = Git().text("for-each-ref", "--format=%(refname)", cwd=mirror)
    assert "refs/remotes/origin/main" in listed
    assert not list(tmp_path.rglob(proof.name))
