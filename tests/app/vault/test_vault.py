import base64
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from openviber_app.domain.ids import new_id
from openviber_app.domain.secret import Secret
from openviber_app.vault.errors import WrongKeyError
from openviber_app.vault.rows import RowNames
from openviber_app.vault.signing import verify_signature
from openviber_app.vault.vault import Vault


def _names() -> RowNames:
    return RowNames(
        user_id=new_id(), environment_id=new_id(), secret_id=new_id(), key="TOKEN", version=1
    )


async def test_a_vault_opened_again_knows_its_secrets_and_signs_with_the_same_key(
    tmp_path: Path,
) -> None:
    names = _names()
    first = Vault.open(tmp_path)
    row = await first.seal_secret(Secret("hunter2-secret"), names=names)
    second = Vault.open(tmp_path)
    assert (await second.open_secret(row, names=names)).open() == "hunter2-secret"
    assert second.hub_public_key == first.hub_public_key
    assert verify_signature(first.hub_public_key, b"x", second.sign(b"x"))
    assert row.kms_key_id == second.kms_key_id


def test_the_keys_lie_in_one_private_folder(tmp_path: Path) -> None:
    Vault.open(tmp_path)
    assert {file.name for file in (tmp_path / "keys").iterdir()} == {"kek.json", "signing.key"}
    assert (tmp_path / "keys").stat().st_mode & 0o077 == 0


async def test_a_canary_opens_with_its_own_key_and_refuses_another(tmp_path: Path) -> None:
    own, other = Vault.open(tmp_path / "own"), Vault.open(tmp_path / "other")
    canary = await own.make_canary()
    await own.check_canary(canary)
    with pytest.raises(WrongKeyError) as caught:
        await other.check_canary(canary)
    assert own.kms_key_id in str(caught.value)
    with pytest.raises(WrongKeyError):
        await other.check_canary(canary | {"kmsKeyId": other.kms_key_id})


def test_a_bundle_of_the_vault_opens_at_its_node(tmp_path: Path) -> None:
    vault, node = Vault.open(tmp_path), X25519PrivateKey.generate()
    sealed = vault.seal_bundle(
        b"{}",
        node_sealing_key=base64.b64encode(node.public_key().public_bytes_raw()).decode(),
        info=b"info",
        signed_over=lambda ciphertext: b"over" + ciphertext,
    )
    ciphertext = base64.b64decode(sealed.ciphertext)
    suite = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
    assert suite.decrypt(ciphertext, node, info=b"info") == b"{}"
    assert verify_signature(vault.hub_public_key, b"over" + ciphertext, sealed.signature)


def test_its_repr_names_keys_and_shows_none(tmp_path: Path) -> None:
    vault = Vault.open(tmp_path)
    assert vault.kms_key_id in repr(vault)
    for file in (tmp_path / "keys").iterdir():
        assert file.read_text().strip() not in repr(vault)
