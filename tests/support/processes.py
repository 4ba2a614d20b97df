"""Real processes for tests: started, waited for by facts, ended for certain."""

import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

DEADLINE_SECONDS = 60.0
Found = TypeVar("Found")


def free_port() -> int:
    """Return a loopback port that nobody uses right now."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def wait_until(
    fact: Callable[[], Found | None], *, what: str, deadline: float = DEADLINE_SECONDS
) -> Found:
    """Return the first truthy value of `fact`; say what was awaited when it never comes."""
    ends = time.monotonic() + deadline
    while True:
        if found := fact():
            return found
        if time.monotonic() > ends:
            raise TimeoutError(f"waited {deadline:.0f} s for {what}")
        time.sleep(0.05)


def answers(url: str) -> bool:
    """Whether anything but an error of the network comes back."""
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except urllib.error.HTTPError as error:
        error.close()
        return True
    except OSError:
        return False


class LoggedProcess:
    """A process whose output goes to a file, and which is gone after `kill` or `stop`."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        log: Path,
        environment: Mapping[str, str],
        cwd: Path | None = None,
    ) -> None:
        self.log = log
        self._from = log.stat().st_size if log.exists() else 0
        with log.open("ab") as sink:
            self._process = subprocess.Popen(
                list(command),
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                env=dict(environment),
                cwd=cwd,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    def output(self) -> str:
        """Return what this process, and none before it, wrote."""
        with self.log.open("rb") as written:
            written.seek(self._from)
            return written.read().decode(errors="replace")

    def exit_code(self) -> int | None:
        """Return the exit code, or None while it runs."""
        return self._process.poll()

    def wait_for(self, fact: Callable[[], Found | None], *, what: str) -> Found:
        """Wait for a fact; a process that ends first fails the test with its output."""

        def alive_or_found() -> Found | None:
            if found := fact():
                return found
            if (code := self.exit_code()) is not None:
                raise RuntimeError(f"ended with {code} before {what}:\n{self.output()}")
            return None

        try:
            return wait_until(alive_or_found, what=what)
        except TimeoutError as error:
            raise TimeoutError(f"{error}; its output:\n{self.output()}") from None

    def wait(self, deadline: float = DEADLINE_SECONDS) -> int:
        """Wait for the end; return the exit code."""
        return self._process.wait(deadline)

    def stop(self, deadline: float = DEADLINE_SECONDS) -> int:
        """Ask it to end with SIGTERM; return the exit code."""
        if self.exit_code() is None:
            self._process.terminate()
        return self.wait(deadline)

    def kill(self) -> None:
        """End it with SIGKILL, as a power cut would."""
        if self.exit_code() is None:
            self._process.kill()
        self.wait()
