"""The flag that stops an execution."""

import select
from collections.abc import Iterator
from pathlib import Path

import pytest

from openviber_daemon.runner.cancelling import CancelFlag, read_reason
from openviber_protocol.payloads import ErrorReason


@pytest.fixture
def flag() -> Iterator[CancelFlag]:
    flag = CancelFlag()
    yield flag
    flag.close()


def test_nobody_has_asked_at_first(flag: CancelFlag) -> None:
    assert flag.reason is None
    assert not flag.wait(0)


def test_the_first_reason_stays(flag: CancelFlag) -> None:
    flag.request("stopped")
    flag.request("cancelled")

    assert flag.reason == "stopped"
    assert flag.wait(0)
    assert select.select([flag], [], [], 0)[0] == [flag]


@pytest.mark.parametrize("reason", list(ErrorReason))
def test_each_reason_of_the_wire_has_words(flag: CancelFlag, reason: ErrorReason) -> None:
    flag.request(str(reason))

    assert flag.reason == reason
    assert flag.message


def test_a_reason_that_the_wire_does_not_know_becomes_one_it_knows(flag: CancelFlag) -> None:
    flag.request("because")

    assert flag.reason == "cancelled"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('{"reason": "stopped"}', "stopped"),
        ('{"reason": "lost"}', "lost"),
        ('{"reason": 5}', "cancelled"),
        ('{"rea', "cancelled"),
        ("", "cancelled"),
        ("[]", "cancelled"),
    ],
)
def test_the_reason_is_read_from_the_daemons_file(
    tmp_path: Path, content: str, reason: str
) -> None:
    (tmp_path / "cancel").write_text(content)

    assert read_reason(tmp_path) == reason


def test_without_the_file_the_daemon_said_nothing(tmp_path: Path) -> None:
    assert read_reason(tmp_path) is None
