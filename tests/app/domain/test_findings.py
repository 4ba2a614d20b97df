import json

import pytest

from openviber_app.domain.findings import (
    FINDINGS_MAX,
    MESSAGE_MAX,
    Finding,
    Level,
    in_order,
    read_bash,
    read_shellcheck,
    worst,
)


def comment(level: str, code: int, **fields: object) -> dict[str, object]:
    return {"line": 1, "column": 1, "level": level, "code": code, "message": "so", **fields}


def answer(*comments: dict[str, object]) -> str:
    return json.dumps({"comments": comments})


def test_bash_names_the_line_and_its_echo_of_the_line_is_left_out() -> None:
    said = "/dev/stdin: line 3: syntax error near unexpected token `)'\n/dev/stdin: line 3: `x)'\n"
    (found,) = read_bash(said, lines=5)
    assert (found.line, found.level, found.code) == (3, "error", "bash")
    assert found.message == "syntax error near unexpected token `)'"


def test_the_line_behind_the_last_one_becomes_the_last_one() -> None:
    (found,) = read_bash("/dev/stdin: line 9: syntax error: unexpected end of file", lines=4)
    assert found.line == 4


def test_words_without_a_line_are_kept_too() -> None:
    (found,) = read_bash("cannot allocate memory\n", lines=4)
    assert (found.line, found.message) == (4, "cannot allocate memory")
    assert read_bash("", lines=4) == []


@pytest.mark.parametrize(
    ("said", "is_broken", "level"),
    [
        (comment("error", 2068), False, "warning"),
        (comment("error", 1046), False, "warning"),
        (comment("error", 1046), True, "error"),
        (comment("error", 2068), True, "warning"),
        (comment("warning", 2154), False, "warning"),
        (comment("info", 2086), False, "info"),
        (comment("style", 2002), False, "info"),
    ],
)
def test_only_what_bash_refuses_is_an_error(
    said: dict[str, object], is_broken: bool, level: str
) -> None:
    (found,) = read_shellcheck(answer(said), is_broken=is_broken)
    assert (found.level, found.code) == (level, f"SC{said['code']}")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"comments": [1]}', '{"comments": 7}'])
def test_an_answer_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - JSON's, or ours
        read_shellcheck(text, is_broken=False)


def test_a_long_message_is_cut_and_stays_on_one_line() -> None:
    (found,) = read_shellcheck(answer(comment("info", 1, message="a\n" * 900)), is_broken=False)
    assert len(found.message) == MESSAGE_MAX
    assert "\n" not in found.message


def test_findings_stand_by_line_with_errors_first_and_are_counted() -> None:
    def one(line: int, level: Level) -> Finding:
        return Finding(line=line, level=level, code="x", message="y")

    ordered = in_order([one(2, Level.INFO), one(2, Level.ERROR), one(1, Level.WARNING)])
    assert [(f.line, f.level) for f in ordered] == [(1, "warning"), (2, "error"), (2, "info")]
    assert len(in_order([one(1, Level.INFO)] * 500)) == FINDINGS_MAX
    assert worst(ordered) == "error"
    assert worst([one(1, Level.WARNING), one(1, Level.INFO)]) == "warning"
    assert worst([one(1, Level.INFO)]) == worst([]) == "ok"
