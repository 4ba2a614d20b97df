"""What a self-test prints, and how it judges what came out."""

import os
import subprocess
import sys

from openviber_daemon.canaries import HEADING, find_missed, list_forms, make_canaries
from openviber_daemon.redaction.needle_set import NeedleSet
from openviber_daemon.redaction.stream import redact


def printed(canaries: dict[str, str]) -> bytes:
    command = [sys.executable, "-m", "openviber_daemon.canaries"]
    env = {**os.environ, **canaries}
    return subprocess.run(command, env=env, capture_output=True, check=True).stdout


def test_every_form_is_printed_under_its_name_and_unmasked_ones_are_all_missed() -> None:
    canaries = make_canaries()
    forms = list_forms(canaries)
    log = printed(canaries)

    assert [name.decode() for name in HEADING.findall(log)] == [name for name, _ in forms]
    assert find_missed(forms, log) == [name for name, _ in forms]


def test_what_the_redactor_masks_is_not_missed() -> None:
    canaries = make_canaries()
    log = redact(NeedleSet.of_secrets(canaries.values()), printed(canaries))

    assert find_missed(list_forms(canaries), log) == []


def test_half_a_secret_and_a_form_that_is_not_there_are_missed() -> None:
    forms = [("one", [b"first-half-second-half"]), ("two", [b"whatever-there-is"])]

    assert find_missed(forms, b"== one\n[REDACTED]-second-half\n") == ["one", "two"]


def test_each_test_has_its_own_secrets() -> None:
    assert make_canaries() != make_canaries()
