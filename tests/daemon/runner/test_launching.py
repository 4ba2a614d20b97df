"""Starting a child, and the words for what is missing."""

import os
from pathlib import Path

import pytest

from openviber_daemon.runner.errors import (
    DirectoryMissingError,
    ExecutionError,
    ProgramMissingError,
)
from openviber_daemon.runner.launching import ChildCommand, start_child
from tests.support.runner_jobs import STANDARD_PATH


def start(cwd: Path, *argv: str, **env: str) -> None:
    with Path(os.devnull).open("wb") as nowhere:
        command = ChildCommand(
            argv=argv, cwd=cwd, env={"PATH": STANDARD_PATH, **env}, mark="a-mark"
        )
        start_child(command, output=nowhere.fileno()).wait()


def test_a_missing_program_is_named_with_where_it_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(ProgramMissingError, match="'no-such-tool' was not found") as caught:
        start(tmp_path, "no-such-tool")

    assert STANDARD_PATH in str(caught.value)


def test_a_missing_working_directory_is_told_apart_from_a_missing_program(tmp_path: Path) -> None:
    with pytest.raises(DirectoryMissingError, match="gone' does not exist"):
        start(tmp_path / "gone", "true")


def test_a_file_is_no_working_directory(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(DirectoryMissingError):
        start(tmp_path / "file", "true")


def test_a_program_that_may_not_be_run_is_told(tmp_path: Path) -> None:
    (tmp_path / "tool").write_text("#!/bin/sh\n")

    with pytest.raises(ExecutionError, match="Permission denied"):
        start(tmp_path, str(tmp_path / "tool"))


def test_variables_too_large_for_the_system_are_told_without_their_value(tmp_path: Path) -> None:
    with pytest.raises(ExecutionError, match="larger than this system") as caught:
        start(tmp_path, "true", BIG="hunter2" * 500_000)

    assert "hunter2" not in str(caught.value)


def test_a_nul_in_a_variable_is_told_without_its_value(tmp_path: Path) -> None:
    with pytest.raises(ExecutionError, match="NUL") as caught:
        start(tmp_path, "true", TOKEN="hunter2\0")

    assert "hunter2" not in str(caught.value)
    assert caught.value.__cause__ is None
