"""docs/security.md names every attack and its test, and no test of an attack goes unnamed."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOC = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| (A\d\d) \| [^|]+ \| ([^|]+) \|$", DOC, re.MULTILINE))
EVERY = [f"A{n:02d}" for n in range(1, 39)]


def test_every_attack_has_a_row() -> None:
    assert list(ROWS) == EVERY


@pytest.mark.parametrize("attack", EVERY)
def test_an_attack_has_its_test_or_comes_with_a_later_feature(attack: str) -> None:
    answer = ROWS[attack]
    if answer.startswith("later: with "):
        return
    found = re.fullmatch(r"`(tests/attacks/test_(a\d\d)_\w+\.py)`", answer)
    assert found, answer
    assert found[2] == attack.lower()
    assert (ROOT / found[1]).is_file(), f"{found[1]} is missing"


def test_no_test_of_an_attack_goes_unnamed() -> None:
    there = {
        file.relative_to(ROOT).as_posix() for file in (ROOT / "tests" / "attacks").glob("test_*.py")
    }
    assert there <= set(re.findall(r"`(tests/attacks/\w+\.py)`", DOC))


def test_every_module_that_the_page_points_at_exists() -> None:
    for named in re.findall(r"`((?:openviber_app|tests)/[\w/]+\.py)`", DOC):
        attack = re.search(r"test_(a\d\d)_", named)
        assert attack or (ROOT / named).is_file(), named
