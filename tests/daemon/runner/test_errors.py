"""The errors that end an execution."""

import pytest

from openviber_daemon.errors import NodeError
from openviber_daemon.runner.errors import (
    BundleRefusedError,
    DirectoryMissingError,
    ExecutionError,
    ExecutionStoppedError,
    ProgramMissingError,
)
from openviber_protocol.payloads import ErrorReason

EVERY = [
    ExecutionError("it failed"),
    BundleRefusedError("the bundle is damaged"),
    ProgramMissingError("tool", "/bin"),
    DirectoryMissingError("/gone"),
    ExecutionStoppedError("timeout", "its time was up"),
]


@pytest.mark.parametrize("error", EVERY)
def test_each_has_a_reason_that_the_wire_knows_and_words_for_a_person(
    error: ExecutionError,
) -> None:
    assert isinstance(error, NodeError)
    assert ErrorReason(error.reason)
    assert str(error)[0].islower()


def test_what_is_missing_is_an_attribute_too() -> None:
    assert ProgramMissingError("tool", "/bin").program == "tool"
    assert DirectoryMissingError("/gone").cwd == "/gone"
