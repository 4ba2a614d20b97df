"""Scopes of secrets, by real runner processes: a script gets those that are meant for it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.support.runner_jobs import (
    Attempt,
    SealingBoard,
    make_prepare_payload,
    make_spec,
    make_submit_payload,
)

VALUES = {"FOR_SETUP": "setup", "FOR_RUNS": "runtime", "FOR_BOTH": "both"}
TELL = "for name in FOR_SETUP FOR_RUNS FOR_BOTH; do eval echo $name=\\${#$name}; done"
"""Lengths: the values themselves are masked in every log."""


class Node:
    """One environment with a secret of each scope."""

    def __init__(self, home: Path) -> None:
        self.board = SealingBoard(home)
        refs = [{"name": name, "version": 1, "scope": scope} for name, scope in VALUES.items()]
        self.spec = make_spec(secrets=refs)
        self.spec["setup"]["script"] = TELL
        self.binding_id = str(uuid4())

    def carry_out(self, kind: str, payload: Mapping[str, Any], execution_id: Any) -> Attempt:
        payload = {**payload, "bindingId": self.binding_id}
        attempt = self.board.make_job(kind, payload, execution_id)
        secrets = {
            name: {"value": f"value-of-{name}", "scope": scope} for name, scope in VALUES.items()
        }
        runner = self.board.start(attempt, self.board.seal(attempt, secrets=secrets))
        assert runner.wait(50) == 0, (attempt.path / "runner.err").read_text()
        return attempt


@pytest.fixture
def node(tmp_path: Path) -> Node:
    return Node(tmp_path / "home")


def test_set_up_and_runs_each_get_their_own(node: Node) -> None:
    prepare_id, run_id = uuid4(), uuid4()
    prepared = node.carry_out("prepare", make_prepare_payload(node.spec, prepare_id), prepare_id)
    submit = make_submit_payload(node.spec, run_id, text=TELL)
    ran = node.carry_out("run", submit, run_id)
    told = prepared.log().decode()
    assert "FOR_SETUP=18" in told
    assert "FOR_RUNS=0" in told
    assert "FOR_BOTH=17" in told
    own = ran.log().decode().split()[-3:]  # its workspace is set up first, in the same log
    assert own == ["FOR_SETUP=0", "FOR_RUNS=17", "FOR_BOTH=17"]
