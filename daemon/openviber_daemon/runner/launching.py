"""Starting a child process, with an error that tells what is missing."""

import contextlib
import errno
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from openviber_daemon.runner.errors import (
    DirectoryMissingError,
    ExecutionError,
    ProgramMissingError,
)
from openviber_daemon.runner.processes import MARK_VARIABLE

OOM_SCORE = "500"
"""When memory runs out the kernel takes the script, not the daemon."""


@dataclass(frozen=True, kw_only=True)
class ChildCommand:
    """What to run. `env` is the whole environment; `mark` is the execution it belongs to."""

    argv: Sequence[str]
    cwd: Path
    env: Mapping[str, str]
    mark: str
    pass_fds: tuple[int, ...] = ()


def start_child(command: ChildCommand, *, output: int) -> subprocess.Popen[bytes]:
    """Start it in a session of its own: no input, both outputs into one descriptor.

    Raises:
        DirectoryMissingError: there is no such working directory.
        ProgramMissingError: there is no such program.
        ExecutionError: it could not be started for another reason.
    """
    program = command.argv[0]
    try:
        process = subprocess.Popen(  # noqa: S603 - running what the environment says is the job
            list(command.argv),
            cwd=command.cwd,
            env={**command.env, MARK_VARIABLE: command.mark},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            pass_fds=command.pass_fds,
        )
    except FileNotFoundError:
        if not command.cwd.is_dir():
            raise DirectoryMissingError(str(command.cwd)) from None
        raise ProgramMissingError(program, command.env.get("PATH", os.defpath)) from None
    except NotADirectoryError:
        raise DirectoryMissingError(str(command.cwd)) from None
    except OSError as error:
        raise ExecutionError(_explain(error, command)) from None
    except ValueError:
        raise ExecutionError(
            f"{program!r} cannot be started: an argument or a variable holds a NUL character"
        ) from None
    with contextlib.suppress(OSError):  # it has ended already, or this system forbids it
        Path(f"/proc/{process.pid}/oom_score_adj").write_text(OOM_SCORE)
    return process


def _explain(error: OSError, command: ChildCommand) -> str:
    program = command.argv[0]
    if error.errno == errno.E2BIG:
        return (
            f"{program!r} cannot be started: the variables and secrets of the environment "
            "are larger than this system can hand to a process"
        )
    if isinstance(error, PermissionError) and not os.access(command.cwd, os.X_OK):
        return f"the node's user may not enter the working directory {str(command.cwd)!r}"
    return f"{program!r} cannot be started: {error.strerror}"
