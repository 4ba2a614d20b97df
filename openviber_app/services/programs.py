"""Short programs of the board's machine: started, bounded, and never left behind."""

import asyncio
import contextlib
import fcntl
import os
import signal
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from openviber_app.domain.errors import OpenViberError

OUTPUT_MAX_BYTES = 16 * 1024 * 1024


class MissingProgramError(OpenViberError):
    """A program is not on this machine, or may not be started."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a program ended; `exit_code` is None when its time was up."""

    exit_code: int | None
    output: str
    errors: str

    @property
    def is_late(self) -> bool:
        """Whether it was ended because its time was up."""
        return self.exit_code is None


async def run(
    argv: Sequence[str], *, environment: Mapping[str, str], seconds: float, text: str = ""
) -> Outcome:
    """Run a program with `text` as its standard input; it and its children end with this call.

    Raises:
        MissingProgramError: the program is not there.
    """
    with in_memory("stdin", text) as stdin, _paper("out") as out, _paper("errors") as errors:
        try:
            process = await asyncio.create_subprocess_exec(
                *argv,
                stdin=stdin,
                stdout=out,
                stderr=errors,
                env=dict(environment),
                cwd="/",
                start_new_session=True,  # so that its children can be ended with it
            )
        except (FileNotFoundError, PermissionError) as error:
            raise MissingProgramError(f"{argv[0]} cannot be started") from error
        exit_code: int | None = None
        try:
            async with asyncio.timeout(seconds):
                exit_code = await process.wait()
        except TimeoutError:
            pass
        finally:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
        return Outcome(exit_code=exit_code, output=_written(out), errors=_written(errors))


@contextlib.contextmanager
def in_memory(name: str, text: str) -> Iterator[int]:
    """Lend a file that has no place on a disk; other programs of this user see it by `path_of`."""
    descriptor = os.memfd_create(name, os.MFD_CLOEXEC)
    try:
        os.fchmod(descriptor, 0o600)
        os.write(descriptor, text.encode())
        os.lseek(descriptor, 0, os.SEEK_SET)
        yield descriptor
    finally:
        os.close(descriptor)


def path_of(descriptor: int) -> str:
    """Return the path by which a program that this one starts can open the descriptor."""
    return f"/proc/{os.getpid()}/fd/{descriptor}"


@contextlib.contextmanager
def _paper(name: str) -> Iterator[int]:
    """Lend what a program may write on, and where it ends: no pipe that a child could hold open."""
    descriptor = os.memfd_create(name, os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    try:
        os.ftruncate(descriptor, OUTPUT_MAX_BYTES)
        fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK)
        yield descriptor
    finally:
        os.close(descriptor)


def _written(descriptor: int) -> str:
    """Return what was written: the place is shared with the program."""
    size = os.lseek(descriptor, 0, os.SEEK_CUR)
    return os.pread(descriptor, size, 0).decode("utf-8", "replace")
