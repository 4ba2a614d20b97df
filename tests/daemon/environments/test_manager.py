import threading
import time
import uuid
from pathlib import Path

import pytest

from openviber_daemon.environments.manager import EnvironmentManager
from openviber_daemon.runner.cancelling import CancelFlag
from openviber_daemon.workspace.claims import Claims
from openviber_daemon.workspace.errors import WorkspaceError
from tests.support.git_server import GitServer
from tests.support.workspaces import Environment, claimed, prepare, read_events

PHASES = ["resolve", "fetch", "checkout", "inject", "setup", "check"]


def test_a_repository_becomes_ready_and_each_phase_is_told(home: Path, server: GitServer) -> None:
    url = server.create_repo("demo", {"app/hello.txt": "hello\n"})
    environment = Environment(
        home,
        url,
        (server.host,),
        spec={"workingDir": "app", "variables": {"COLOUR": "green"}},
        setup={
            "script": 'cat hello.txt; echo "$COLOUR"; echo done > made',
            "checkCommand": "test -f made",
        },
        secrets={"TOKEN_A": ("hunter2-hunter2", "setup")},
    )

    end = prepare(environment)

    assert end.final.status == "ready", end.final.message
    assert end.phases() == dict.fromkeys(PHASES, "done")
    assert [str(phase.name) for phase in end.final.phases] == PHASES
    assert all(phase.duration_ms is not None for phase in end.final.phases)
    assert all(status.status == "preparing" for status in end.statuses[:-1])
    assert end.final.resolved_working_dir.endswith("/1/app")
    assert end.final.slots is not None
    assert (end.final.slots.ready, end.final.slots.claimed) == (1, 0)
    assert "hello\ngreen\n" in end.log
    assert end.final.log is not None
    assert end.final.log.bytes == len(end.log.encode())


def test_the_receipt_names_variables_but_holds_no_value(home: Path, server: GitServer) -> None:
    url = server.create_repo("demo", {"a": "1\n"})
    environment = Environment(
        home, url, (server.host,),
        spec={"variables": {"COLOUR": "green"}},
        setup={"script": 'echo "key is $API_KEY"', "checkCommand": "true"},
        secrets={"API_KEY": ("hunter2-hunter2", "setup"), "LATER": ("swordfish-9", "runtime")},
    )  # fmt: skip

    end = prepare(environment)

    assert end.final.receipt is not None
    setup, check = end.final.receipt.steps
    assert (setup.phase, setup.exit_code, setup.variables) == ("setup", 0, ("API_KEY", "COLOUR"))
    assert (check.phase, check.command) == ("check", "true")
    assert setup.log_tail == "key is [REDACTED]"
    assert "hunter2" not in end.final.model_dump_json()
    assert "hunter2" not in end.log
    assert end.final.redacted == 1
    assert len(end.final.receipt.commit) == 40


def test_scripts_get_the_scrubbed_environment(
    home: Path, server: GitServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OF_THE_DAEMON", "x")
    environment = Environment(
        home, server.create_repo("demo", {"a": "1\n"}), (server.host,),
        setup={"script": "env | cut -d= -f1 | sort"},
        secrets={"ONLY_SETUP": ("value-1", "setup"), "ONLY_RUN": ("value-2", "runtime")},
    )  # fmt: skip

    end = prepare(environment)

    names = {line for line in end.log.splitlines() if line.isupper() and " " not in line}
    shell_adds = {"PWD", "SHLVL", "_", "OLDPWD"}
    assert names - shell_adds == {
        "HOME", "LANG", "ONLY_SETUP", "PATH", "VIBER_ATTEMPT", "VIBER_VOLUME",
    }  # fmt: skip


def test_an_unchanged_fingerprint_changes_nothing_and_says_so(
    home: Path, server: GitServer
) -> None:
    url = server.create_repo("demo", {"a": "1\n"})
    environment = Environment(
        home, url, (server.host,), setup={"script": "echo ran >> $VIBER_VOLUME/../ran"}
    )
    first = prepare(environment)

    second = prepare(environment)

    assert second.final.status == "ready"
    assert second.final.noop
    assert second.final.message == "nothing changed"
    assert second.final.fingerprint == first.final.fingerprint
    assert second.phases()["setup"] == "skipped"
    [ran] = home.glob("environments/*/volume/ran")
    assert ran.read_text() == "ran\n"


def test_force_runs_everything_once_more(home: Path, server: GitServer) -> None:
    url = server.create_repo("demo", {"a": "1\n"})
    environment = Environment(
        home, url, (server.host,), setup={"script": "echo ran >> $VIBER_VOLUME/../ran"}
    )
    prepare(environment)

    end = prepare(environment, force=True)

    assert not end.final.noop
    [ran] = home.glob("environments/*/volume/ran")
    assert ran.read_text() == "ran\nran\n"


def test_a_new_commit_runs_the_maintenance_script_in_the_same_workspace(
    home: Path, server: GitServer
) -> None:
    url = server.create_repo("demo", {"a": "1\n"})
    environment = Environment(
        home, url, (server.host,),
        setup={"script": "echo full > .state", "maintenanceScript": "cat .state a"},
    )  # fmt: skip
    first = prepare(environment)
    commit = server.commit("demo", {"a": "2\n"}, "Change a")

    second = prepare(environment)

    assert not second.final.noop
    assert second.final.resolved_working_dir == first.final.resolved_working_dir
    assert "full\n2\n" in second.log
    assert second.final.fingerprint["commit"] == commit
    detail = next(phase.detail for phase in second.final.phases if phase.name == "checkout")
    assert detail == "workspace 1, changed: commit"


def test_without_a_maintenance_script_a_change_sets_up_from_a_pristine_checkout(
    home: Path, server: GitServer
) -> None:
    url = server.create_repo("demo", {"a": "1\n", ".gitignore": "built\n"})
    environment = Environment(home, url, (server.host,), setup={"script": "ls; touch built"})
    prepare(environment)
    server.commit("demo", {"a": "2\n"}, "Change a")

    end = prepare(environment)

    assert "built" not in end.log
    assert end.final.slots is not None
    assert end.final.slots.ready == 1


def test_a_spare_fills_one_more_workspace(home: Path, server: GitServer) -> None:
    url = server.create_repo("demo", {"a": "1\n"})
    environment = Environment(home, url, (server.host,))
    prepare(environment)
    with claimed(environment, str(uuid.uuid4())):
        end = prepare(environment, kind="spare")

    assert end.final.status == "ready"
    assert end.final.resolved_working_dir.endswith("/2")
    assert end.final.slots is not None
    assert (end.final.slots.ready, end.final.slots.claimed) == (1, 1)


def test_a_script_that_fails_names_the_command_and_leaves_no_half_workspace(
    home: Path, server: GitServer
) -> None:
    url = server.create_repo("demo", {"a": "1\n"})
    environment = Environment(
        home, url, (server.host,), setup={"script": "echo before\ncat /does/not/exist\necho after"}
    )

    end = prepare(environment)

    assert end.final.status == "error"
    assert end.final.reason == "failed"
    assert "the set-up script ended with exit code 1 at `cat /does/not/exist`" in end.final.message
    assert end.final.receipt is not None
    assert end.final.receipt.failing_command == "cat /does/not/exist"
    assert end.phases()["setup"] == "failed"
    assert "after" not in end.log
    assert not list(home.glob("workspaces/*/1"))
    assert end.final.slots is not None
    assert end.final.slots.ready == 0


def test_a_retry_after_a_failure_works(home: Path, server: GitServer) -> None:
    url = server.create_repo("demo", {"a": "1\n"})
    environment = Environment(home, url, (server.host,), setup={"script": "test -f b"})
    assert prepare(environment).final.status == "error"
    server.commit("demo", {"b": "1\n"}, "Add b")

    end = prepare(environment)

    assert end.final.status == "ready"
    assert end.final.resolved_working_dir.endswith("/1")


def test_a_time_limit_ends_a_script(home: Path, server: GitServer) -> None:
    url = server.create_repo("demo", {"a": "1\n"})
    environment = Environment(
        home, url, (server.host,), setup={"script": "sleep 300", "timeLimitSeconds": 1}
    )

    end = prepare(environment)

    assert end.final.reason == "timeout"
    assert "raise its time limit" in end.final.message


def test_a_cancelled_prepare_leaves_no_half_workspace(home: Path, server: GitServer) -> None:
    url = server.create_repo("demo", {"a": "1\n"})
    environment = Environment(
        home, url, (server.host,), setup={"script": 'touch "$HOME/begun"; sleep 300'}
    )
    cancel = CancelFlag()
    begun = home / "environments" / environment.environment_id / "home" / "begun"

    def cancel_once_begun() -> None:
        deadline = time.monotonic() + 50
        while not begun.exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        cancel.request("cancelled")

    thread = threading.Thread(target=cancel_once_begun)
    thread.start()
    end = prepare(environment, cancel=cancel)
    thread.join()

    assert end.final.status == "error"
    assert end.final.reason == "cancelled"
    assert not list(home.glob("workspaces/*/1"))
    assert end.final.slots is not None
    assert end.final.slots.ready == 0


def test_a_prepare_that_was_cancelled_before_it_began_does_nothing(
    home: Path, server: GitServer
) -> None:
    environment = Environment(home, server.create_repo("demo", {"a": "1\n"}), (server.host,))
    cancel = CancelFlag()
    cancel.request("cancelled")
    hits = len(server.hits)

    end = prepare(environment, cancel=cancel)

    assert end.final.reason == "cancelled"
    assert len(server.hits) == hits
    assert not list((home / "mirrors").glob("*"))


def test_a_check_command_that_fails_is_an_error(home: Path, server: GitServer) -> None:
    url = server.create_repo("demo", {"a": "1\n"})
    environment = Environment(home, url, (server.host,), setup={"checkCommand": "exit 7"})

    end = prepare(environment)

    assert end.final.message == "the check command ended with exit code 7 at `exit 7`"
    assert end.phases()["check"] == "failed"


def test_a_working_directory_may_not_lead_out_of_the_workspace(
    home: Path, server: GitServer
) -> None:
    url = server.create_repo("demo", {"a": "1\n"})
    environment = Environment(
        home, url, (server.host,), spec={"workingDir": "out"}, setup={"script": "ln -s /tmp out"}
    )

    end = prepare(environment)

    assert end.final.status == "error"
    assert end.final.reason == "refused"
    assert "leads out of the workspace" in end.final.message


def test_a_missing_working_directory_is_said_plainly(home: Path, server: GitServer) -> None:
    url = server.create_repo("demo", {"a": "1\n"})
    environment = Environment(
        home, url, (server.host,), spec={"workingDir": "nowhere"}, setup={"mode": "auto"}
    )

    end = prepare(environment)

    assert "the working directory `nowhere` is not in the repository" in end.final.message


def test_the_volume_is_fresh_unless_it_shall_persist(home: Path, server: GitServer) -> None:
    url = server.create_repo("demo", {"a": "1\n"})
    script = 'ls "$VIBER_VOLUME"; touch "$VIBER_VOLUME/kept-file"'
    fresh = Environment(home, url, (server.host,), setup={"script": script})
    kept = Environment(
        home, url, (server.host,), spec={"persistVolume": True}, setup={"script": script}
    )

    for environment in (fresh, kept):
        prepare(environment)
    again_fresh = prepare(fresh, force=True)
    again_kept = prepare(kept, force=True)

    assert "kept-file" not in again_fresh.log
    assert "kept-file" in again_kept.log


def test_commits_in_a_workspace_carry_the_environments_author(
    home: Path, server: GitServer
) -> None:
    url = server.create_repo("demo", {"a": "1\n"})
    environment = Environment(
        home, url, (server.host,),
        spec={"authorName": 'Grace "G" Hopper', "authorEmail": "grace@example.org"},
        setup={"script": "git commit --allow-empty -qm x; git log -1 --format='%an <%ae>'"},
    )  # fmt: skip

    end = prepare(environment)

    assert 'Grace "G" Hopper <grace@example.org>' in end.log


def test_a_run_can_set_its_workspace_up_in_its_own_log(home: Path, server: GitServer) -> None:
    url = server.create_repo("demo", {"a": "1\n"})
    environment = Environment(home, url, (server.host,), setup={"script": "echo setting up"})
    payload = environment.submit(thread_id=str(uuid.uuid4()))

    with environment.execution(payload) as execution, Claims(execution).claim() as workspace:
        assert workspace.needs_setup
        EnvironmentManager(execution).set_up(workspace)
        assert not workspace.needs_setup
        assert "setting up" in execution.console.tail(5)
    assert read_events(home / "attempts" / payload["runId"]) == []
    with claimed(environment, payload["threadId"]) as again:
        assert again.path == workspace.path
        assert not again.needs_setup


def test_a_set_up_that_fails_in_a_run_is_tried_again_by_the_next(
    home: Path, server: GitServer
) -> None:
    url = server.create_repo("demo", {"a": "1\n"})
    environment = Environment(home, url, (server.host,), setup={"script": "exit 4"})
    thread_id = str(uuid.uuid4())
    first = environment.submit(thread_id=thread_id)
    with (
        environment.execution(first) as execution,
        Claims(execution).claim() as workspace,
        pytest.raises(WorkspaceError, match="exit code 4"),
    ):
        EnvironmentManager(execution).set_up(workspace)

    second = environment.submit(thread_id=thread_id)
    with environment.execution(second) as execution, Claims(execution).claim() as again:
        assert again.needs_setup
        assert again.path == workspace.path
