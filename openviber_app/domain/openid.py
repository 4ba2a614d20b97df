"""The rules of signing in by OpenID Connect: what an owner sets, whom a proof lets in."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from openviber_app.domain.errors import ForbiddenError
from openviber_app.domain.people import NAME_MAX, is_email
from openviber_app.domain.secret import Secret

VARIABLES = (
    *("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_NAME"),
    *("OIDC_SIGNUP", "OIDC_ALLOWED_DOMAINS"),
)
NEEDED = VARIABLES[:3]
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
DEFAULT_NAME = "OpenID"
BUTTON_MAX = 40
PATH_MAX = 2000
_PATH = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*")
"""Begins with one slash; no second one, no backslash, nothing that a browser would drop."""


class Signup(StrEnum):
    """Who may get an account by it."""

    INVITED = "invited"
    ANYONE = "anyone"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenIdSettings:
    """The provider that the owner chose."""

    issuer: str
    client_id: str
    client_secret: Secret
    name: str = DEFAULT_NAME
    """What the button says after "Continue with"."""
    signup: Signup = Signup.INVITED
    domains: tuple[str, ...] = ()
    """When there are any: only verified addresses of these come in."""


class Refusal(StrEnum):
    """Why somebody was not let in; the page has words for each and shows no others."""

    SETUP = "setup"
    BUSY = "busy"
    LATE = "late"
    DECLINED = "declined"
    AWAY = "away"
    PROOF = "proof"
    UNVERIFIED = "unverified"
    DOMAIN = "domain"
    UNKNOWN = "unknown"
    PASSWORD = "password"  # noqa: S105 - a reason, not a password
    ELSEWHERE = "elsewhere"
    TAKEN = "taken"
    SESSION = "session"
    INVITE = "invite"


_WORDS = {
    Refusal.SETUP: "this board has no owner yet: set it up first",
    Refusal.BUSY: "too many tries from your address: wait five minutes, then try again",
    Refusal.LATE: "this sign-in began in another browser, took longer than ten minutes, was "
    "used already, or the board was started again meanwhile: begin again here",
    Refusal.DECLINED: "{name} did not sign you in: try again, or ask whoever runs it",
    Refusal.AWAY: "{name} cannot be reached or answers nonsense; the board's log says more. "
    "Try again in a moment",
    Refusal.PROOF: "what {name} said does not prove who you are, so nothing was done; the board's "
    "log says why. Try again, and tell the owner of this board if it stays",
    Refusal.UNVERIFIED: "{name} does not say that your e-mail address is verified, so it proves "
    "nothing here: verify it there, or sign in with a password and connect {name} in your profile",
    Refusal.DOMAIN: "this board lets in only addresses of certain domains, and yours is of none "
    "of them: sign in at {name} with another account",
    Refusal.UNKNOWN: "nobody here has your e-mail address: ask the owner of this board for an "
    "invite",
    Refusal.PASSWORD: "the account here with your e-mail address has a password: sign in with it, "
    "then connect {name} in your profile, once",
    Refusal.ELSEWHERE: "the account here with your e-mail address is signed in by another "
    "provider: ask the owner of this board to reset its password, sign in with that, then connect "
    "{name} in your profile",
    Refusal.TAKEN: "this account of {name} signs in somebody else here: choose another one there",
    Refusal.SESSION: "you were signed out meanwhile: sign in, then connect {name} again",
    Refusal.INVITE: "this invite was used or has ended: ask for a new one",
}


class OpenIdRefusedError(ForbiddenError):
    """Somebody was not let in; `reason` is for the board's log and holds no code and no token."""

    def __init__(self, refusal: Refusal, reason: str = "", *, name: str = DEFAULT_NAME) -> None:
        self.refusal, self.reason = refusal, reason or refusal.value
        super().__init__(refusal_words(refusal, name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What a provider vouches for: signed, meant for this board, and fresh."""

    issuer: str
    subject: str
    email: str = ""
    is_verified: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFacts:
    """What counts of the account that has a proof's e-mail address."""

    has_password: bool
    has_identity: bool


class Entry(StrEnum):
    """How somebody unknown to the identities comes in."""

    LINK = "link"  # to the account with the same address
    CREATE = "create"


def refusal_words(code: str, name: str) -> str:
    """Return what a page says; a code that there is not has no words."""
    found = _WORDS.get(Refusal(code)) if code in set(Refusal) else None
    return found.format(name=name) if found else ""


def read_openid(values: Mapping[str, str]) -> OpenIdSettings | None:
    """Return what is set, or None when nothing is.

    Raises:
        ValueError: something of it cannot be used; the message names it.
    """
    given = {name: values.get(name, "").strip() for name in VARIABLES}
    if not any(given[name] for name in NEEDED):
        return None
    if missing := [name for name in NEEDED if not given[name]]:
        raise ValueError(f"sign-in by OpenID Connect needs {' and '.join(missing)} too")
    issuer = given["OIDC_ISSUER"]
    if not is_safe_address(issuer) or {"?", "#"} & set(issuer):
        raise ValueError(
            f"OIDC_ISSUER={issuer} is not an address such as https://accounts.example.org "
            "(plain http only for a provider on this machine)"
        )
    signup = given["OIDC_SIGNUP"] or Signup.INVITED
    if signup not in set(Signup):
        raise ValueError(f"OIDC_SIGNUP={signup} is neither invited nor anyone")
    name = given["OIDC_NAME"] or DEFAULT_NAME
    if len(name) > BUTTON_MAX or not name.isprintable() or {"{", "}"} & set(name):
        raise ValueError(f"OIDC_NAME has 1 to {BUTTON_MAX} printable characters, without braces")
    domains = given["OIDC_ALLOWED_DOMAINS"].replace(",", " ").lower().split()
    if wrong := next((one for one in domains if not is_email(f"a@{one}")), ""):
        raise ValueError(f"OIDC_ALLOWED_DOMAINS: {wrong} is not a domain such as example.org")
    return OpenIdSettings(
        issuer=issuer,
        client_id=given["OIDC_CLIENT_ID"],
        client_secret=Secret(given["OIDC_CLIENT_SECRET"]),
        name=name,
        signup=Signup(signup),
        domains=tuple(domains),
    )


def is_safe_address(url: str) -> bool:
    """Whether what goes there is encrypted, or stays on this machine."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    is_plain = url.isascii() and url.isprintable() and " " not in url
    if not host or not is_plain or parts.username is not None or parts.password is not None:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)


def local_path(text: str) -> str:
    """Return a path of the board's own pages; anything else becomes the first page."""
    is_ours = len(text) <= PATH_MAX and _PATH.fullmatch(text)
    return text if is_ours else "/"


def require_domain(proof: Proof, domains: Sequence[str], *, name: str) -> None:
    """Refuse who has no verified address of one of these domains, when there are any.

    Raises:
        OpenIdRefusedError: that is so.
    """
    if not domains:
        return
    if not proof.is_verified:
        raise OpenIdRefusedError(Refusal.UNVERIFIED, name=name)
    before, _, domain = proof.email.rpartition("@")
    if not before or domain not in domains:
        raise OpenIdRefusedError(Refusal.DOMAIN, f"an address outside {domains}", name=name)


def entry_of(
    proof: Proof, settings: OpenIdSettings, *, account: AccountFacts | None, is_invited: bool
) -> Entry:
    """Decide how somebody whose identity is not known yet comes in.

    An address opens an account only if nothing else opens it: neither a password nor an identity.

    Raises:
        OpenIdRefusedError: they do not.
    """
    name = settings.name
    if not proof.is_verified or not is_email(proof.email):
        raise OpenIdRefusedError(Refusal.UNVERIFIED, name=name)
    if account is not None:
        if account.has_password:
            raise OpenIdRefusedError(Refusal.PASSWORD, name=name)
        if account.has_identity:
            raise OpenIdRefusedError(Refusal.ELSEWHERE, name=name)
        return Entry.LINK
    if not is_invited and settings.signup is not Signup.ANYONE:
        raise OpenIdRefusedError(Refusal.UNKNOWN, name=name)
    return Entry.CREATE


def name_for(proof: Proof) -> str:
    """Return a name for a new account: the provider's, or the address's first part."""
    told = "".join(c for c in proof.name if c.isprintable()).strip()[:NAME_MAX].strip()
    return told or proof.email.partition("@")[0][:NAME_MAX]
