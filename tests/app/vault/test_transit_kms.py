"""Vault's transit engine, spoken to over real HTTP."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from openviber_app.domain.kms import choose_kms
from openviber_app.vault.errors import KmsError, UnsealError
from openviber_app.vault.keyring import open_keyring
from openviber_app.vault.kms import Kms
from tests.support.fake_transit import TOKEN, FakeTransit, fake_transit

CONTEXT = b"names of a row"


@pytest.fixture
def transit() -> Iterator[FakeTransit]:
    with fake_transit() as served:
        yield served


def _open(transit: FakeTransit, folder: Path, *, key: str = "board", token: str = TOKEN) -> Kms:
    return open_keyring(folder, choose_kms(f"vault:{key}", address=transit.address, token=token))


def test_a_data_key_comes_back_for_its_own_context_only(
    transit: FakeTransit, tmp_path: Path
) -> None:
    kms = _open(transit, tmp_path)
    key_id, wrapped = kms.wrap(b"k" * 32, context=CONTEXT)
    assert key_id == kms.current_key_id == "vault:board:1"
    assert kms.unwrap(wrapped, key_id=key_id, context=CONTEXT) == b"k" * 32
    with pytest.raises(UnsealError):
        kms.unwrap(wrapped, key_id=key_id, context=b"another row")
    for wrong in ("vault:board:2", "local:board:1", ""):
        with pytest.raises(UnsealError):
            kms.unwrap(wrapped, key_id=wrong, context=CONTEXT)
    for cut in (b"", wrapped[:9], wrapped[:-2], wrapped.replace(b"v1", b"v9"), b"\xff" + wrapped):
        with pytest.raises(UnsealError):
            kms.unwrap(cut, key_id=key_id, context=CONTEXT)


def test_after_a_rotation_the_new_version_wraps_and_the_old_one_opens(
    transit: FakeTransit, tmp_path: Path
) -> None:
    kms, other_process = _open(transit, tmp_path), _open(transit, tmp_path)
    key_id, wrapped = kms.wrap(b"k" * 32, context=CONTEXT)
    assert kms.rotate() == other_process.current_key_id == "vault:board:2"
    assert other_process.wrap(b"k" * 32, context=CONTEXT)[0] == "vault:board:2"
    assert kms.unwrap(wrapped, key_id=key_id, context=CONTEXT) == b"k" * 32
    assert kms.forget_all_but([]) == []


def test_a_refusal_says_what_to_do(transit: FakeTransit, tmp_path: Path) -> None:
    kms = _open(transit, tmp_path)
    transit.may_rotate = False
    with pytest.raises(KmsError, match="token may not use transit/keys/board/rotate"):
        kms.rotate()
    transit.is_sealed = True
    with pytest.raises(KmsError, match="unseal it"):
        kms.wrap(b"k" * 32, context=CONTEXT)


def test_a_wrong_start_is_refused_in_plain_words(transit: FakeTransit, tmp_path: Path) -> None:
    with pytest.raises(KmsError, match="token may not use") as caught:
        _open(transit, tmp_path, token="hvs.wrong")
    assert "hvs.wrong" not in str(caught.value)
    with pytest.raises(KmsError, match="check the name"):
        _open(transit, tmp_path, key="absent")
    transit.derived = False
    with pytest.raises(KmsError, match="derived=true"):
        _open(transit, tmp_path)
    transit.address = "http://127.0.0.1:1"
    with pytest.raises(KmsError, match="cannot be reached"):
        _open(transit, tmp_path)


def test_a_token_file_is_read_at_each_call(transit: FakeTransit, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n")
    choice = choose_kms("vault:board", address=transit.address, token_file=str(file))
    kms = open_keyring(tmp_path / "keys", choice)
    transit.token = "hvs.renewed"
    with pytest.raises(KmsError, match="may not"):
        kms.wrap(b"k" * 32, context=CONTEXT)
    file.write_text("hvs.renewed")
    kms.wrap(b"k" * 32, context=CONTEXT)
    file.unlink()
    with pytest.raises(KmsError, match="cannot be read"):
        kms.wrap(b"k" * 32, context=CONTEXT)
