"""The main job from end to end: a real library, git server and a node installed from its wheel."""

import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.board_process import ROOT, BoardProcess, board_process
from tests.support.git_server import GitServer
from tests.support.machine import Machine, files_with, proxies_of, wait_online
from tests.support.processes import wait_until
from tests.support.rest import RefusedError, Rest

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

LIBRARY = "iniconfig==2.3.1"
SECRET = "hunter2-Zq9#4 b/+tail"
SETUP = """
python3 -m venv .venv
.venv/bin/pip install --quiet -e . pytest
echo "the token is $API_TOKEN"
echo "$API_TOKEN" | base64
"""
TESTS = '.venv/bin/python -m pytest -q -p no:cacheprovider testing && echo "used $API_TOKEN"'


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The unpacked source distribution of a small public library, with its test suite."""
    folder = tmp_path_factory.mktemp("sdist")
    subprocess.run(
        [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:",
         "--dest", str(folder), LIBRARY],
        check=True,
    )  # fmt: skip
    (archive,) = folder.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    return next(entry for entry in folder.iterdir() if entry.is_dir())


@pytest.fixture(scope="module")
def git(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GitServer]:
    with GitServer(tmp_path_factory.mktemp("git")) as server:
        yield server


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory, git: GitServer) -> Iterator[BoardProcess]:
    folder = tmp_path_factory.mktemp("board")
    with board_process(folder, settings={"OPENVIBER_GIT_HOSTS": git.host}) as started:
        yield started


@pytest.fixture(scope="module")
def rest(board: BoardProcess) -> Rest:
    client = Rest(board.url)
    client.become_owner(board.setup_code())
    return client


@pytest.fixture(scope="module")
def node(
    tmp_path_factory: pytest.TempPathFactory, board: BoardProcess, rest: Rest
) -> Iterator[Machine]:
    """A second machine: an empty home, Python, and the one command that the board shows."""
    subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "daemon_wheel.py")], check=True, cwd=ROOT
    )
    folder = tmp_path_factory.mktemp("machine")
    program = folder / "node" / "venv" / "bin" / "openviber"
    machine = Machine(folder, command=[str(program)])
    made = rest.post("/api/nodes/tokens", {"name": "second"})
    machine.id = made["nodeId"]
    done = subprocess.run(
        ["/bin/sh", "-c", made["commands"]["install"]],
        env=machine.environment | proxies_of(os.environ),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    machine.start()
    try:
        wait_online(rest, machine)
        yield machine
    finally:
        machine.end()


def test_a_library_becomes_ready_and_its_own_tests_pass_in_a_thread(
    library: Path, git: GitServer, board: BoardProcess, rest: Rest, node: Machine
) -> None:
    packages = subprocess.run(
        [str(Path(node.command[0]).with_name("python")), "-I", "-c",
         "import importlib.util as u; print(u.find_spec('reflex'), u.find_spec('openviber_app'))"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert packages.stdout.split() == ["None", "None"]

    url = git.create_repo("iniconfig", library)
    environment = rest.environment(
        "iniconfig",
        repoUrl=url,
        repoBranch="main",
        setupMode="manual",
        setupScript=SETUP,
        variables=[{"key": k, "value": v} for k, v in proxies_of(os.environ).items()],
        secrets=[{"key": "API_TOKEN", "value": SECRET}],
    )
    prepare = rest.prepared(rest.map(environment, node.id)["id"])
    assert prepare["status"] == "succeeded", rest.log("prepares", prepare["id"]).decode()
    assert [phase["name"] for phase in prepare["phases"]] == [
        "resolve",
        "fetch",
        "checkout",
        "inject",
        "setup",
        "check",
    ]
    log = rest.log("prepares", prepare["id"])
    assert b"the token is [REDACTED]" in log
    assert len(log) == prepare["log"]["bytes"]
    assert rest.get("/api/environments")["environments"][0]["pill"] == "Ready"

    thread = rest.thread(environment, title="Run the tests")
    run = rest.do(thread, TESTS)
    output = rest.log("runs", run["id"])
    assert (run["status"], run["exitCode"]) == ("completed", 0), output.decode()
    assert b" passed" in output
    assert b"used [REDACTED]" in output

    page = rest.get(f"/api/threads/{thread['id']}/timeline")
    kinds = [item["kind"] for item in page["items"]]
    assert kinds == ["user_message", "terminal"]
    assert page["items"][1]["status"] == "completed"
    assert page["runs"][0]["exitCode"] == 0


def test_the_secret_is_nowhere_in_the_clear(board: BoardProcess, rest: Rest, node: Machine) -> None:
    config = f"/api/nodes/{node.id}/config"
    for page in ("/api/environments", "/api/openapi.json", "/", "/api/nodes", config):
        try:
            rest.call("GET", page)
        except RefusedError:
            continue  # its answer was kept in `seen` all the same
    for form in (SECRET.encode(), json.dumps(SECRET)[1:-1].encode()):
        assert not [answer for answer in rest.seen if form in answer]
        assert files_with(form, board.data.parent) == []
        assert files_with(form, node.home.parent) == []


def test_the_secret_is_in_no_argument_list_while_a_run_uses_it(rest: Rest, node: Machine) -> None:
    (environment,) = rest.get("/api/environments")["environments"]
    thread = rest.thread(environment, title="Wait")
    run = rest.run_of(thread, rest.say(thread, "echo started; sleep 300"))
    rest.run_status(run["id"], "running")
    seen = [
        (entry / "cmdline").read_bytes()
        for entry in Path("/proc").iterdir()
        if entry.name.isdigit() and (entry / "cmdline").exists()
    ]
    assert not [words for words in seen if SECRET.encode() in words]
    assert files_with(SECRET.encode(), node.home.parent) == []
    rest.post(f"/api/runs/{run['id']}/stop")
    assert rest.finished(run["id"])["status"] == "stopped"
    wait_until(lambda: not node.leftovers(run["id"]) or None, what="the end of its processes")


def test_two_threads_at_once_touch_each_other_nowhere(rest: Rest, node: Machine) -> None:
    (environment,) = rest.get("/api/environments")["environments"]
    first, second = rest.thread(environment, title="One"), rest.thread(environment, title="Two")
    script = "echo mine-{0} > only-{0}.txt; sleep 1; ls; pwd; git branch --show-current"
    runs = [
        rest.run_of(thread, rest.say(thread, script.format(name)))
        for thread, name in ((first, "one"), (second, "two"))
    ]
    ends = [rest.finished(run["id"], deadline=180) for run in runs]
    logs = [rest.log("runs", end["id"]).decode() for end in ends]
    assert [end["status"] for end in ends] == ["completed", "completed"], logs
    assert "only-one.txt" in logs[0]
    assert "only-two.txt" not in logs[0]
    assert "only-two.txt" in logs[1]
    assert "only-one.txt" not in logs[1]
    assert [file["path"] for file in ends[0]["files"]] == ["only-one.txt"]
    branches = {log.strip().splitlines()[-1] for log in logs}
    assert len(branches) == 2
    assert all(branch.startswith("viber/") for branch in branches)


def test_an_editable_install_in_a_slot_tests_the_slots_own_code(rest: Rest, node: Machine) -> None:
    (environment,) = rest.get("/api/environments")["environments"]
    thread = rest.thread(environment, title="Break it here")
    broken = rest.do(
        thread,
        "echo 'raise RuntimeError(\"only in this slot\")' >> src/iniconfig/__init__.py\n" + TESTS,
        deadline=180,
    )
    assert broken["status"] == "failed"
    assert b"only in this slot" in rest.log("runs", broken["id"])
    other = rest.do(rest.thread(environment, title="Still whole"), TESTS, deadline=180)
    assert other["status"] == "completed", rest.log("runs", other["id"]).decode()


def test_the_installer_leaves_the_machine_without_reflex(node: Machine) -> None:
    installed = node.home / "venv" / "lib"
    assert installed.exists()
    assert not list(installed.glob("python*/site-packages/reflex*"))
    assert shutil.which("openviber", path=str(node.home / "venv" / "bin"))
