"""What an account needs: a name, an address, a password that is hard to guess."""

import re
import unicodedata
from dataclasses import dataclass

from openviber_app.domain.errors import InvalidInputError, Problem
from openviber_app.domain.secret import Secret
from openviber_app.domain.text import is_storable

NAME_MAX = 100
EMAIL_MAX = 254
PASSWORD_MIN = 10
PASSWORD_MAX = 1024
"""Longer ones would only cost time: the hash reads all of it."""

_EMAIL = re.compile(r"[^\s@<>\"(),:;\[\]\\]+@[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDraft:
    """A person as typed in; `checked` returns one that can be stored."""

    name: str
    email: str
    password: Secret


def normal_email(text: str) -> str:
    """Return an address in the form that is stored and compared."""
    return text.strip().lower()


def is_email(text: str) -> bool:
    """Whether a text has the form of a normal address."""
    return len(text) <= EMAIL_MAX and _EMAIL.fullmatch(text) is not None and text.isprintable()


def name_problems(name: str) -> list[Problem]:
    """Return what is wrong with a name."""
    if not name or len(name) > NAME_MAX or not name.isprintable():
        return [Problem("/name", f"a name has 1 to {NAME_MAX} printable characters")]
    return []


def email_problems(email: str) -> list[Problem]:
    """Return what is wrong with an address in its stored form."""
    return [] if is_email(email) else [Problem("/email", "this is not an e-mail address")]


def password_problems(
    password: str, *, email: str, name: str, field: str = "/password"
) -> list[Problem]:
    """Return what is wrong with a password for this person."""
    message = ""
    if len(password) < PASSWORD_MIN:
        message = f"a password needs at least {PASSWORD_MIN} characters, or it is soon guessed"
    elif not is_storable(password):
        message = "this password has a character that cannot be sent"
    elif len(password) > PASSWORD_MAX:
        message = f"a password has at most {PASSWORD_MAX} characters"
    elif password.lower() in {email, name.lower()} or len(set(password)) == 1:
        message = "this password is too easy to guess: choose another one"
    return [Problem(field, message)] if message else []


def stored_password(password: str) -> Secret:
    """Return a password in the form that is hashed."""
    return Secret(unicodedata.normalize("NFKC", password))


def checked(draft: PersonDraft) -> PersonDraft:
    """Return the draft in its stored form.

    Raises:
        InvalidInputError: with everything that is wrong.
    """
    name, email, password = draft.name.strip(), normal_email(draft.email), draft.password.open()
    problems = [
        *name_problems(name),
        *email_problems(email),
        *password_problems(password, email=email, name=name),
    ]
    if problems:
        raise InvalidInputError(problems)
    return PersonDraft(name=name, email=email, password=stored_password(password))
