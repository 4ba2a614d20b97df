"""Bad input of every kind ends in a true status and in words, and nothing hangs."""

import hashlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.git_server import GitServer
from tests.support.machine import Machine, files_with
from tests.support.place import Making
from tests.support.processes import free_port, wait_until
from tests.support.rest import RefusedError, Rest

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400)]


def failed(rest: Rest, environment: dict[str, Any], node: Machine) -> dict[str, Any]:
    """Map, wait, and check that the whole truth of a failure arrived."""
    prepare = rest.prepared(rest.map(environment, node.id)["id"])
    assert (prepare["status"], prepare["reason"]) != ("succeeded", ""), prepare
    (binding,) = rest.get(f"/api/environments/{environment['id']}/bindings")["bindings"]
    assert binding["status"] == "error"
    assert binding["lastError"]
    assert_log_is_whole(rest, prepare)
    return prepare


def assert_log_is_whole(rest: Rest, prepare: dict[str, Any]) -> bytes:
    log = rest.log("prepares", prepare["id"])
    assert len(log) == prepare["log"]["bytes"]
    assert hashlib.sha256(log).hexdigest() == prepare["log"]["sha256"]
    return log


def test_an_unreachable_repository_says_so_in_gits_own_words(
    rest: Rest, node: Machine, git: GitServer
) -> None:
    nobody = f"http://{git.host.partition(':')[0]}:{free_port()}/gone.git"
    with pytest.raises(RefusedError) as refused:  # the owner named one host, not this one
        rest.environment("elsewhere", repoUrl=nobody)
    assert refused.value.status == 422
    assert "repoUrl" in str(refused.value.body)
    environment = rest.environment("unreachable", repoUrl=git.url("no-such-repository"))
    prepare = failed(rest, environment, node)
    assert prepare["status"] == "failed"
    log = assert_log_is_whole(rest, prepare).decode()
    assert "not found" in (log + prepare["message"]).lower()


def test_a_wrong_branch_is_named(rest: Rest, node: Machine, git: GitServer) -> None:
    environment = rest.environment("branch", repoUrl=git.url("sample"), repoBranch="mian")
    prepare = failed(rest, environment, node)
    assert "mian" in prepare["message"]
    assert "main" in prepare["message"]  # the one that was meant


def test_a_private_repository_without_credentials_says_what_it_needs(
    rest: Rest, node: Machine, git: GitServer
) -> None:
    git.token = "s3cret-token-of-the-host"
    try:
        environment = rest.environment("private", repoUrl=git.url("sample"))
        prepare = failed(rest, environment, node)
        assert "token" in prepare["message"]
        log = assert_log_is_whole(rest, prepare).decode()
        assert "Authentication failed" in log or "could not read Username" in log
        given = rest.environment(
            "private with a token",
            repoUrl=git.url("sample"),
            secrets=[{"purpose": "git_token", "value": git.token}],
        )
        ready = rest.prepared(rest.map(given, node.id)["id"])
        assert ready["status"] == "succeeded", rest.log("prepares", ready["id"])
        assert git.token.encode() not in b"".join(rest.seen)
        assert files_with(git.token.encode(), node.home) == []
    finally:
        git.token = None


def test_a_script_that_fails_leads_with_the_command(
    rest: Rest, node: Machine, make: Making
) -> None:
    prepare = failed(rest, make("echo before\nls /no/such/folder\necho after"), node)
    assert (prepare["status"], prepare["reason"]) == ("failed", "failed")
    assert prepare["receipt"]["failingCommand"] == "ls /no/such/folder"
    (step,) = [s for s in prepare["receipt"]["steps"] if s["phase"] == "setup"]
    assert step["exitCode"] == 2
    assert "No such file" in step["logTail"]
    assert b"after" not in rest.log("prepares", prepare["id"]).splitlines()


def test_a_script_that_hangs_is_ended_by_its_limit(rest: Rest, node: Machine, make: Making) -> None:
    prepare = failed(rest, make("echo begun; sleep 600", timeLimitSeconds=2), node)
    assert (prepare["status"], prepare["reason"]) == ("failed", "timeout")
    wait_until(lambda: not node.leftovers() or None, what="the end of the script's processes")


def test_a_prepare_can_be_cancelled_and_tried_again(
    rest: Rest, node: Machine, make: Making, tmp_path: Path
) -> None:
    environment = make(f"test -e {tmp_path}/go || {{ touch {tmp_path}/begun; sleep 600; }}")
    prepare_id = rest.map(environment, node.id)["id"]
    wait_until((tmp_path / "begun").exists, what="the script's start")
    rest.post(f"/api/prepares/{prepare_id}/cancel")
    ended = rest.prepared(prepare_id)
    assert (ended["status"], ended["reason"]) == ("cancelled", "cancelled")
    (tmp_path / "go").touch()
    again = rest.post(f"/api/bindings/{ended['bindingId']}/prepares")
    assert rest.prepared(again["prepare"]["id"])["status"] == "succeeded"


def test_a_child_that_holds_stdout_does_not_hold_up_the_end(
    rest: Rest, node: Machine, make: Making
) -> None:
    prepare = rest.prepared(rest.map(make("sleep 600 & echo over"), node.id)["id"])
    assert prepare["status"] == "succeeded"
    assert b"over" in assert_log_is_whole(rest, prepare)


def test_two_hundred_megabytes_of_output_arrive_byte_for_byte(
    rest: Rest, node: Machine, make: Making
) -> None:
    line = "x" * 1023
    prepare = rest.prepared(
        rest.map(make(f"head -c 209715200 < <(yes {line})"), node.id)["id"], deadline=300
    )
    assert prepare["status"] == "succeeded", prepare
    assert prepare["log"]["truncatedBytes"] == 0
    log = assert_log_is_whole(rest, prepare)
    assert log.count(line.encode() + b"\n") == 209715200 // 1024


def test_invalid_utf_8_arrives_as_it_was_printed(rest: Rest, node: Machine, make: Making) -> None:
    prepare = rest.prepared(rest.map(make(r"printf 'a\xff\xfe\x80b\n'"), node.id)["id"])
    assert prepare["status"] == "succeeded"
    assert b"a\xff\xfe\x80b\n" in assert_log_is_whole(rest, prepare)


def test_one_line_of_fifty_megabytes_arrives_whole(rest: Rest, node: Machine, make: Making) -> None:
    script = "head -c 52428800 /dev/zero | tr '\\0' a"
    prepare = rest.prepared(rest.map(make(script), node.id)["id"], deadline=200)
    assert prepare["status"] == "succeeded"
    assert b"a" * 52428800 in assert_log_is_whole(rest, prepare)


def test_an_offline_node_gets_its_prepare_when_it_returns(
    rest: Rest, node: Machine, make: Making
) -> None:
    name = rest.get(f"/api/nodes/{node.id}")["name"]
    assert node.stop() == 0
    wait_until(
        lambda: rest.get(f"/api/nodes/{node.id}")["link"] == "unreachable" or None,
        what="the board to see that the node is gone",
    )
    environment = make("echo hello")
    prepare = rest.map(environment, node.id)
    assert (prepare["status"], prepare["waitsFor"]) == ("queued", name)
    pills = {e["id"]: e["pill"] for e in rest.get("/api/environments")["environments"]}
    assert pills[environment["id"]] == "Preparing"
    node.start()
    assert rest.prepared(prepare["id"])["status"] == "succeeded"


def test_the_second_of_two_prepares_at_once_joins_the_first(
    rest: Rest, node: Machine, make: Making, tmp_path: Path
) -> None:
    script = f"echo once >> {tmp_path}/starts; while ! test -e {tmp_path}/go; do sleep 0.1; done"
    first = rest.map(make(script), node.id)
    wait_until((tmp_path / "starts").exists, what="the script's start")
    second = rest.post(f"/api/bindings/{first['bindingId']}/prepares")
    assert second["joined"] is True
    assert second["prepare"]["id"] == first["id"]
    (tmp_path / "go").touch()
    assert rest.prepared(first["id"])["status"] == "succeeded"
    assert (tmp_path / "starts").read_text() == "once\n"


def test_a_secret_split_over_writes_is_masked_in_every_form(
    rest: Rest, node: Machine, make: Making
) -> None:
    secret = "multi-Line+Secret/42"
    script = """
    printf '%s' "${KEY:0:7}"; sleep 0.2; printf '%s\\n' "${KEY:7}"
    printf '%s' "$KEY" | base64
    python3 -c 'import os, urllib.parse; print(urllib.parse.quote(os.environ["KEY"], safe=""))'
    """
    environment = make(script, secrets=[{"key": "KEY", "value": secret}])
    prepare = rest.prepared(rest.map(environment, node.id)["id"])
    log = assert_log_is_whole(rest, prepare)
    assert log.count(b"[REDACTED]") == 3
    assert prepare["redacted"] == 3
    assert secret.encode() not in log


def test_a_message_for_a_node_without_the_tool_says_what_happened(
    rest: Rest, node: Machine, make: Making
) -> None:
    environment = make("true")
    assert rest.prepared(rest.map(environment, node.id)["id"])["status"] == "succeeded"
    run = rest.do(rest.thread(environment), "no-such-program --now")
    assert (run["status"], run["exitCode"]) == ("failed", 127)
    assert b"no-such-program" in rest.log("runs", run["id"])


def test_the_daemon_says_what_to_do_before_it_was_onboarded(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "openviber_daemon", "start"],
        env={"OPENVIBER_HOME": str(tmp_path / "none"), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode != 0
    assert "openviber onboard --token" in done.stderr
