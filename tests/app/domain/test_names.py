import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openviber_app.domain.names import name_problem


@pytest.mark.parametrize(
    "name", ["FOO", "_foo", "A1", "npm_config_cache", "PYTHONUNBUFFERED", "NODE_OPTIONS"]
)
def test_an_ordinary_name_is_taken(name: str) -> None:
    assert name_problem(name) is None


@pytest.mark.parametrize(
    "name", ["", "1A", "A-B", "A B", "A=B", "A.B", "Ä", "A\n", "A\0", "A" * 256, "٣A", "A٣"]
)
def test_a_malformed_name_is_refused(name: str) -> None:
    assert name_problem(name) is not None


@pytest.mark.parametrize(
    "name",
    [
        "PATH", "HOME", "LANG", "LD_PRELOAD", "LD_LIBRARY_PATH", "DYLD_INSERT_LIBRARIES",
        "BASH_ENV", "ENV", "IFS", "SHELLOPTS", "BASH_FUNC_ls", "PS4", "UID", "_",
        "GIT_SSH_COMMAND", "GIT_CONFIG_COUNT", "GIT_DIR", "GIT_AUTHOR_NAME", "SSH_AUTH_SOCK",
        "SSH_ASKPASS", "PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "PERL5OPT", "RUBYOPT",
        "VIBER_ATTEMPT", "VIBER_VOLUME", "OPENVIBER_HOME",
    ],
)  # fmt: skip
def test_a_dangerous_name_is_refused_with_the_reason(name: str) -> None:
    problem = name_problem(name)
    assert problem is not None
    assert re.match(rf"{name} cannot be set: .{{15,}}", problem)


@given(st.text())
def test_whatever_is_taken_is_a_name_that_a_shell_takes(name: str) -> None:
    if name_problem(name) is None:
        assert re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name)
