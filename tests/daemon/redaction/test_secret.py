"""A secret that cannot be printed by accident."""

import copy
import json
import pickle

import pytest

from openviber_daemon.redaction.secret import Secret


@pytest.mark.parametrize("show", [repr, str, "{}".format, "{!r:>40}".format, lambda s: f"{s:x}"])
def test_no_way_of_printing_a_secret_shows_it(show) -> None:
    secret = Secret("hunter2-hunter2")

    assert "hunter2" not in show(secret)


def test_only_open_gives_the_value() -> None:
    assert Secret("hunter2").open() == "hunter2"
    assert not hasattr(Secret("hunter2"), "__dict__")


@pytest.mark.parametrize("leave", [pickle.dumps, copy.deepcopy, json.dumps])
def test_a_secret_does_not_leave_its_process(leave) -> None:
    with pytest.raises(TypeError):
        leave(Secret("hunter2"))


def test_equal_values_are_equal_secrets() -> None:
    assert Secret("a-value") == Secret("a-value")
    assert Secret("a-value") != Secret("another")
    assert len({Secret("a-value"), Secret("a-value")}) == 1
