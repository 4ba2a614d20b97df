"""A person's own account as JSON."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from pydantic import SecretStr

from openviber_app.api.payload import Payload
from openviber_app.domain.secret import Secret
from openviber_app.services.activity import Activity
from openviber_app.services.sessions import SessionView


def secret_of(value: SecretStr | None) -> Secret | None:
    """Return a typed password as the services take it."""
    return Secret(value.get_secret_value()) if value is not None else None


class ProfilePatch(Payload):
    """What changes; another e-mail address needs the current password."""

    name: str | None = None
    email: str | None = None
    current_password: SecretStr | None = None


class PasswordIn(Payload):
    """A new password, and the proof that the old one is known."""

    current_password: SecretStr
    new_password: SecretStr


class SessionOut(Payload):
    """A signed-in browser."""

    id: UUID
    device: str
    created_at: datetime
    last_seen_at: datetime
    is_current: bool

    @classmethod
    def of(cls, view: SessionView) -> "SessionOut":
        return cls.model_validate(asdict(view), by_name=True)


class SessionList(Payload):
    """Where a person is signed in, last used first."""

    sessions: list[SessionOut]


class ActivityOut(Payload):
    """How many threads run, and how many wait for you."""

    running: int
    needs_you: int

    @classmethod
    def of(cls, activity: Activity) -> "ActivityOut":
        return cls.model_validate(asdict(activity), by_name=True)
