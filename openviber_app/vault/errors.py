"""What can go wrong with the board's keys."""

from pathlib import Path

from openviber_app.domain.errors import OpenViberError, UnavailableError


class KeyFileError(OpenViberError):
    """A key file of the board cannot be used as it is; the message says what to do."""

    def __init__(self, file: Path, problem: str) -> None:
        self.file = file
        super().__init__(f"{file} {problem}")


class WrongKeyError(OpenViberError):
    """The database was sealed with another key than the one in the data folder."""

    def __init__(self, *, wanted: str, found: str) -> None:
        self.wanted, self.found = wanted, found
        super().__init__(
            f"the secrets in this database are sealed with the key {wanted}, but the data folder "
            f"holds {found}: put back the keys folder that belongs to this database"
        )


class UnsealError(OpenViberError):
    """Bytes did not open: a wrong key, or bytes that are not what was sealed for this place."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} does not open: it was changed, moved, or sealed with another key")


class KmsError(UnavailableError):
    """A key service does not do its work: it is away, or refuses. Says nothing about the bytes."""

    def __init__(self, service: str, problem: str) -> None:
        self.service, self.problem = service, problem
        super().__init__(f"the key service {service} {problem}")
