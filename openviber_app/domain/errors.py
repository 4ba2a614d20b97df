"""The one tree of errors: each knows its facts, no edge knows about any other edge."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class OpenViberError(Exception):
    """Anything that a person or a program did that cannot be done."""


class NotFoundError(OpenViberError):
    """No such thing, or not yours: the two are told apart nowhere."""

    def __init__(self, noun: str) -> None:
        self.noun = noun
        super().__init__(f"no such {noun}")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input. `pointer` is a JSON pointer such as `/variables/0/key`."""

    pointer: str
    message: str


class InvalidInputError(OpenViberError):
    """An input that cannot be taken, with every problem found in it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{p.pointer}: {p.message}" for p in self.problems))


class ConflictError(OpenViberError):
    """The thing is in a state in which this cannot be done; the message says what to do."""


class IllegalTransitionError(ConflictError):
    """A status that cannot follow."""

    def __init__(self, current: StrEnum, wanted: StrEnum) -> None:
        self.current, self.wanted = current, wanted
        super().__init__(f"{current} cannot become {wanted}")


class NotSignedInError(OpenViberError):
    """No valid session, token or node credential came with the request."""

    def __init__(self, message: str = "sign in first") -> None:
        super().__init__(message)


class RevokedNodeError(NotSignedInError):
    """The credential of a node that was revoked: it opens nothing any more."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(
            f"the node {name} was revoked on the board, and its token is worth nothing; to bring "
            "the machine back, add it on the Nodes page as a new node"
        )


class ForbiddenError(OpenViberError):
    """Known, but not allowed; `pointer` names the field that could be put right."""

    def __init__(self, message: str, *, pointer: str = "") -> None:
        self.pointer = pointer
        super().__init__(message)


class TooManyRequestsError(OpenViberError):
    """Slow down. `retry_after` is in seconds."""

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(f"too many tries; wait {retry_after} s")


class UnavailableError(OpenViberError):
    """Something that the board depends on is away or refuses; nothing was stored."""


class SecretUnreadableError(OpenViberError):
    """A stored secret did not open: nothing runs without it."""

    def __init__(self, name: str, why: str = "") -> None:
        self.name, self.why = name, why
        because = f": {why}" if why else ""
        super().__init__(f"the secret {name} cannot be opened with the board's key{because}")


class SecretsChangedError(OpenViberError):
    """The stored secrets of an environment are not those that were saved last."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(
            f"the environment's secrets are not as they were saved last: {why}; somebody changed "
            "the database behind the board, so nothing is sent to a node: set them again"
        )
