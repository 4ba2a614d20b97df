"""Makes frames: the one place where an id and a time, handed in from outside, meet a payload."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from openviber_protocol.frame import Frame, Wire

F = TypeVar("F", bound=Frame)


@dataclass(frozen=True, slots=True)
class FrameMaker:
    """Stamps every new frame. `new_id` makes UUIDs, `now` tells the aware UTC time."""

    new_id: Callable[[], UUID]
    now: Callable[[], datetime]

    def make(  # noqa: PLR0913 - the envelope has these fields
        self,
        kind: type[F],
        payload: Wire,
        *,
        stream: str | None = None,
        seq: int | None = None,
        command_id: UUID | None = None,
        attempt: int | None = None,
        epoch: int | None = None,
    ) -> F:
        """Make a frame of `kind` around a payload of the matching class."""
        return kind.model_validate(
            {
                "id": self.new_id(),
                "ts": self.now(),
                "stream": stream,
                "seq": seq,
                "command_id": command_id,
                "attempt": attempt,
                "epoch": epoch,
                "payload": payload,
            }
        )
