import uuid
from pathlib import Path

import pytest

from openviber_daemon.workspace.archive import archive_ref, archive_thread, release_binding
from openviber_daemon.workspace.errors import BusyError, WorkspaceError
from openviber_daemon.workspace.removal import remove_tree
from openviber_daemon.workspace.slots import Slots
from tests.support.git_server import GitServer, run_git
from tests.support.workspaces import Environment, claimed, prepare


@pytest.fixture
def environment(home: Path, server: GitServer) -> Environment:
    url = server.create_repo("demo", {"a": "1\n", ".gitignore": "ignored\n"})
    environment = Environment(home, url, (server.host,))
    prepare(environment)
    return environment


def mirror_of(home: Path) -> Path:
    [mirror] = (home / "mirrors").glob("*.git")
    return mirror


def test_the_hidden_ref_holds_tracked_and_untracked_files(
    environment: Environment, home: Path
) -> None:
    thread = str(uuid.uuid4())
    with claimed(environment, thread) as workspace:
        (workspace.path / "a").write_text("2\n")
        (workspace.path / "new.txt").write_text("new\n")
        (workspace.path / "ignored").write_text("x\n")

    report = archive_thread(home, thread_id=thread, binding_id=environment.binding_id)

    assert report == {"bindingId": environment.binding_id, "ready": 0, "claimed": 0}
    assert not workspace.path.exists()
    ref = archive_ref(thread)
    names = run_git("ls-tree", "-r", "--name-only", ref, cwd=mirror_of(home)).splitlines()
    assert names == [".gitignore", "a", "new.txt"]
    assert run_git("show", f"{ref}:a", cwd=mirror_of(home)) == "2"
    assert run_git("worktree", "list", cwd=mirror_of(home)).count("\n") == 0


def test_archiving_twice_or_a_thread_without_a_workspace_changes_nothing(
    environment: Environment, home: Path
) -> None:
    thread = str(uuid.uuid4())
    with claimed(environment, thread):
        pass
    first = archive_thread(home, thread_id=thread, binding_id=environment.binding_id)
    kept = run_git("rev-parse", archive_ref(thread), cwd=mirror_of(home))

    assert archive_thread(home, thread_id=thread, binding_id=environment.binding_id) == first
    assert run_git("rev-parse", archive_ref(thread), cwd=mirror_of(home)) == kept


def test_a_running_thread_is_not_archived(environment: Environment, home: Path) -> None:
    thread = str(uuid.uuid4())
    with claimed(environment, thread) as workspace:
        with pytest.raises(BusyError, match="still going on"):
            archive_thread(home, thread_id=thread, binding_id=environment.binding_id)
        assert workspace.path.is_dir()


def test_a_repository_inside_the_workspace_is_never_lost(
    environment: Environment, home: Path
) -> None:
    thread = str(uuid.uuid4())
    with claimed(environment, thread) as workspace:
        inner = workspace.path / "inner"
        run_git("init", "--quiet", str(inner), cwd=workspace.path)
        (inner / "precious").write_text("x\n")
        run_git("add", ".", cwd=inner)
        run_git("commit", "-qm", "x", cwd=inner)

    with pytest.raises(WorkspaceError, match="inner is a git repository of its own"):
        archive_thread(home, thread_id=thread, binding_id=environment.binding_id)

    assert (inner / "precious").exists()
    slot = Slots(home).find_of_thread(thread)
    assert slot is not None


def test_a_fetch_with_prune_leaves_archives_and_branches_alone(
    environment: Environment, home: Path, server: GitServer
) -> None:
    thread = str(uuid.uuid4())
    with claimed(environment, thread) as workspace:
        branch = workspace.branch
    archive_thread(home, thread_id=thread, binding_id=environment.binding_id)
    server.commit("demo", {"a": "3\n"}, "Three", branch="other")
    prepare(environment)
    run_git("update-ref", "-d", "refs/heads/other", cwd=server.path("demo"))
    server.commit("demo", {"a": "4\n"}, "Four")

    prepare(environment)

    refs = run_git("for-each-ref", "--format=%(refname)", cwd=mirror_of(home)).splitlines()
    assert archive_ref(thread) in refs
    assert f"refs/heads/{branch}" in refs
    assert "refs/remotes/origin/other" not in refs


def test_an_unmapped_binding_is_released_with_each_threads_work_kept(
    environment: Environment, home: Path
) -> None:
    thread, busy = str(uuid.uuid4()), str(uuid.uuid4())
    with claimed(environment, thread) as workspace:
        (workspace.path / "new.txt").write_text("new\n")
    prepare(environment)
    with claimed(environment, busy) as running:
        prepare(environment, kind="spare")
        report = release_binding(home, binding_id=environment.binding_id)
        assert running.path.is_dir()

    assert report == {"bindingId": environment.binding_id, "ready": 0, "claimed": 1}
    assert run_git("show", f"{archive_ref(thread)}:new.txt", cwd=mirror_of(home)) == "new"
    assert release_binding(home, binding_id=environment.binding_id)["claimed"] == 0
    assert not list(home.glob("workspaces/*/[0-9]"))


def test_a_folder_in_place_is_only_forgotten(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "plain"
    folder.mkdir()
    environment = Environment(home, spec={"type": "local", "localPath": str(folder)})
    prepare(environment)

    release_binding(home, binding_id=environment.binding_id)

    assert folder.is_dir()
    assert Slots(home).list_of_binding(environment.binding_id) == []


def test_an_archive_that_was_brought_back_never_overwrites_newer_work(
    environment: Environment, home: Path
) -> None:
    thread = str(uuid.uuid4())
    with claimed(environment, thread) as workspace:
        (workspace.path / "a").write_text("old\n")
    archive_thread(home, thread_id=thread, binding_id=environment.binding_id)
    with claimed(environment, thread) as workspace:
        (workspace.path / "a").write_text("new\n")
        run_git("commit", "-qam", "New", cwd=workspace.path)
    remove_tree(workspace.path)

    with claimed(environment, thread) as again:
        assert (again.path / "a").read_text() == "new\n"
        assert again.branch == workspace.branch
