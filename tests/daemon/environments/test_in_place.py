from pathlib import Path

from openviber_daemon.environments.in_place import Place
from openviber_daemon.workspace.git import Git
from openviber_daemon.workspace.order import read_order
from tests.support.git_server import GitServer, run_git
from tests.support.workspaces import Environment


def test_a_detached_clone_is_never_moved(home: Path, server: GitServer, tmp_path: Path) -> None:
    url = server.create_repo("demo", {"a": "1\n"})
    clone = tmp_path / "clone"
    run_git("clone", "--quiet", url, str(clone), cwd=tmp_path)
    run_git("checkout", "--quiet", "--detach", cwd=clone)
    environment = Environment(home, url, (server.host,))
    payload = environment.prepare(fast_forward=True)
    with environment.execution(payload) as execution:
        place = Place(Git(), execution, read_order(payload), clone)

        assert place.fetch() is None
        assert "its remote has no such branch: no branch at" in place.fast_forward()


def test_another_branch_than_the_environments_is_said(
    home: Path, server: GitServer, tmp_path: Path
) -> None:
    url = server.create_repo("demo", {"a": "1\n"})
    clone = tmp_path / "clone"
    run_git("clone", "--quiet", url, str(clone), cwd=tmp_path)
    environment = Environment(home, url, (server.host,), spec={"repoBranch": "release"})
    payload = environment.prepare()
    with environment.execution(payload) as execution:
        told = Place(Git(), execution, read_order(payload), clone).fast_forward()

    assert "used as it is: main at" in told
    assert "the environment names `release`" in told


def test_a_repository_without_a_remote_is_not_fetched(home: Path, tmp_path: Path) -> None:
    run_git("init", "--quiet", str(tmp_path / "own"), cwd=tmp_path)
    environment = Environment(home)
    payload = environment.prepare()
    with environment.execution(payload) as execution:
        place = Place(Git(), execution, read_order(payload), tmp_path / "own")

        assert place.fetch() == "it has no remote `origin`"
        assert place.fast_forward() == "used as it is: no commit yet"
