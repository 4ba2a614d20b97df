"""The self-test through a real runner."""

from pathlib import Path
from uuid import uuid4

import pytest

from openviber_daemon.home import Home
from openviber_daemon.launch import Launcher
from openviber_daemon.self_test import SelfTest, SelfTestError
from tests.support.runner_jobs import STANDARD_PATH


def self_test(folder: Path, *command: str) -> SelfTest:
    environment = {"PATH": STANDARD_PATH, "HOME": str(folder), "LANG": "C.UTF-8"}
    more = {"command": command} if command else {}
    return SelfTest(Home(folder), Launcher(environment=environment, **more))


def test_a_real_runner_masks_every_form_and_nothing_of_it_stays(tmp_path: Path) -> None:
    test_id = uuid4()
    ((kind, told),) = self_test(tmp_path).run(test_id)

    assert kind == "redaction:tested"
    assert told["missed"] == []
    assert told["testId"] == str(test_id)
    assert told["tried"] == told["masked"]
    assert list(tmp_path.iterdir()) == []


def test_a_runner_that_does_not_get_to_its_end_is_an_error_in_words(tmp_path: Path) -> None:
    with pytest.raises(SelfTestError, match="openviber doctor"):
        self_test(tmp_path, "false").run(uuid4())
    assert list(tmp_path.iterdir()) == []
