"""Signing in by OpenID Connect as JSON."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from pydantic import SecretStr

from openviber_app.api.payload import Payload
from openviber_app.services.identities import WaysIn


class OpenIdOut(Payload):
    """What the sign-in page shows; an empty name is no button, empty words are no refusal."""

    name: str
    refusal: str


class OpenIdStartIn(Payload):
    """An invite that is taken up on the way."""

    invite: SecretStr
    next: str = "/"


class ConnectIn(Payload):
    """The proof that it is really you; who has no password sends none."""

    current_password: SecretStr | None = None


class TripOut(Payload):
    """Where the browser goes now."""

    url: str


class IdentityOut(Payload):
    """An account elsewhere that opens yours."""

    id: UUID
    provider: str
    subject: str
    created_at: datetime
    last_used_at: datetime | None
    is_usable: bool


class IdentityList(Payload):
    """How you can sign in."""

    identities: list[IdentityOut]
    has_password: bool
    provider: str

    @classmethod
    def of(cls, ways: WaysIn) -> "IdentityList":
        return cls.model_validate(asdict(ways), by_name=True)
