"""F33 and the life of a node's identity, with real daemons on a real board."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.support.machine import Machine, wait_online
from tests.support.place import Making
from tests.support.processes import wait_until
from tests.support.rest import Rest

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]


def shown(rest: Rest, node: Machine) -> dict[str, Any]:
    return rest.get(f"/api/nodes/{node.id}")


def copied(node: Machine, folder: Path) -> Machine:
    """Copy a node's home, as somebody might who clones a machine."""
    twin = Machine(folder)
    skipped = shutil.ignore_patterns("*.sock", "logs")
    shutil.copytree(node.home, twin.home, ignore=skipped)
    twin.id = node.id
    return twin


def ended(node: Machine) -> int:
    wait_until(lambda: node.process.exit_code() is not None, what="a daemon's end")
    code = node.process.exit_code()
    assert code is not None
    return code


def said(node: Machine) -> str:
    return node.log.read_text()


def test_f33_of_two_daemons_with_one_identity_the_newer_works_and_the_board_says_so(
    node: Machine, rest: Rest, make: Making, tmp_path: Path
) -> None:
    twin = copied(node, tmp_path / "twin")
    twin.start()
    try:
        assert ended(node) == 78
        assert "another daemon has connected as this node" in said(node)
        status = node.run("status")
        assert status.returncode == 1
        assert "another daemon has connected" in status.stdout
        wait_until(lambda: shown(rest, twin)["fencedAt"], what="the board's warning")
        prepare_id = rest.map(make("echo here > where"), node.id)["id"]
        assert rest.prepared(prepare_id)["status"] == "succeeded"
        assert not node.attempt(prepare_id).exists()  # the older one began nothing
        node.start()  # the loser comes back: now the twin is the older one
        assert ended(twin) == 78
        wait_online(rest, node)
        settled = rest.post(f"/api/nodes/{node.id}/settle-identity", {})
        assert settled["fencedAt"] is None
        # new keys lock the copy out for good
        rest.post(f"/api/nodes/{node.id}/rotate-key", {})
        old = settled["signingKeyId"]
        wait_until(lambda: shown(rest, node)["signingKeyId"] != old, what="new keys")
        twin.start()
        assert ended(twin) == 78
        assert "does not accept this node's credentials" in said(twin)
        wait_online(rest, node)
        assert shown(rest, node)["fencedAt"] is None
    finally:
        twin.end()


def test_a_daemon_changes_its_keys_and_follows_the_boards_while_a_run_goes_on(
    node: Machine, rest: Rest, make: Making, tmp_path: Path
) -> None:
    secret = {"key": "API_KEY", "value": "canary-of-rotation"}
    environment = make("true", secrets=[secret])
    rest.prepared(rest.map(environment, node.id)["id"])
    thread = rest.thread(environment, title="Long job")
    going = rest.run_of(thread, rest.say(thread, f"touch {tmp_path}/up; sleep 60"))
    wait_until((tmp_path / "up").exists, what="the script")
    before = shown(rest, node)
    config = json.loads((node.home / "config.json").read_text())

    done = node.run("rotate-key")  # on the machine, while its daemon runs
    assert done.returncode == 0, done.stderr
    after = wait_until(
        lambda: (
            (found := shown(rest, node))["signingKeyId"] != before["signingKeyId"]
            and found["link"] == "connected"
            and found
        ),
        what="the daemon with its new keys",
    )
    assert after["signingKeyId"] in done.stdout
    assert json.loads((node.home / "config.json").read_text())["authToken"] != config["authToken"]

    rotated = rest.post("/api/keys/signing/rotate", {})
    wait_until(
        lambda: json.loads((node.home / "config.json").read_text())["hubKeyId"] == rotated["keyId"],
        what="the board's new key, pinned",
    )
    wait_online(rest, node)
    node.stop()
    for _ in range(2):  # the node is away meanwhile
        rotated = rest.post("/api/keys/signing/rotate", {})
    node.start()
    wait_online(rest, node)
    assert json.loads((node.home / "config.json").read_text())["hubKeyId"] == rotated["keyId"]

    other = rest.thread(environment, title="With the secret")
    run = rest.run_of(other, rest.say(other, f'printf %s "$API_KEY" | wc -c > {tmp_path}/size'))
    rest.run_status(run["id"], "completed")
    assert (tmp_path / "size").read_text().strip() == str(len(secret["value"]))
    assert rest.get(f"/api/runs/{going['id']}")["status"] == "running"  # it went on all the while
    rest.post(f"/api/runs/{going['id']}/stop", {})
    rest.run_status(going["id"], "stopped")


def test_a_revoked_daemon_stops_what_runs_and_itself_and_stays_away(
    node: Machine, rest: Rest, make: Making, tmp_path: Path
) -> None:
    environment = make("true", secrets=[{"key": "API_KEY", "value": "canary-of-revocation"}])
    rest.prepared(rest.map(environment, node.id)["id"])
    thread = rest.thread(environment, title="Long job")
    run = rest.run_of(thread, rest.say(thread, f"touch {tmp_path}/up; sleep 300"))
    wait_until((tmp_path / "up").exists, what="the script")
    revoked = rest.post(f"/api/nodes/{node.id}/revoke", {})
    assert revoked["node"]["link"] == "revoked"
    assert ended(node) == 78
    assert node.leftovers(run["id"]) == []
    assert rest.get(f"/api/runs/{run['id']}")["status"] == "lost"
    status = node.run("status")
    assert "removed or revoked on the board" in status.stdout
    node.start()
    assert ended(node) == 78
    assert shown(rest, node)["link"] == "revoked"
