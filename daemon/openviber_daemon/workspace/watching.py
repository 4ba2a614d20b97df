"""How somebody watches over a step that takes time."""

from dataclasses import dataclass
from typing import Protocol

from openviber_daemon.workspace.errors import StoppedError


class Cancel(Protocol):
    """The part of the runner's cancel flag that is needed here."""

    @property
    def reason(self) -> str | None: ...

    def wait(self, seconds: float) -> bool: ...


class Log(Protocol):
    """The part of the runner's console that is needed here."""

    def write(self, data: bytes) -> None: ...

    def say(self, text: str) -> None: ...


@dataclass(frozen=True)
class Watch:
    """Who may end a step, who reads of it, which execution it belongs to."""

    cancel: Cancel | None = None
    log: Log | None = None
    attempt: str = ""

    @property
    def reason(self) -> str | None:
        """Why the step should end, once it should."""
        return self.cancel.reason if self.cancel is not None else None

    def check(self) -> None:
        """Go on, unless somebody asked for the end.

        Raises:
            StoppedError: somebody did.
        """
        if self.reason is not None:
            raise StoppedError(self.reason)

    def say(self, text: str) -> None:
        if self.log is not None:
            self.log.say(text)

    def write(self, data: bytes) -> None:
        if self.log is not None:
            self.log.write(data)


NOBODY = Watch()
