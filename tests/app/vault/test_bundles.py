import base64
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from openviber_app.vault.bundles import is_sealing_key, seal_bundle
from openviber_app.vault.errors import UnsealError
from openviber_app.vault.signing import SigningKey, verify_signature

SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
INFO = b"node, binding, command, attempt"
PLAIN = b'{"secrets": {"TOKEN": "hunter2-secret"}}'


def _public(key: X25519PrivateKey) -> str:
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


def _signed_over(ciphertext: bytes) -> bytes:
    return b"signed:" + INFO + ciphertext


def test_the_node_opens_what_was_sealed_to_it_and_the_signature_is_the_boards(
    tmp_path: Path,
) -> None:
    node, board = X25519PrivateKey.generate(), SigningKey.open(tmp_path / "signing.key")
    sealed = seal_bundle(
        board, PLAIN, node_sealing_key=_public(node), info=INFO, signed_over=_signed_over
    )
    ciphertext = base64.b64decode(sealed.ciphertext)
    assert SUITE.decrypt(ciphertext, node, info=INFO) == PLAIN
    assert verify_signature(board.public_key, _signed_over(ciphertext), sealed.signature)
    assert b"hunter2" not in ciphertext


def test_another_node_or_another_command_does_not_open_it(tmp_path: Path) -> None:
    node, board = X25519PrivateKey.generate(), SigningKey.open(tmp_path / "signing.key")
    sealed = seal_bundle(
        board, PLAIN, node_sealing_key=_public(node), info=INFO, signed_over=_signed_over
    )
    ciphertext = base64.b64decode(sealed.ciphertext)
    with pytest.raises(InvalidTag):
        SUITE.decrypt(ciphertext, node, info=INFO + b"2")
    with pytest.raises(InvalidTag):
        SUITE.decrypt(ciphertext, X25519PrivateKey.generate(), info=INFO)


def test_a_bundle_that_somebody_else_sealed_fails_the_signature(tmp_path: Path) -> None:
    node, board = X25519PrivateKey.generate(), SigningKey.open(tmp_path / "signing.key")
    sealed = seal_bundle(
        board, PLAIN, node_sealing_key=_public(node), info=INFO, signed_over=_signed_over
    )
    forged = SUITE.encrypt(b'{"secrets": {}}', node.public_key(), info=INFO)
    assert SUITE.decrypt(forged, node, info=INFO)  # HPKE alone takes it
    assert not verify_signature(board.public_key, _signed_over(forged), sealed.signature)


def test_sealing_twice_gives_different_bytes(tmp_path: Path) -> None:
    node, board = X25519PrivateKey.generate(), SigningKey.open(tmp_path / "signing.key")
    one, two = (
        seal_bundle(
            board, PLAIN, node_sealing_key=_public(node), info=INFO, signed_over=_signed_over
        )
        for _ in range(2)
    )
    assert one.ciphertext != two.ciphertext


@pytest.mark.parametrize("bad", ["", "AAAA", "!", base64.b64encode(bytes(32)).decode()])
def test_what_is_no_key_is_refused(tmp_path: Path, bad: str) -> None:
    assert not is_sealing_key(bad)
    with pytest.raises(UnsealError):
        seal_bundle(
            SigningKey.open(tmp_path / "signing.key"),
            PLAIN,
            node_sealing_key=bad,
            info=INFO,
            signed_over=_signed_over,
        )
