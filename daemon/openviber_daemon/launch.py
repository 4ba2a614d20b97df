"""How a runner's process is started."""

import os
import subprocess
import sys
from pathlib import Path

from openviber_daemon.home import PRIVATE_FILE

RUNNER = (sys.executable, "-I", "-m", "openviber_daemon.runner")


class Launcher:
    """Starts runners that outlive this daemon."""

    def __init__(self, *, environment: dict[str, str], command: tuple[str, ...] = RUNNER) -> None:
        self._environment, self._command = environment, command

    def launch(self, folder: Path, stdin: bytes) -> subprocess.Popen[bytes]:
        """Start the runner of `folder`.

        Its input lies in memory before it starts: a pipe would have to be written while it reads,
        and would be torn if this daemon were killed in between.
        """
        with (
            os.fdopen(os.memfd_create("bundle", os.MFD_CLOEXEC), "wb+") as source,
            os.fdopen(
                os.open(
                    folder / "runner.err", os.O_WRONLY | os.O_CREAT | os.O_APPEND, PRIVATE_FILE
                ),
                "wb",
            ) as words,
        ):
            source.write(stdin)
            source.flush()
            source.seek(0)
            return subprocess.Popen(  # noqa: S603 - our own program
                [*self._command, str(folder)],
                stdin=source,
                stdout=words,
                stderr=words,
                cwd=folder,
                env=self._environment,
                start_new_session=True,
            )
