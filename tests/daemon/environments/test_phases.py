from pathlib import Path

import pytest

from openviber_daemon.environments.phases import Phases
from tests.support.workspaces import Environment


def test_a_phase_is_told_when_it_begins_and_when_it_ends(home: Path) -> None:
    environment = Environment(home)
    told: list[list[object]] = []
    with environment.execution(environment.prepare()) as execution:
        phases = Phases(execution, lambda now: told.append([n["status"] for n in now.as_wire()]))
        execution.console.say("before")
        with phases.during("resolve") as note:
            note.detail = "found"
        with phases.during("fetch") as note:
            note.skip("nothing to fetch")
        wire = phases.as_wire()

    assert told == [["running"], ["done"], ["done", "running"], ["done", "skipped"]]
    assert wire[0]["logStart"] == len("before\n")
    assert wire[0]["detail"] == "found"
    assert isinstance(wire[0]["durationMs"], int)


def test_a_phase_that_raises_has_failed_and_says_why(home: Path) -> None:
    environment = Environment(home)
    with environment.execution(environment.prepare()) as execution:
        phases = Phases(execution, lambda _now: None)
        with pytest.raises(ValueError, match="no"), phases.during("resolve"):
            raise ValueError("no")

        assert phases.current == "resolve"
        assert phases.as_wire()[0]["status"] == "failed"
        assert phases.as_wire()[0]["detail"] == "no"


def test_skipped_phases_have_a_reason(home: Path) -> None:
    environment = Environment(home)
    with environment.execution(environment.prepare()) as execution:
        phases = Phases(execution, lambda _now: None)
        phases.skip(("setup", "check"), "nothing changed")

    assert [note["status"] for note in phases.as_wire()] == ["skipped", "skipped"]
    assert {note["detail"] for note in phases.as_wire()} == {"nothing changed"}
