import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openviber_app.domain.refs import branch_problem

GOOD = ["main", "feature/x", "release-1.2", "ünïcode", "a@b", "v1.0.x", "a{b", "#1"]
BAD = [
    "-x",
    "--upload-pack=x",
    "a b",
    "a..b",
    "a~1",
    "a^",
    "a:b",
    "a?",
    "a*",
    "a[b",
    "a\\b",
    "@",
    "a@{1}",
    "a.lock",
    "a.lock/b",
    ".a",
    "a/.b",
    "a/",
    "/a",
    "a//b",
    "a.",
    "a\x7f",
    "a\n",
    "a" * 251,
]


@pytest.mark.parametrize("name", GOOD)
def test_a_branch_that_git_takes_is_taken(name: str) -> None:
    assert branch_problem(name) is None
    assert _git_takes(name)


@pytest.mark.parametrize("name", BAD)
def test_a_branch_that_git_would_not_take_is_refused(name: str) -> None:
    assert branch_problem(name)


@given(st.text(alphabet="ab/.-@{}~^:?*[\\ \t", min_size=1, max_size=8))
def test_nothing_is_taken_that_git_refuses(name: str) -> None:
    if branch_problem(name) is None:
        assert _git_takes(name)


def _git_takes(name: str) -> bool:
    command = ["git", "check-ref-format", "--branch", name]
    return subprocess.run(command, capture_output=True, check=False, cwd=Path("/")).returncode == 0
