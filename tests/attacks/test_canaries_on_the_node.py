"""A node's disk, read while the board is away and nothing is sent, and again when all of it is."""

import base64
import sqlite3
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from openviber_daemon.canaries import find_missed, list_forms, make_canaries
from tests.support.board_process import BoardProcess, board_process
from tests.support.git_server import GitServer
from tests.support.machine import Machine, machine, wait_online
from tests.support.processes import wait_until
from tests.support.rest import Rest

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

CANARIES = make_canaries()
FORMS = list_forms(CANARIES)
"""Every form of `docs/redaction.md`; the program beside it prints them."""

NAME = "canary-name-7Jw20pQx"
TOKEN = "canary-token-3Rz58kLm"
PRINT = f"{sys.executable} -I -m openviber_daemon.canaries"
PIECE = 12
"""So many bytes of a form in a row, and it is there. Some forms have words of their own in them."""

COMMON = (b"http", b"SELF", b"TEST", b"---")
SPOOL, RECORDS, LOGS = "attempts", "state.sqlite3", "logs"
NOT_OURS = {"workspaces", "environments", "mirrors"}
"""What scripts write there is theirs."""


def pieces() -> list[bytes]:
    """Return what to search for: every run of bytes that says something of a secret."""
    whole = [b"".join(b"".join(parts).split()) for _, parts in FORMS]
    whole += [NAME.encode(), NAME.encode().hex().encode(), TOKEN.encode()]
    whole += [base64.b64encode(f"x-access-token:{TOKEN}".encode())[20:]]  # as git proves itself
    found = {form[n : n + PIECE] for form in whole for n in range(len(form) - PIECE + 1)}
    return sorted(p for p in found if not any(word in p for word in COMMON))


def files_of(home: Path) -> dict[str, bytes]:
    """Read everything in a node's home that the daemon and its runners wrote."""
    found: dict[str, bytes] = {}
    for file in sorted(home.rglob("*")):
        place = file.relative_to(home)
        if place.parts[0] not in NOT_OURS and file.is_file() and not file.is_symlink():
            found[str(place)] = file.read_bytes()
    return found


def told_in(found: dict[str, bytes], searched: list[bytes]) -> dict[str, list[bytes]]:
    """Return the files that tell something, by their names too, with what they tell."""
    texts = {name: name.encode() + b"\n" + b"".join(text.split()) for name, text in found.items()}
    hits = {name: [p for p in searched if p in text] for name, text in texts.items()}
    return {name: some[:3] for name, some in hits.items() if some}


@dataclass
class Disk:
    """A node's home at two moments, with what the board says of the work."""

    unsent: dict[str, bytes] = field(default_factory=dict)
    sent: dict[str, bytes] = field(default_factory=dict)
    user_home: dict[str, bytes] = field(default_factory=dict)
    rows: str = ""
    failed: dict[str, Any] = field(default_factory=dict)
    refused: dict[str, Any] = field(default_factory=dict)
    run: dict[str, Any] = field(default_factory=dict)


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Disk]:
    folder = tmp_path_factory.mktemp("disk")
    with ExitStack() as opened:
        git = opened.enter_context(GitServer(folder / "git"))
        settings = {"OPENVIBER_GIT_HOSTS": git.host}
        board = opened.enter_context(board_process(folder, settings=settings))
        rest = Rest(board.url)
        rest.become_owner(board.setup_code())
        node = opened.enter_context(machine(folder / "machine", rest))
        yield _work(folder / "go", git=git, board=board, rest=rest, node=node)


def _work(go: Path, *, git: GitServer, board: BoardProcess, rest: Rest, node: Machine) -> Disk:
    """Let a set-up, a fetch and a run go on until the board is gone, then let them end."""
    disk, git.gossip = Disk(), threading.Event()
    waits = f"while [ ! -e {go} ]; do sleep 0.05; done"
    values = [{"key": key, "value": value} for key, value in {**CANARIES, "NAME": NAME}.items()]

    ready = rest.environment(
        "ready",
        setupMode="manual",
        setupScript="git init -q . && git -c user.name=n -c user.email=e@x commit -q --allow-empty"
        " -m first",
        secrets=values,
    )
    assert rest.prepared(rest.map(ready, node.id)["id"])["status"] == "succeeded"
    thread = rest.thread(ready, title="what a person types is theirs")
    run = rest.run_of(thread, rest.say(thread, f'{waits}; {PRINT}; echo "$NAME" > "$NAME"'))
    script = f'{waits}; {PRINT}; cd "/nowhere/$NAME" || exit 3'
    failing = rest.environment("failing", setupMode="manual", setupScript=script, secrets=values)
    failed = rest.map(failing, node.id)
    token = [{"key": "git.token", "value": TOKEN, "purpose": "git_token"}]
    hidden = rest.environment("refused", repoUrl=git.url("hidden"), secrets=token)
    refused = rest.map(hidden, node.id)
    rest.run_status(run["id"], "running")
    rest.prepare_status(failed["id"], "running")
    wait_until(lambda: bool(git.hits), what="git's question")

    board.kill()
    go.touch()
    git.gossip.set()
    wait_until(lambda: not node.leftovers(), what="the end of all work")
    wait_until(lambda: _has_ended(node, 3), what="all last words")
    disk.unsent = files_of(node.home)
    with closing(sqlite3.connect(f"file:{node.home / RECORDS}?mode=ro", uri=True)) as database:
        disk.rows = "\n".join(database.iterdump())

    board.restart()
    wait_online(rest, node)
    disk.run = rest.finished(run["id"])
    disk.failed, disk.refused = rest.prepared(failed["id"]), rest.prepared(refused["id"])
    wait_until(lambda: not any((node.home / SPOOL).glob("[0-9a-f]*")), what="an empty spool")
    disk.sent, disk.user_home = files_of(node.home), files_of(node.user_home)
    return disk


def _has_ended(node: Machine, number: int) -> bool:
    """Whether the last words of so many executions are there for the board."""
    events = [file.read_bytes() for file in (node.home / SPOOL).glob("*/events")]
    return sum(b'"final":true' in text.replace(b" ", b"") for text in events) >= number


def test_the_work_ended_as_it_was_meant_to(disk: Disk) -> None:
    assert (disk.failed["status"], disk.refused["status"]) == ("failed", "failed")
    assert disk.run["status"] == "completed", disk.run
    assert [file["path"] for file in disk.run["files"]] == ["[REDACTED]"]
    assert "[REDACTED], who may not read this" in disk.refused["message"], disk.refused


def test_the_spool_holds_the_forms_masked(disk: Disk) -> None:
    spool = {name: text for name, text in disk.unsent.items() if name.startswith(SPOOL)}
    logs = [text for name, text in spool.items() if name.endswith("/log")]
    printed = [text for text in logs if b"== as it is" in text]
    assert len(logs) == 3
    assert len(printed) == 2
    for log in printed:
        assert find_missed(FORMS, log) == []
    assert told_in(spool, pieces()) == {}


def test_the_daemons_log_its_records_and_the_rest_of_its_home_hold_nothing(disk: Disk) -> None:
    for found in (disk.unsent, disk.sent):
        assert any(name.startswith(LOGS) and text for name, text in found.items())
        assert found[RECORDS]
        assert told_in(found, pieces()) == {}
    assert "INSERT INTO" in disk.rows
    assert told_in({"rows": disk.rows.encode()}, pieces()) == {}
    assert told_in(disk.user_home, pieces()) == {}


def test_the_search_would_find_each_form(disk: Disk) -> None:
    searched = pieces()
    for name, parts in FORMS:
        assert told_in({"log": b"before " + b"".join(parts) + b" after"}, searched), name
    proof = base64.b64encode(f"x-access-token:{TOKEN}".encode()).decode()
    for text in (NAME, TOKEN, f"fatal: {TOKEN}: no", f"Basic {proof} is"):
        assert told_in({"log": text.encode()}, searched), text
    assert told_in({f"attempts/{NAME}": b""}, searched)
    assert disk.unsent
