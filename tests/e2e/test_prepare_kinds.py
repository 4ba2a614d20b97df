"""The three types and both strategies, what makes a prepare a no-op, and what makes it stale."""

from pathlib import Path

import pytest

from tests.support.git_server import GitServer, run_git
from tests.support.machine import Machine
from tests.support.place import Making
from tests.support.processes import wait_until
from tests.support.rest import Rest

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]


def test_a_manual_environment_is_an_empty_folder_that_its_script_fills(
    rest: Rest, node: Machine
) -> None:
    environment = rest.environment(
        "manual", setupMode="manual", setupScript="ls -A | wc -l; echo hello > made.txt"
    )
    prepare = rest.prepared(rest.map(environment, node.id)["id"])
    assert prepare["status"] == "succeeded", rest.log("prepares", prepare["id"])
    run = rest.do(rest.thread(environment), "cat made.txt")
    assert rest.log("runs", run["id"]) == b"hello\n"


def test_a_local_folder_is_used_in_place_one_run_at_a_time(
    rest: Rest, node: Machine, tmp_path: Path
) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "kept.txt").write_text("mine\n")
    environment = rest.post(
        "/api/environments",
        {
            "name": "local",
            "type": "local",
            "localPath": str(folder),
            "setupMode": "manual",
            "setupScript": "cat kept.txt",
        },
    )
    prepare = rest.prepared(rest.map(environment, node.id)["id"])
    assert prepare["status"] == "succeeded", rest.log("prepares", prepare["id"])
    script = "echo in-{0} >> order; sleep 1; echo out-{0} >> order"
    threads = [rest.thread(environment), rest.thread(environment)]
    runs = [
        rest.run_of(thread, rest.say(thread, script.format(n))) for n, thread in enumerate(threads)
    ]
    for run in runs:
        assert rest.finished(run["id"])["status"] == "completed"
    order = (folder / "order").read_text().split()
    assert [word.partition("-")[0] for word in order] == ["in", "out", "in", "out"]
    assert (folder / "kept.txt").read_text() == "mine\n"


def test_an_existing_checkout_with_changes_is_left_as_it_is(
    rest: Rest, node: Machine, git: GitServer, tmp_path: Path
) -> None:
    git.create_repo("checkout", {"a.txt": "one\n"})
    folder = tmp_path / "checkout"
    run_git("clone", "--quiet", str(git.path("checkout")), str(folder), cwd=tmp_path)
    run_git("remote", "set-url", "origin", git.url("checkout"), cwd=folder)
    (folder / "a.txt").write_text("my own work\n")
    git.commit("checkout", {"a.txt": "two\n"}, "Change it")
    environment = rest.environment("existing", repoUrl=git.url("checkout"))
    prepare = rest.prepared(
        rest.map(
            environment,
            node.id,
            strategy="existing_path",
            existingPath=str(folder),
            fastForward=True,
        )["id"]
    )
    assert prepare["status"] == "succeeded", rest.log("prepares", prepare["id"])
    assert (folder / "a.txt").read_text() == "my own work\n"


def test_an_unchanged_prepare_does_nothing_and_says_so(
    rest: Rest, node: Machine, make: Making, tmp_path: Path
) -> None:
    environment = make(f"echo once >> {tmp_path}/starts")
    first = rest.prepared(rest.map(environment, node.id)["id"])
    again = rest.post(f"/api/bindings/{first['bindingId']}/prepares")
    second = rest.prepared(again["prepare"]["id"])
    assert (second["status"], second["noop"]) == ("succeeded", True)
    assert second["message"]
    assert (tmp_path / "starts").read_text() == "once\n"
    forced = rest.post(f"/api/bindings/{first['bindingId']}/prepares", {"force": True})
    assert rest.prepared(forced["prepare"]["id"])["noop"] is False
    assert (tmp_path / "starts").read_text() == "once\nonce\n"


def test_a_changed_environment_is_stale_and_names_what_changed(
    rest: Rest, node: Machine, make: Making
) -> None:
    environment = make("true", variables=[{"key": "MODE", "value": "a"}])
    first = rest.prepared(rest.map(environment, node.id)["id"])
    shown = rest.get(f"/api/environments/{environment['id']}")
    plain = {
        key: shown[key]
        for key in ("name", "type", "repoUrl", "repoBranch", "setupMode", "setupScript")
    }
    rest.put(
        f"/api/environments/{environment['id']}",
        {
            **plain,
            "variables": [{"key": "MODE", "value": "b"}],
            "maintenanceScript": "echo kept up",
        },
    )
    binding = rest.get(f"/api/bindings/{first['bindingId']}")
    assert binding["status"] == "stale"
    assert "variable MODE" in binding["staleReasons"]
    again = rest.post(f"/api/bindings/{first['bindingId']}/prepares")
    second = rest.prepared(again["prepare"]["id"])
    assert second["status"] == "succeeded"
    assert b"kept up" in rest.log("prepares", second["id"])


def test_what_no_node_can_enforce_yet_is_refused_when_it_is_mapped(
    rest: Rest, node: Machine, make: Making
) -> None:
    environment = make("true", networkAccess=False)
    with pytest.raises(Exception, match="409") as refused:
        rest.map(environment, node.id)
    assert "network" in str(refused.value)


def test_a_volume_outlives_prepares_only_when_it_is_persistent(
    rest: Rest, node: Machine, make: Making
) -> None:
    script = 'ls "$VIBER_VOLUME"; touch "$VIBER_VOLUME/cache"'
    for is_kept in (True, False):
        environment = make(script, persistVolume=is_kept)
        first = rest.prepared(rest.map(environment, node.id)["id"])
        again = rest.post(f"/api/bindings/{first['bindingId']}/prepares", {"force": True})
        second = rest.prepared(again["prepare"]["id"])
        assert second["status"] == "succeeded", rest.log("prepares", second["id"])
        assert (b"cache\n" in rest.log("prepares", second["id"])) is is_kept


def test_an_archived_thread_gives_its_slot_back_and_comes_back_with_its_work(
    rest: Rest, node: Machine, make: Making
) -> None:
    environment = make("true")
    assert rest.prepared(rest.map(environment, node.id)["id"])["status"] == "succeeded"
    thread = rest.thread(environment, title="Keep this")
    assert rest.do(thread, "echo draft > untracked.txt; pwd")["status"] == "completed"
    workspaces = node.home / "workspaces" / environment["id"]
    assert list(workspaces.glob("*/untracked.txt"))
    rest.patch(f"/api/threads/{thread['id']}", {"status": "archived"})
    wait_until(
        lambda: not list(workspaces.glob("*/untracked.txt")) or None, what="the slot to be freed"
    )
    rest.patch(f"/api/threads/{thread['id']}", {"status": "active"})
    back = rest.do(thread, "cat untracked.txt")
    assert rest.log("runs", back["id"]).endswith(b"draft\n")


def test_a_queued_message_has_its_turn_and_a_stopped_run_ends(
    rest: Rest, node: Machine, make: Making, tmp_path: Path
) -> None:
    environment = make("true")
    assert rest.prepared(rest.map(environment, node.id)["id"])["status"] == "succeeded"
    thread = rest.thread(environment)
    first = rest.run_of(thread, rest.say(thread, f"touch {tmp_path}/begun; sleep 600"))
    wait_until((tmp_path / "begun").exists, what="the run's start")
    queued = rest.say(thread, "echo second")
    assert queued["status"] == "queued"
    rest.post(f"/api/runs/{first['id']}/stop")
    assert rest.finished(first["id"])["status"] == "stopped"
    second = rest.finished(rest.run_of(thread, queued)["id"])
    assert second["status"] == "completed"
    assert rest.log("runs", second["id"]) == b"second\n"
