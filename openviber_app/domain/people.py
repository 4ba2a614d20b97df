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


def checked(draft: PersonDraft) -> PersonDraft:
    """Return the draft in its stored form.

    Raises:
        InvalidInputError: with everything that is wrong.
    """
    name, email = draft.name.strip(), normal_email(draft.email)
    problems: list[Problem] = []
    if not name or len(name) > NAME_MAX or not name.isprintable():
        problems.append(Problem("/name", f"a name has 1 to {NAME_MAX} printable characters"))
    if not is_email(email):
        problems.append(Problem("/email", "this is not an e-mail address"))
    password = draft.password.open()
    if len(password) < PASSWORD_MIN:
        message = f"a password needs at least {PASSWORD_MIN} characters, or it is soon guessed"
        problems.append(Problem("/password", message))
    elif not is_storable(password):
        problems.append(Problem("/password", "this password has a character that cannot be sent"))
    elif len(password) > PASSWORD_MAX:
        problems.append(Problem("/password", f"a password has at most {PASSWORD_MAX} characters"))
    elif password.lower() in {email, name.lower()} or len(set(password)) == 1:
        problems.append(
            Problem("/password", "this password is too easy to guess: choose another one")
        )
    if problems:
        raise InvalidInputError(problems)
    plain = unicodedata.normalize("NFKC", password)
    return PersonDraft(name=name, email=email, password=Secret(plain))
