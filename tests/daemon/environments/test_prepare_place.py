import threading
import uuid
from pathlib import Path

import pytest

from openviber_daemon.runner.cancelling import CancelFlag
from openviber_daemon.workspace.locks import FolderLock
from tests.support.git_server import GitServer, run_git
from tests.support.workspaces import Environment, claimed, prepare


@pytest.fixture
def clone(server: GitServer, tmp_path: Path) -> Path:
    url = server.create_repo("demo", {"a": "1\n"})
    run_git("clone", "--quiet", url, str(tmp_path / "clone"), cwd=tmp_path)
    return tmp_path / "clone"


def existing(
    home: Path, path: Path, server: GitServer | None = None, **fields: object
) -> Environment:
    url = server.url("demo") if server else ""
    hosts = (server.host,) if server else ()
    environment = Environment(home, url, hosts)
    environment.spec = {"type": "github" if server else "local", "localPath": str(path), **fields}
    return environment


def test_a_folder_that_is_no_repository_is_used_as_it_is(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "plain"
    folder.mkdir()
    (folder / "mine.txt").write_text("mine\n")
    environment = existing(home, folder)
    environment.setup = {"script": "cat mine.txt > copy.txt"}

    end = prepare(environment)

    assert end.final.status == "ready", end.final.message
    assert end.phases()["fetch"] == "skipped"
    assert end.final.resolved_working_dir == str(folder)
    assert (folder / "copy.txt").read_text() == "mine\n"
    assert end.final.slots is not None
    assert (end.final.slots.ready, end.final.slots.claimed) == (0, 0)


def test_a_second_prepare_of_an_unchanged_folder_changes_nothing(
    home: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "plain"
    folder.mkdir()
    environment = existing(home, folder)
    environment.setup = {"script": "echo ran >> ran; echo '{}' > package.json"}
    prepare(environment)

    end = prepare(environment)

    assert end.final.noop
    assert (folder / "ran").read_text() == "ran\n"


def test_a_changed_lockfile_runs_the_maintenance_script(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "plain"
    folder.mkdir()
    (folder / "requirements.txt").write_text("six\n")
    environment = existing(home, folder)
    environment.setup = {"script": "echo full", "maintenanceScript": "echo maintained"}
    prepare(environment)
    (folder / "requirements.txt").write_text("six==1.16.0\n")

    end = prepare(environment)

    assert "maintained" in end.log
    assert "full" not in end.log


def test_a_failed_set_up_is_not_taken_for_a_finished_one(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "plain"
    folder.mkdir()
    environment = existing(home, folder)
    environment.setup = {"script": "test -f here"}
    assert prepare(environment).final.status == "error"

    again = prepare(environment)

    assert again.final.status == "error"
    assert folder.is_dir()


def test_an_existing_clone_is_fetched_and_left_where_it_is(
    home: Path, server: GitServer, clone: Path
) -> None:
    before = run_git("rev-parse", "HEAD", cwd=clone)
    newer = server.commit("demo", {"a": "2\n"}, "Change a")

    end = prepare(existing(home, clone, server), strategy="existing_path", existing_path=str(clone))

    assert end.final.status == "ready", end.final.message
    assert run_git("rev-parse", "HEAD", cwd=clone) == before
    assert run_git("rev-parse", "origin/main", cwd=clone) == newer


def test_an_existing_clone_is_fast_forwarded_when_asked(
    home: Path, server: GitServer, clone: Path
) -> None:
    newer = server.commit("demo", {"a": "2\n"}, "Change a")

    end = prepare(
        existing(home, clone, server),
        strategy="existing_path",
        existing_path=str(clone),
        fast_forward=True,
    )

    assert run_git("rev-parse", "HEAD", cwd=clone) == newer
    assert end.final.fingerprint["commit"] == newer


@pytest.mark.parametrize("name", ["a", "new.txt"])
def test_a_dirty_tree_is_never_touched(
    home: Path, server: GitServer, clone: Path, name: str
) -> None:
    (clone / name).write_text("my work\n")
    before = run_git("status", "--porcelain", cwd=clone)
    server.commit("demo", {"a": "2\n"}, "Change a")

    end = prepare(
        existing(home, clone, server),
        strategy="existing_path",
        existing_path=str(clone),
        fast_forward=True,
    )

    assert end.final.status == "ready"
    detail = next(phase.detail for phase in end.final.phases if phase.name == "checkout")
    assert "not moved, it has changes that are not committed" in detail
    assert (clone / name).read_text() == "my work\n"
    assert run_git("status", "--porcelain", cwd=clone) == before


def test_commits_of_ones_own_are_never_merged(home: Path, server: GitServer, clone: Path) -> None:
    run_git("commit", "--allow-empty", "-qm", "Mine", cwd=clone)
    mine = run_git("rev-parse", "HEAD", cwd=clone)
    server.commit("demo", {"a": "2\n"}, "Change a")

    end = prepare(
        existing(home, clone, server),
        strategy="existing_path",
        existing_path=str(clone),
        fast_forward=True,
    )

    detail = next(phase.detail for phase in end.final.phases if phase.name == "checkout")
    assert "it has commits of its own" in detail
    assert run_git("rev-parse", "HEAD", cwd=clone) == mine


def test_a_hook_of_an_existing_clone_does_not_run(
    home: Path, server: GitServer, clone: Path
) -> None:
    hook = clone / ".git" / "hooks" / "post-merge"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\ntouch hook-ran\n")
    hook.chmod(0o755)
    server.commit("demo", {"a": "2\n"}, "Change a")

    prepare(
        existing(home, clone, server),
        strategy="existing_path",
        existing_path=str(clone),
        fast_forward=True,
    )

    assert (clone / "a").read_text() == "2\n"
    assert not (clone / "hook-ran").exists()


def test_a_remote_that_may_not_be_asked_is_left_out_and_said(
    home: Path, clone: Path, server: GitServer
) -> None:
    run_git("remote", "set-url", "origin", str(server.path("demo")), cwd=clone)

    end = prepare(existing(home, clone))

    assert end.final.status == "ready"
    detail = next(phase.detail for phase in end.final.phases if phase.name == "fetch")
    assert "its remote `origin` was not asked" in detail


def test_a_local_folder_whose_remote_is_away_is_still_usable(
    home: Path, clone: Path, server: GitServer
) -> None:
    run_git("remote", "set-url", "origin", "http://127.0.0.1:9/x.git", cwd=clone)

    end = prepare(existing(home, clone, allowedHosts=["127.0.0.1:9"]))

    assert end.final.status == "ready"
    detail = next(phase.detail for phase in end.final.phases if phase.name == "fetch")
    assert "could not be fetched: this node cannot reach" in detail


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("", "no path was given"),
        ("relative/path", "not a full path"),
        ("/does/not/exist", "does not exist on this node"),
        ("/etc/hostname", "is not a folder"),
        ("/", "holds what the node itself keeps"),
        ("/proc/self", "belongs to the machine"),
        ("/etc", "belongs to the machine"),
    ],
)
def test_a_path_that_cannot_be_used_is_refused_in_words(home: Path, path: str, words: str) -> None:
    environment = Environment(home, spec={"type": "local", "localPath": path})

    end = prepare(environment)

    assert end.final.status == "error"
    assert words in end.final.message


def test_the_nodes_own_folder_cannot_be_an_environment(home: Path) -> None:
    (home / "keys").mkdir()
    end = prepare(Environment(home, spec={"type": "local", "localPath": str(home / "keys")}))

    assert end.final.reason == "refused"
    assert "holds what the node itself keeps" in end.final.message


def test_a_manual_environment_begins_empty_and_its_script_fills_it(home: Path) -> None:
    environment = Environment(home, spec={"type": "manual", "workingDir": "made"})
    environment.setup = {"script": "ls -A; mkdir -p made; echo hi > made/file"}

    first = prepare(environment)
    with claimed(environment, str(uuid.uuid4())) as workspace:
        assert not workspace.needs_setup
        assert workspace.slots is None
        assert (workspace.cwd / "file").read_text() == "hi\n"

    assert first.final.status == "ready", first.final.message
    assert first.log == ""
    assert prepare(environment).final.noop


def test_a_prepare_waits_visibly_for_a_run_in_the_folder_and_can_be_cancelled(
    home: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "plain"
    folder.mkdir()
    cancel = CancelFlag()
    with FolderLock(home, folder) as lock:
        assert lock.try_take()
        timer = threading.Timer(0.3, cancel.request, args=("cancelled",))
        timer.start()
        end = prepare(existing(home, folder), cancel=cancel)
        timer.join()

    assert end.final.reason == "cancelled"
    assert "Waiting for the run that works in this folder" in end.log
