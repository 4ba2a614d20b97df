"""Scripts read by bash and shellcheck on the board's machine, and never run there."""

import asyncio
import sys
from pathlib import Path

from openviber_app.domain.findings import Finding, Level, read_bash, read_shellcheck
from openviber_app.services import programs
from openviber_app.settings import outward_environment

SECONDS = 10
EXCLUDED = (
    *("SC1090", "SC1091"),  # what a script sources lies in the workspace, which is not here
    "SC2164",  # a failing cd ends the script: nodes run it with -e
)
CANNOT = "so nothing is known of its style and of the names it uses"


def shellcheck_path() -> Path:
    """Return where the board's own installation keeps shellcheck: beside its Python."""
    return Path(sys.executable).with_name("shellcheck")


async def check_script(text: str) -> tuple[list[Finding], bool]:
    """Return what is wrong with a script, and whether shellcheck could read it."""
    if not text.strip():
        return [], True
    lines = len(text.splitlines())
    async with asyncio.TaskGroup() as tasks:
        bash = tasks.create_task(_bash(text))
        shellcheck = tasks.create_task(_shellcheck(text))
    broken = bash.result()
    if isinstance(broken, Finding):
        found, is_broken = [broken], False
    else:
        found = read_bash(broken, lines=lines)
        is_broken = bool(found)
    answer = shellcheck.result()
    if isinstance(answer, Finding):
        return [*found, answer], False
    return [*found, *read_shellcheck(answer, is_broken=is_broken)], True


async def _bash(text: str) -> str | Finding:
    try:
        outcome = await programs.run(
            # as a file: bash names no lines of what it reads from a pipe
            ["bash", "--norc", "--noprofile", "-n", "/dev/stdin"],
            environment=_environment(),
            seconds=SECONDS,
            text=text,
        )
    except programs.MissingProgramError:
        return _not_run("bash", "bash is not on the board's machine: the syntax was not checked")
    if outcome.is_late:
        return _not_run("bash", f"bash did not read the script in {SECONDS} s")
    if outcome.exit_code == 0:
        return ""
    return outcome.errors or "bash does not take this script"


async def _shellcheck(text: str) -> str | Finding:
    program = shellcheck_path()
    try:
        outcome = await programs.run(
            [
                *(str(program), "--norc", "-f", "json1", "-s", "bash"),
                *("-o", "check-unassigned-uppercase", "-e", ",".join(EXCLUDED), "-"),
            ],
            environment=_environment(),
            seconds=SECONDS,
            text=text,
        )
    except programs.MissingProgramError:
        message = f"shellcheck is not installed with this board, {CANNOT}: make board-installed"
        return _not_run("shellcheck", message)
    if outcome.is_late:
        message = f"shellcheck did not read the script in {SECONDS} s, {CANNOT}"
        return _not_run("shellcheck", message)
    try:
        read_shellcheck(outcome.output, is_broken=False)
    except ValueError:
        return _not_run("shellcheck", f"shellcheck gave no answer, {CANNOT}")
    return outcome.output


def _not_run(code: str, message: str) -> Finding:
    return Finding(line=1, level=Level.WARNING, code=code, message=message)


def _environment() -> dict[str, str]:
    """Give nothing of the board's: only where programs are."""
    path = outward_environment().get("PATH", "/usr/local/bin:/usr/bin:/bin")
    return {"PATH": path, "HOME": "/nonexistent", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
