"""Executors by name."""

from typing import get_args

import pytest

from openviber_daemon.executors.registry import UnknownExecutorError, get_executor
from openviber_protocol.frames import SubmitPayload


def test_each_executor_that_the_wire_knows_is_there_under_its_name() -> None:
    for name in get_args(SubmitPayload.model_fields["executor"].annotation):
        assert get_executor(name).name == name


def test_an_unknown_one_is_refused_with_what_to_do() -> None:
    with pytest.raises(
        UnknownExecutorError, match="'telepathy', only with shell: update"
    ) as caught:
        get_executor("telepathy")

    assert caught.value.reason == "refused"
