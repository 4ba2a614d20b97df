"""What is wrong with a script, line by line, as bash and shellcheck say it."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

MESSAGE_MAX = 500
FINDINGS_MAX = 100
"""More on one script than anybody reads; the first ones are kept."""

_BASH = re.compile(r"^[^\n]*?: line (\d+): (.*)$", re.MULTILINE)
_QUOTED_LINE = re.compile(r"^`.*'$", re.DOTALL)
_PARSER_CODES = range(1000, 2000)


class Level(StrEnum):
    """How bad a finding is. Only bash itself makes an error: what it takes can be run."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing about one line; `code` is `bash`, or shellcheck's such as `SC2086`."""

    line: int
    column: int = 1
    level: Level
    code: str
    message: str


def read_bash(said: str, *, lines: int) -> list[Finding]:
    """Return what `bash -n` said, each with its line (the end of the script at the latest)."""
    found = [
        Finding(
            line=max(1, min(int(match[1]), lines)),
            level=Level.ERROR,
            code="bash",
            message=_short(match[2]),
        )
        for match in _BASH.finditer(said)
        if not _QUOTED_LINE.match(match[2])  # bash repeats the line it stumbled over
    ]
    if not found and said.strip():
        message = _short(said.strip().splitlines()[0])
        found = [Finding(line=max(1, lines), level=Level.ERROR, code="bash", message=message)]
    return found


def read_shellcheck(answer: str, *, is_broken: bool) -> list[Finding]:
    """Return the findings of `shellcheck -f json1`; `is_broken` says that bash refused the script.

    Raises:
        ValueError: this is not what shellcheck answers.
    """
    try:
        comments = cast("list[dict[str, Any]]", json.loads(answer)["comments"])
        return [_finding(item, is_broken=is_broken) for item in comments]
    except (KeyError, TypeError) as error:
        raise ValueError("this is not an answer of shellcheck") from error


def _finding(item: dict[str, Any], *, is_broken: bool) -> Finding:
    number = int(item["code"])
    level = {"error": Level.WARNING, "warning": Level.WARNING}.get(item["level"], Level.INFO)
    if is_broken and number in _PARSER_CODES and item["level"] == "error":
        level = Level.ERROR
    return Finding(
        line=int(item["line"]),
        column=int(item["column"]),
        level=level,
        code=f"SC{number}",
        message=_short(str(item["message"])),
    )


def in_order(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return the findings by line, errors first in a line; no more than anybody reads."""
    order = list(Level)
    ranked = sorted(findings, key=lambda f: (f.line, order.index(f.level), f.column))
    return tuple(ranked[:FINDINGS_MAX])


def worst(findings: Sequence[Finding]) -> str:
    """Return `error`, `warning` or, when there is nothing but notes, `ok`."""
    levels = {finding.level for finding in findings}
    return next((level.value for level in (Level.ERROR, Level.WARNING) if level in levels), "ok")


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= MESSAGE_MAX else text[: MESSAGE_MAX - 1] + "…"
