import pytest

from openviber_app.domain.names import name_problem
from openviber_app.domain.secret import Secret
from openviber_app.domain.secrets import (
    RESERVED_KEYS,
    VALUE_MAX_BYTES,
    SecretPurpose,
    value_problem,
)

KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n"


def _problem(text: str, purpose: SecretPurpose = SecretPurpose.VARIABLE) -> str | None:
    return value_problem(Secret(text), purpose=purpose)


@pytest.mark.parametrize("text", ["abcd", "hunter2-secret", "line\nline\n", "pässword", "a b c d"])
def test_an_ordinary_value_is_taken(text: str) -> None:
    assert _problem(text) is None


@pytest.mark.parametrize("text", ["••••", "sk-••••", "****", "*", "••••••••"])
def test_the_mask_is_refused_as_a_value(text: str) -> None:
    assert "type the value itself" in (_problem(text) or "")


@pytest.mark.parametrize("text", ["", "a", "abc", "   ", "ab \n\n "])
def test_a_short_value_is_refused_with_the_reason(text: str) -> None:
    assert "masked in every log" in (_problem(text) or "")


def test_nul_surrogates_and_very_long_values_are_refused() -> None:
    assert "NUL" in (_problem("abc\0def") or "")
    assert "Unicode" in (_problem("abcd\ud800") or "")
    assert _problem("é" * (VALUE_MAX_BYTES // 2)) is None
    assert "64 KiB" in (_problem("é" * (VALUE_MAX_BYTES // 2) + "x") or "")


def test_a_deploy_key_is_a_whole_private_key_without_a_passphrase() -> None:
    purpose = SecretPurpose.DEPLOY_KEY
    assert _problem(KEY, purpose) is None
    assert "not a private key" in (_problem("ssh-ed25519 AAAA me@host", purpose) or "")
    assert "cut off" in (_problem(KEY.partition("-----END")[0], purpose) or "")
    encrypted = KEY.replace("OPENSSH", "ENCRYPTED")
    assert "passphrase" in (_problem(encrypted, purpose) or "")


@pytest.mark.parametrize("text", ["two words", "line\nline"])
def test_a_git_token_is_one_word(text: str) -> None:
    assert "one word" in (_problem(text, SecretPurpose.GIT_TOKEN) or "")
    assert _problem("ghp_0123456789", SecretPurpose.GIT_TOKEN) is None
    assert _problem("me:ghp_0123456789\n", SecretPurpose.GIT_TOKEN) is None


def test_no_message_holds_the_value() -> None:
    for text in ("zz\0zz-secret", "zz-secret zz", "x" * (VALUE_MAX_BYTES + 1)):
        for purpose in SecretPurpose:
            message = _problem(text, purpose)
            assert message is None or text not in message


def test_no_variable_can_have_a_reserved_key() -> None:
    assert set(RESERVED_KEYS) == set(SecretPurpose) - {SecretPurpose.VARIABLE}
    assert all(name_problem(key) for key in RESERVED_KEYS.values())
