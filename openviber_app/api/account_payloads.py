"""People, sessions and tokens as JSON."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from pydantic import AwareDatetime, SecretStr

from openviber_app.api.payload import Payload
from openviber_app.domain.actors import Actor
from openviber_app.domain.people import PersonDraft
from openviber_app.domain.scopes import Scope
from openviber_app.domain.secret import Secret
from openviber_app.services.api_tokens import TokenView


class SetupState(Payload):
    """Whether the board still has no owner."""

    needed: bool


class PersonIn(Payload):
    """A person as typed in."""

    name: str
    email: str
    password: SecretStr

    def draft(self) -> PersonDraft:
        """Return what the rules check."""
        return PersonDraft(
            name=self.name, email=self.email, password=Secret(self.password.get_secret_value())
        )


class SetupIn(PersonIn):
    """The first person, with the code from the board's console."""

    code: str


class JoinIn(PersonIn):
    """A person with the token of their invite, which stands behind the `#` of its link."""

    token: str


class ResetIn(Payload):
    """A new password with the one-time code that the console printed."""

    code: str
    password: SecretStr


class SignInIn(Payload):
    """What somebody proves an account with."""

    email: str
    password: SecretStr


class PersonOut(Payload):
    """A person as others on the board may see them."""

    id: UUID
    name: str
    email: str
    role: str

    @classmethod
    def of(cls, actor: Actor) -> "PersonOut":
        return cls(id=actor.user_id, name=actor.name, email=actor.email, role=actor.role)


class TokenIn(Payload):
    """A token to make; without scopes it gets `read`, `run` and `write`."""

    name: str
    scopes: list[Scope] | None = None
    expires_at: AwareDatetime | None = None


class TokenOut(Payload):
    """A token as it may be shown."""

    id: UUID
    name: str
    scopes: list[Scope]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None

    @classmethod
    def of(cls, view: TokenView) -> "TokenOut":
        return cls.model_validate(asdict(view), by_name=True)


class NewToken(Payload):
    """A token with its value: it is told this one time."""

    token: TokenOut
    value: str


class TokenList(Payload):
    """A person's tokens, newest first."""

    tokens: list[TokenOut]
