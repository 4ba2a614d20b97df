"""The one way in which git is run.

GitPython (0.2 s to import) is the second judge of addresses and options, asked before git speaks
to another machine. The process itself is started here: GitPython hands the whole environment of
its own process on, cannot be cancelled, and a slot's claim has no 0.2 s to give.
"""

import contextlib
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from openviber_daemon.workspace.errors import GitError, StoppedError
from openviber_daemon.workspace.git_environment import guarded
from openviber_daemon.workspace.git_words import explain
from openviber_daemon.workspace.progress import Progress
from openviber_daemon.workspace.watching import NOBODY, Watch

LOCAL_SECONDS = 300
REMOTE_SECONDS = 3600
GRACE_SECONDS = 10  # git needs ~6 s to remove its lock files after SIGTERM
POLL_SECONDS = 0.1
DRAIN_SECONDS = 1.0
CHUNK = 65536

UNSAFE_OPTIONS = ["--upload-pack", "-u", "--receive-pack", "--exec", "--config", "-c", "--template"]


@dataclass(frozen=True)
class Result:
    """What a git command gave."""

    exit_code: int
    stdout: bytes
    stderr: bytes

    @property
    def text(self) -> str:
        return self.stdout.decode("utf-8", "replace").strip()


@dataclass(frozen=True)
class Git:
    """Git for one execution (or, with nobody watching, for the daemon)."""

    watch: Watch = NOBODY

    def run(
        self,
        *arguments: str,
        cwd: Path,
        check: bool = True,
        doing: str = "",
        stdin: bytes | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> Result:
        """Run a command that stays on this machine.

        Raises:
            GitError: it failed, and `check` is set.
            StoppedError: somebody asked for the end.
        """
        env = guarded(attempt=self.watch.attempt, extra=environment)
        result = self._carry_out(
            ["git", *arguments], cwd=cwd, env=env, limit=LOCAL_SECONDS, stdin=stdin
        )
        if check and result.exit_code != 0:
            raise _failure(result, where="", doing=doing or f"run {arguments[0]} in {cwd}")
        return result

    def text(self, *arguments: str, cwd: Path) -> str:
        """Run a local command and return what it printed."""
        return self.run(*arguments, cwd=cwd).text

    def find(self, *arguments: str, cwd: Path) -> str | None:
        """Run a local command and return what it printed; None when it failed or was silent."""
        result = self.run(*arguments, cwd=cwd, check=False)
        return result.text or None if result.exit_code == 0 else None

    def speak(
        self,
        *arguments: str,
        url: str,
        cwd: Path,
        environment: Mapping[str, str],
        where: str,
        doing: str,
        limit: float = REMOTE_SECONDS,
    ) -> Result:
        """Run a command that speaks to another machine; `url` is judged once more.

        Raises:
            GitError: it failed, said in plain words and in git's own.
            StoppedError: somebody asked for the end.
        """
        _second_opinion(url, arguments)
        result = self._carry_out(
            ["git", *arguments], cwd=cwd, env=dict(environment), limit=limit, progress=True
        )
        if result.exit_code != 0:
            raise _failure(result, where=where, doing=doing)
        return result

    def _carry_out(
        self,
        argv: Sequence[str],
        *,
        cwd: Path,
        env: Mapping[str, str],
        limit: float,
        stdin: bytes | None = None,
        progress: bool = False,
    ) -> Result:
        self.watch.check()
        try:
            process = subprocess.Popen(  # noqa: S603 - git itself, from a list, addresses judged
                argv,
                cwd=cwd,
                env=env,
                stdin=subprocess.PIPE if stdin is not None else subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        except FileNotFoundError as error:
            if cwd.is_dir():
                raise GitError(
                    "git is not installed on this node: install it (2.31 or newer)"
                ) from error
            raise GitError(f"the folder {cwd} does not exist on this node") from error
        with process:
            try:
                return self._collect(process, limit=limit, stdin=stdin, progress=progress)
            except BaseException:
                _end(process)
                raise

    def _collect(
        self,
        process: "subprocess.Popen[bytes]",
        *,
        limit: float,
        stdin: bytes | None,
        progress: bool,
    ) -> Result:
        if process.stdin is not None:
            _feed(process.stdin, stdin or b"")
        output = _Output(process, Progress(self.watch.write) if progress else None)
        with output.selector:
            deadline, ended_at = _boot_seconds() + limit, None
            while output.read():
                if self.watch.reason is not None:
                    raise StoppedError(self.watch.reason)
                now = _boot_seconds()
                if ended_at is None and process.poll() is not None:
                    ended_at = now
                if ended_at is not None and now - ended_at > DRAIN_SECONDS:
                    break  # something that git left behind holds the pipe
                if now > deadline:
                    raise GitError(
                        f"git was not finished after {limit:.0f} s and was ended", reason="timeout"
                    )
        return Result(process.wait(), output.stdout, output.finish())


class _Output:
    """What a process prints, collected as it comes."""

    def __init__(self, process: "subprocess.Popen[bytes]", progress: Progress | None) -> None:
        self.selector = selectors.DefaultSelector()
        self._kept: dict[str, list[bytes]] = {"stdout": [], "stderr": []}
        self._progress = progress
        for name, pipe in (("stdout", process.stdout), ("stderr", process.stderr)):
            if pipe is not None:
                self.selector.register(pipe, selectors.EVENT_READ, name)

    def read(self) -> bool:
        """Take what is there, waiting a moment; say whether more may come."""
        for key, _ in self.selector.select(POLL_SECONDS):
            data = os.read(key.fd, CHUNK)
            if not data:
                self.selector.unregister(key.fileobj)
                continue
            self._kept[key.data].append(data)
            if self._progress is not None and key.data == "stderr":
                self._progress.feed(data)
        return bool(self.selector.get_map())

    @property
    def stdout(self) -> bytes:
        return b"".join(self._kept["stdout"])

    def finish(self) -> bytes:
        """Give what was printed as errors and progress."""
        if self._progress is not None:
            self._progress.finish()
        return b"".join(self._kept["stderr"])


def _boot_seconds() -> float:
    return time.clock_gettime(time.CLOCK_BOOTTIME)  # a laptop's sleep counts


def _feed(pipe: IO[bytes], data: bytes) -> None:
    # Inputs here are lists of paths that git reads to the end before it answers.
    with contextlib.suppress(BrokenPipeError):
        pipe.write(data)
        pipe.close()


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End git and what it started (ssh, remote helpers): they are one process group."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(GRACE_SECONDS)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _failure(result: Result, *, where: str, doing: str) -> GitError:
    output = result.stderr.decode("utf-8", "replace")
    return GitError(
        explain(output, where=where, doing=doing), output=output, exit_code=result.exit_code
    )


def _second_opinion(url: str, arguments: Sequence[str]) -> None:
    import git  # noqa: PLC0415 - 0.2 s, needed only before git speaks to another machine
    import git.exc  # noqa: PLC0415 - as above

    options = [argument for argument in arguments if argument.startswith("-")]
    try:
        git.Git.check_unsafe_protocols(url)
        git.Git.check_unsafe_options(options, UNSAFE_OPTIONS)
    except (git.exc.UnsafeProtocolError, git.exc.UnsafeOptionError) as error:
        raise GitError(f"git was not asked: {error}", reason="refused") from error
