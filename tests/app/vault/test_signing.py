import base64
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from openviber_app.vault.errors import KeyFileError
from openviber_app.vault.signing import SigningKey, key_id_of, verify_signature


def test_a_signature_holds_for_its_message_and_key_only(tmp_path: Path) -> None:
    key = SigningKey.open(tmp_path / "signing.key")
    other = SigningKey.open(tmp_path / "other.key")
    signature = key.sign(b"message")
    assert verify_signature(key.public_key, b"message", signature)
    assert not verify_signature(key.public_key, b"messagf", signature)
    assert not verify_signature(other.public_key, b"message", signature)


def test_a_strangers_signature_is_checked_by_its_raw_public_key() -> None:
    stranger = Ed25519PrivateKey.generate()
    public = base64.b64encode(stranger.public_key().public_bytes_raw()).decode()
    signature = base64.b64encode(stranger.sign(b"hello")).decode()
    assert verify_signature(public, b"hello", signature)


@pytest.mark.parametrize("bad", ["", "!", "AAAA", "é", base64.b64encode(bytes(64)).decode()])
def test_rubbish_is_no_signature_and_no_key(tmp_path: Path, bad: str) -> None:
    key = SigningKey.open(tmp_path / "signing.key")
    assert not verify_signature(key.public_key, b"message", bad)
    assert not verify_signature(bad, b"message", key.sign(b"message"))


def test_the_key_file_is_private_and_lasts(tmp_path: Path) -> None:
    file = tmp_path / "signing.key"
    first, second = SigningKey.open(file), SigningKey.open(file)
    assert first.public_key == second.public_key
    assert first.key_id == second.key_id == key_id_of(first.public_key)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_text().strip() not in repr(first)


def test_a_damaged_key_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "signing.key"
    file.write_text("AAAA\n")
    file.chmod(0o600)
    with pytest.raises(KeyFileError, match="backup"):
        SigningKey.open(file)
