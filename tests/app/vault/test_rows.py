from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openviber_app.domain.ids import new_id
from openviber_app.domain.secret import Secret
from openviber_app.vault.errors import UnsealError
from openviber_app.vault.kms import LocalKms
from openviber_app.vault.rows import (
    FORMAT,
    RowNames,
    SealedRow,
    open_row,
    seal_row,
    value_size,
)

KMS = LocalKms(current="local:one:1", keys={"local:one:1": b"1" * 32, "local:two:1": b"2" * 32})
NAMES = RowNames(
    user_id=UUID(int=1), environment_id=UUID(int=2), secret_id=UUID(int=3), key="TOKEN", version=4
)
PLAIN = "hunter2-secret"
ROW = seal_row(KMS, Secret(PLAIN), names=NAMES)


def test_a_value_opens_in_its_own_row() -> None:
    assert open_row(KMS, ROW, names=NAMES).open() == PLAIN


def test_the_format_begins_with_its_version_and_holds_no_plaintext() -> None:
    assert ROW.encrypted_value[0] == FORMAT == 1
    assert PLAIN.encode() not in ROW.encrypted_value
    assert ROW.kms_key_id == "local:one:1"


def test_every_version_has_a_fresh_key() -> None:
    again = seal_row(KMS, Secret(PLAIN), names=NAMES)
    assert again.encrypted_value[3:63] != ROW.encrypted_value[3:63]
    assert again.encrypted_value[63:] != ROW.encrypted_value[63:]


@pytest.mark.parametrize(
    "moved",
    [
        {"user_id": new_id()},
        {"environment_id": new_id()},
        {"secret_id": new_id()},
        {"key": "OTHER"},
        {"version": 5},
        {"user_id": NAMES.environment_id, "environment_id": NAMES.user_id},
    ],
    ids="+".join,
)
def test_a_value_moved_to_another_row_does_not_open(moved: dict[str, Any]) -> None:
    with pytest.raises(UnsealError):
        open_row(KMS, ROW, names=replace(NAMES, **moved))


def test_a_value_cut_anywhere_does_not_open() -> None:
    for length in range(len(ROW.encrypted_value)):
        cut = replace(ROW, encrypted_value=ROW.encrypted_value[:length])
        with pytest.raises(UnsealError):
            open_row(KMS, cut, names=NAMES)


def test_a_value_with_any_bit_flipped_does_not_open() -> None:
    for at in range(len(ROW.encrypted_value) * 8):
        changed = bytearray(ROW.encrypted_value)
        changed[at // 8] ^= 1 << at % 8
        with pytest.raises(UnsealError):
            open_row(KMS, replace(ROW, encrypted_value=bytes(changed)), names=NAMES)


@pytest.mark.parametrize("key_id", ["local:two:1", "local:three:1", "", "aws:one:1"])
def test_a_swapped_key_id_does_not_open(key_id: str) -> None:
    with pytest.raises(UnsealError):
        open_row(KMS, replace(ROW, kms_key_id=key_id), names=NAMES)


def test_another_boards_key_file_does_not_open_it(tmp_path: Path) -> None:
    stranger = LocalKms.open(tmp_path / "kek.json")
    with pytest.raises(UnsealError):
        open_row(stranger, ROW, names=NAMES)


def test_the_halves_of_two_rows_do_not_fit_together() -> None:
    other = seal_row(KMS, Secret("another-value!"), names=replace(NAMES, version=5))
    mixed = ROW.encrypted_value[:63] + other.encrypted_value[63:]
    for names in (NAMES, replace(NAMES, version=5)):
        with pytest.raises(UnsealError):
            open_row(KMS, SealedRow(encrypted_value=mixed, kms_key_id="local:one:1"), names=names)


@given(st.text())
def test_any_text_comes_back_and_its_size_is_known_without_opening(text: str) -> None:
    row = seal_row(KMS, Secret(text), names=NAMES)
    assert open_row(KMS, row, names=NAMES) == Secret(text)
    assert value_size(row.encrypted_value) == len(text.encode())


def test_an_error_tells_nothing_of_the_value() -> None:
    with pytest.raises(UnsealError) as caught:
        open_row(KMS, ROW, names=replace(NAMES, key="OTHER"))
    assert PLAIN not in str(caught.value)
