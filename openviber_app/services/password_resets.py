"""A new password for somebody who forgot theirs: the console's one-time code, and its use."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from sqlalchemy import make_url
from sqlalchemy.exc import OperationalError, ProgrammingError

from openviber_app.domain.clock import Clock, SystemClock
from openviber_app.domain.errors import ForbiddenError, InvalidInputError, OpenViberError
from openviber_app.domain.ip_addresses import brake_key
from openviber_app.domain.people import (
    is_email,
    normal_email,
    password_problems,
    stored_password,
)
from openviber_app.domain.secret import Secret
from openviber_app.domain.text import is_storable
from openviber_app.services import access
from openviber_app.services.accounts import actor_from, target_of
from openviber_app.services.audit import Deed, record
from openviber_app.services.passwords import hash_password
from openviber_app.services.runtime import Runtime
from openviber_app.settings import Settings
from openviber_app.store import password_resets, users
from openviber_app.store.engine import Store
from openviber_app.store.people_tables import PasswordReset
from openviber_app.vault.tokens import hash_token, new_token

CODE_LIFE = timedelta(minutes=15)
PREFIX = "ov_reset_"
REFUSED = (
    "this code was used, has ended after 15 minutes, or never was: make another one where the "
    "board runs, with openviber-board reset-password"
)


class CannotResetError(OpenViberError):
    """No code could be made; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A one-time code; `code` exists nowhere else."""

    code: str
    name: str
    email: str
    expires_at: datetime

    def __repr__(self) -> str:
        return f"Offered(to {self.email}, until {self.expires_at})"

    def words(self, public_url: str) -> str:
        """Return what the console prints."""
        minutes = int(CODE_LIFE.total_seconds() // 60)
        return (
            f"A new password for {self.name} ({self.email}). Open this within {minutes} minutes; "
            f"it works once:\n\n  {public_url}/reset#{self.code}\n\n"
            "Whoever opens it takes the account over. Every browser that is signed in as this "
            "person is signed out then."
        )


class Desk(Protocol):
    """What a code is made with, by the board or by a command beside it: database and time."""

    @property
    def store(self) -> Store: ...

    @property
    def clock(self) -> Clock: ...


@dataclass(frozen=True, slots=True)
class _Console:
    store: Store
    clock: Clock


async def offer_from_console(settings: Settings, email: str) -> Offered:
    """Make a code beside a running board, or without one; the data folder is not locked.

    Raises:
        CannotResetError: there is no board here, or nobody has this address.
    """
    address = make_url(settings.database_url)
    is_file = address.get_backend_name() == "sqlite" and address.database
    if is_file and not Path(str(address.database)).exists():
        raise CannotResetError(
            f"there is no board in DATA={settings.data}: start it once, or say DATA=... (or "
            "DATABASE_URL=...) as for the board"
        )
    store = Store(settings.database_url)
    try:
        return await offer(_Console(store, SystemClock()), email)
    except (OperationalError, ProgrammingError) as error:
        raise CannotResetError(
            "the board's database cannot be used: it is of another version or in use by another "
            "program for very long; start this version's board once, then try again"
        ) from error
    finally:
        await store.close()


async def offer(desk: Desk, email: str) -> Offered:
    """Make a code for whoever has this address; their earlier ones end.

    Raises:
        CannotResetError: nobody has this address.
    """
    email = normal_email(email)
    if not is_email(email):
        raise CannotResetError(f"{email} is not an e-mail address, such as ada@example.org")
    now = desk.clock.now()
    code = new_token(PREFIX)
    async with desk.store.write() as db:
        user = await users.find_user_by_email(db, email)
        if user is None:
            raise CannotResetError(
                f"nobody on this board has the address {email}; people and their addresses stand "
                "in Settings > People"
            )
        await password_resets.delete_unused(db, user_id=user.id)
        row = PasswordReset(
            user_id=user.id,
            token_hash=hash_token(code),
            created_at=now,
            expires_at=now + CODE_LIFE,
        )
        db.add(row)
        record(desk, db, Deed(action="user.reset_offered", target=target_of(user)))
    return Offered(code=code, name=user.name, email=user.email, expires_at=row.expires_at)


async def use(runtime: Runtime, *, code: str, password: Secret, client: str = "") -> None:
    """Set a new password with the console's code, and end every session of the person.

    Raises:
        ForbiddenError: the code is none, was used, or has ended.
        InvalidInputError: the password cannot be taken; the code can still be used.
        TooManyRequestsError: too many codes were tried.
    """
    tried = f"reset {brake_key(client)}"
    runtime.tries.add(tried)
    plain = password.open()
    if problems := password_problems(plain, email="", name=""):
        raise InvalidInputError(problems)
    if not is_storable(code):
        raise ForbiddenError(REFUSED, pointer="/code")
    token_hash = hash_token(code.strip())
    async with runtime.store.read() as db:
        found = await password_resets.find_open(db, token_hash=token_hash, now=runtime.clock.now())
    if found is None:
        raise ForbiddenError(REFUSED, pointer="/code")
    if problems := password_problems(plain, email=found[1].email, name=found[1].name):
        raise InvalidInputError(problems)
    password_hash = await hash_password(stored_password(plain))
    async with runtime.store.write() as db:
        now = runtime.clock.now()
        found = await password_resets.find_open(db, token_hash=token_hash, now=now)
        if found is None:  # another request was faster
            raise ForbiddenError(REFUSED, pointer="/code")
        row, user = found
        row.used_at = now
        user.password_hash = password_hash
        await users.delete_other_sessions(db, user_id=user.id, kept_hash="")
        actor = actor_from(user, client=client)
        record(runtime, db, Deed(action="user.password_reset", target=target_of(user), actor=actor))
    runtime.tries.forget(tried, f"sign-in as {user.email}")
    access.ask_again(runtime, user.id)
