"""Secrets of an environment: their kinds, and what their values must be."""

from enum import StrEnum

from openviber_app.domain.secret import MASK, Secret

VALUE_MAX_BYTES = 64 * 1024
VALUE_MIN_CHARACTERS = 4


class SecretScope(StrEnum):
    """Which scripts get a secret."""

    SETUP = "setup"
    RUNTIME = "runtime"
    BOTH = "both"


class SecretPurpose(StrEnum):
    """What a secret is for: a variable of the scripts, or git's."""

    VARIABLE = "variable"
    GIT_TOKEN = "git_token"  # noqa: S105 - a kind, not a password
    DEPLOY_KEY = "deploy_key"
    KNOWN_HOSTS = "known_hosts"


RESERVED_KEYS = {
    SecretPurpose.GIT_TOKEN: "git.token",
    SecretPurpose.DEPLOY_KEY: "git.deploy_key",
    SecretPurpose.KNOWN_HOSTS: "git.known_hosts",
}
"""Git's own secrets have these keys; no variable can be called so."""


def value_problem(value: Secret, *, purpose: SecretPurpose) -> str | None:
    """Return why a value cannot be kept as a secret, or None."""
    text = value.open()
    if "•" in text or (text and set(text) == {"*"}):
        return f"{MASK} is what is shown in place of a value: type the value itself"
    if "\0" in text:
        return "a value cannot hold a NUL character"
    if not _is_unicode(text):
        return "a value must be valid Unicode"
    if len(text.strip()) < VALUE_MIN_CHARACTERS:
        return (
            f"a secret needs at least {VALUE_MIN_CHARACTERS} characters: a shorter one would be "
            "masked in every log wherever it happens to appear; use a plain variable instead"
        )
    if len(text.encode()) > VALUE_MAX_BYTES:
        return f"a value has at most {VALUE_MAX_BYTES // 1024} KiB"
    match purpose:
        case SecretPurpose.DEPLOY_KEY:
            return _deploy_key_problem(text)
        case SecretPurpose.GIT_TOKEN:
            return _one_line_problem(text)
        case SecretPurpose.VARIABLE | SecretPurpose.KNOWN_HOSTS:
            return None


def _deploy_key_problem(text: str) -> str | None:
    lines = text.strip().splitlines()
    if not lines[0].startswith("-----BEGIN ") or "PRIVATE KEY-----" not in lines[0]:
        return (
            "this is not a private key: paste the whole file, from its BEGIN line to its END line"
        )
    if not lines[-1].startswith("-----END "):
        return "the key is cut off: paste the whole file, including its END line"
    if "ENCRYPTED" in lines[0] or any("ENCRYPTED" in line for line in lines[:3]):
        return "this key has a passphrase, which nobody could type: make a deploy key without one"
    return None


def _one_line_problem(text: str) -> str | None:
    if not text.strip().isprintable() or " " in text.strip():
        return "a token is one word, or user:token"
    return None


def _is_unicode(text: str) -> bool:
    """Whether the text has no half of a surrogate pair, which JSON can carry and UTF-8 cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
