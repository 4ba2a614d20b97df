"""A bash script as a command: handed over in memory, never on a command line or on disk."""

import os
from dataclasses import dataclass
from types import TracebackType

_FIELDS = 6
_REPORT_BYTES = 1024 * 1024

# One line, so that bash counts the lines of the user's script right. `printf` is given the values
# before anything can change them. The EXIT trap tells of `exit 3` and of an unset variable.
_TELL = (
    'trap \'printf "%s\\0" {kind} "$BASH_SUBSHELL" "$LINENO" "$?" "${{#PIPESTATUS[@]}}"'
    ' "$BASH_COMMAND" 2>/dev/null >&{report}\' {kind}; '
)


@dataclass(frozen=True)
class _Report:
    kind: str
    depth: str
    line: int
    status: str
    pipe: int
    command: str


class BashScript:
    """Holds the script while it runs. A strict one ends at its first failing command.

    Use it as a context manager: it owns two descriptors that the child inherits.
    """

    def __init__(self, script: str, *, strict: bool) -> None:
        self._text = script
        self._strict = strict
        self._script = os.memfd_create("script", 0)
        self._report = os.memfd_create("report", 0) if strict else -1
        prelude = f"exec {self._script}<&-; "
        if strict:
            prelude += "".join(_TELL.format(kind=k, report=self._report) for k in ("ERR", "EXIT"))
        with os.fdopen(os.dup(self._script), "wb") as file:
            file.write(prelude.encode() + script.encode("utf-8", "surrogateescape"))

    @property
    def argv(self) -> list[str]:
        flags = ["-eE", "-o", "pipefail"] if self._strict else []
        return ["bash", *flags, f"/dev/fd/{self._script}"]

    @property
    def pass_fds(self) -> tuple[int, ...]:
        return (self._script, self._report) if self._strict else (self._script,)

    def find_failing_command(self, exit_code: int) -> str:
        """Give the command that ended a strict script, or "" when it is not known."""
        if not self._strict or exit_code == 0:
            return ""
        reports = [r for r in self._read_reports() if r.depth == "0" and r.status == str(exit_code)]
        failed = next((r for r in reversed(reports) if r.kind == "ERR"), None)
        if failed:
            return self._line(failed.line) if failed.pipe > 1 else failed.command
        ended = next((r for r in reversed(reports) if r.kind == "EXIT"), None)
        # After a syntax error (2) bash names the command before it, which is innocent.
        if ended and (exit_code != 2 or ended.command.startswith("exit")):  # noqa: PLR2004
            return ended.command
        return ""

    def _line(self, number: int) -> str:
        lines = self._text.split("\n")
        return lines[number - 1].strip() if 0 < number <= len(lines) else ""

    def _read_reports(self) -> list[_Report]:
        raw = os.pread(self._report, _REPORT_BYTES, 0).decode("utf-8", "replace").split("\0")
        whole = len(raw) // _FIELDS * _FIELDS
        rows = (raw[at : at + _FIELDS] for at in range(0, whole, _FIELDS))
        return [
            _Report(kind, depth, _number(line), status, _number(pipe), command)
            for kind, depth, line, status, pipe, command in rows
        ]

    def __enter__(self) -> "BashScript":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for descriptor in self.pass_fds:
            os.close(descriptor)


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0
