import threading
import uuid
from dataclasses import replace
from pathlib import Path

import pytest

from openviber_daemon.runner.cancelling import CancelFlag
from openviber_daemon.workspace.archive import archive_thread
from openviber_daemon.workspace.claims import Claims
from openviber_daemon.workspace.errors import StoppedError, WorkspaceError
from openviber_daemon.workspace.locks import FolderLock
from openviber_daemon.workspace.removal import remove_tree
from openviber_daemon.workspace.slots import Slots
from tests.support.git_server import GitServer, run_git
from tests.support.workspaces import Environment, claimed, prepare


@pytest.fixture
def environment(home: Path, server: GitServer) -> Environment:
    url = server.create_repo("demo", {"a": "1\n", ".gitignore": "ignored\n"})
    return Environment(home, url, (server.host,))


def new_thread() -> str:
    return str(uuid.uuid4())


def test_a_ready_workspace_is_claimed_on_the_threads_own_branch(environment: Environment) -> None:
    end = prepare(environment)
    thread = new_thread()

    with claimed(environment, thread) as workspace:
        assert str(workspace.path) == end.final.resolved_working_dir
        assert workspace.branch == f"viber/demo-{thread[:8]}"
        assert run_git("branch", "--show-current", cwd=workspace.path) == workspace.branch
        assert workspace.base_commit == end.final.fingerprint["commit"]
        assert workspace.slot == 1
        assert workspace.is_git
        assert workspace.slots == {"bindingId": environment.binding_id, "ready": 0, "claimed": 1}


def test_a_claim_speaks_to_no_other_machine(environment: Environment, server: GitServer) -> None:
    prepare(environment)
    hits = len(server.hits)
    with claimed(environment, new_thread()), claimed(environment, new_thread()):
        pass

    assert len(server.hits) == hits


def test_a_thread_gets_its_own_workspace_again_with_what_it_left(environment: Environment) -> None:
    prepare(environment)
    thread = new_thread()
    with claimed(environment, thread) as first:
        (first.path / "new.txt").write_text("work\n")
        run_git("switch", "--quiet", "-c", "my-own-name", cwd=first.path)

    with claimed(environment, thread) as again:
        assert again.path == first.path
        assert again.branch == "my-own-name"
        assert (again.path / "new.txt").read_text() == "work\n"
        assert not again.needs_setup


def test_two_threads_touch_each_other_nowhere(environment: Environment) -> None:
    prepare(environment)
    with claimed(environment, new_thread()) as one, claimed(environment, new_thread()) as two:
        (one.path / "a").write_text("one\n")
        run_git("commit", "-qam", "one", cwd=one.path)
        (two.path / "ignored").write_text("two\n")

        assert one.path != two.path
        assert (two.path / "a").read_text() == "1\n"
        assert run_git("status", "--porcelain", cwd=two.path) == ""
        assert run_git("log", "--format=%s", cwd=two.path) == "Start"


def test_without_a_ready_one_a_new_workspace_is_made_that_needs_set_up(
    environment: Environment,
) -> None:
    prepare(environment)
    with claimed(environment, new_thread()):
        payload = environment.submit(thread_id=new_thread())
        with environment.execution(payload) as execution, Claims(execution).claim() as workspace:
            assert workspace.needs_setup
            assert workspace.slot == 2
            assert (workspace.path / "a").read_text() == "1\n"
            assert "No workspace is ready" in execution.console.tail(5)


def test_a_workspace_of_an_older_environment_is_set_up_again(environment: Environment) -> None:
    prepare(environment)
    environment.setup = {"script": "echo changed"}
    payload = environment.submit(thread_id=new_thread())

    with environment.execution(payload) as execution, Claims(execution).claim() as workspace:
        assert workspace.slot == 1
        assert workspace.needs_setup


def test_a_ready_workspace_of_the_present_environment_is_preferred(
    environment: Environment, home: Path
) -> None:
    prepare(environment)
    prepare(environment, kind="spare", force=True)
    slots = Slots(home)
    first, second = slots.list_of_binding(environment.binding_id)
    slots.change(first, replace(first, fingerprint={"setup script": "older"}))

    with claimed(environment, new_thread()) as workspace:
        assert workspace.path == second.path


def test_many_claims_at_once_get_different_workspaces(environment: Environment) -> None:
    prepare(environment)
    for _ in range(3):
        prepare(environment, kind="spare", force=True)
    paths: list[Path] = []
    start = threading.Barrier(6)

    def claim() -> None:
        start.wait()
        with claimed(environment, new_thread()) as workspace:
            paths.append(workspace.path)

    threads = [threading.Thread(target=claim) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(paths)) == 6


def test_after_an_archive_branch_and_files_come_back(environment: Environment, home: Path) -> None:
    prepare(environment)
    thread = new_thread()
    with claimed(environment, thread) as workspace:
        run_git("commit", "-q", "--allow-empty", "-m", "Mine", cwd=workspace.path)
        mine = run_git("rev-parse", "HEAD", cwd=workspace.path)
        (workspace.path / "a").write_text("changed\n")
        (workspace.path / "new.txt").write_text("untracked\n")
        run_git("add", "new.txt", cwd=workspace.path)
        (workspace.path / "dir").mkdir()
        (workspace.path / "dir" / "deep.txt").write_text("deep\n")
        (workspace.path / ".gitignore").unlink()
        branch = workspace.branch
    archive_thread(home, thread_id=thread, binding_id=environment.binding_id)
    assert not workspace.path.exists()
    prepare(environment)

    with claimed(environment, thread) as again:
        assert again.branch == branch
        assert run_git("rev-parse", "HEAD", cwd=again.path) == mine
        assert (again.path / "a").read_text() == "changed\n"
        assert (again.path / "new.txt").read_text() == "untracked\n"
        assert (again.path / "dir" / "deep.txt").read_text() == "deep\n"
        status = run_git("status", "--porcelain", cwd=again.path).splitlines()
        assert sorted(line.strip() for line in status) == [
            "?? dir/", "?? new.txt", "D .gitignore", "M a",
        ]  # fmt: skip


def test_a_workspace_that_somebody_deleted_is_made_again(environment: Environment) -> None:
    prepare(environment)
    thread = new_thread()
    with claimed(environment, thread) as workspace:
        (workspace.path / "a").write_text("2\n")
        run_git("commit", "-qam", "Two", cwd=workspace.path)
    remove_tree(workspace.path)
    payload = environment.submit(thread_id=thread)

    with environment.execution(payload) as execution, Claims(execution).claim() as again:
        assert again.needs_setup
        assert again.path == workspace.path
        assert (again.path / "a").read_text() == "2\n"


def test_when_threads_hold_all_workspaces_the_run_is_told_what_to_do(
    environment: Environment, home: Path
) -> None:
    (home / "config.json").write_text('{"quotas": {"slotsPerBinding": 1}}')
    with (
        claimed(environment, new_thread()),
        pytest.raises(WorkspaceError, match="archive a thread that is done"),
        claimed(environment, new_thread()),
    ):
        pass


def test_a_run_waits_visibly_while_another_of_its_thread_goes_on(environment: Environment) -> None:
    thread = new_thread()
    flag = CancelFlag()
    with claimed(environment, thread):
        payload = environment.submit(thread_id=thread)
        timer = threading.Timer(0.3, flag.request, args=("stopped",))
        timer.start()
        with (
            environment.execution(payload, cancel=flag) as execution,
            pytest.raises(StoppedError) as raised,
        ):
            Claims(execution).claim()
        timer.join()

    assert raised.value.reason == "stopped"
    log = environment.home / "attempts" / payload["runId"] / "log"
    assert log.read_text() == "Waiting for the other run that works in this folder\n"


def test_a_plain_folder_is_worked_in_by_one_run_at_a_time(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "plain"
    folder.mkdir()
    environment = Environment(home, spec={"type": "local", "localPath": str(folder)})
    prepare(environment)
    with claimed(environment, new_thread()) as workspace:
        assert workspace.path == workspace.cwd == folder
        assert (workspace.slot, workspace.slots, workspace.is_git) == (None, None, False)
        with FolderLock(home, folder) as other:
            assert not other.try_take()


def test_an_existing_clone_is_worked_in_where_it_is_on_its_own_branch(
    environment: Environment, server: GitServer, tmp_path: Path
) -> None:
    clone = tmp_path / "clone"
    run_git("clone", "--quiet", server.url("demo"), str(clone), cwd=tmp_path)
    fields = {"strategy": "existing_path", "existing_path": str(clone)}
    prepare(environment, strategy="existing_path", existing_path=str(clone))

    with claimed(environment, new_thread(), **fields) as workspace:
        assert workspace.branch == "main"
        assert workspace.is_git
        assert workspace.slot is None


def test_a_branch_name_that_is_none_is_refused(environment: Environment) -> None:
    payload = environment.submit(thread_id=new_thread(), branch="--detach")
    with (
        environment.execution(payload) as execution,
        pytest.raises(WorkspaceError, match="no name for a branch"),
    ):
        Claims(execution).claim()
