"""The board's signing key is replaced by one that it has signed, and is gone then."""

import base64
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from openviber_app.vault import hub_keys
from openviber_app.vault.errors import KeyFileError
from openviber_app.vault.hub_keys import HubKeys, KeyLink
from openviber_app.vault.signing import SigningKey, verify_signature

NOW = datetime(2026, 11, 29, tzinfo=UTC)


def over(old: str, new: str) -> bytes:
    return f"{old} > {new}".encode()


def rotate(keys: HubKeys) -> KeyLink:
    return keys.rotate(now=NOW, signed_over=over)


def test_every_new_key_is_signed_by_the_one_before_and_found_again(tmp_path: Path) -> None:
    keys = HubKeys.open(tmp_path)
    first = keys.current.public_key
    old_file = (tmp_path / "signing.key").read_bytes()
    one, two = rotate(keys), rotate(keys)
    assert (one.old_key, one.new_key, two.old_key) == (first, two.old_key, one.new_key)
    assert keys.current.public_key == two.new_key
    for link in (one, two):
        assert verify_signature(link.old_key, over(link.old_key, link.new_key), link.signature)
    again = HubKeys.open(tmp_path)
    assert again.current.public_key == two.new_key
    assert again.links == (one, two)
    secret = base64.b64decode(old_file)
    for file in tmp_path.iterdir():
        assert file.stat().st_mode & 0o777 == 0o600
        assert secret not in file.read_bytes()
        assert old_file.strip() not in file.read_bytes()


def test_a_crash_between_the_two_files_leaves_the_old_key_and_no_way_to_a_key_nobody_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = HubKeys.open(tmp_path)
    rotate(keys)
    before = keys.current.public_key

    def cut(_key: SigningKey, _file: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(SigningKey, "save", cut)
        with pytest.raises(KeyboardInterrupt):
            rotate(keys)
    again = HubKeys.open(tmp_path)
    assert again.current.public_key == before
    assert len(again.links) == 1
    assert rotate(again).old_key == before
    assert len(HubKeys.open(tmp_path).links) == 2


def test_a_folder_that_cannot_be_written_keeps_its_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = HubKeys.open(tmp_path)
    before = keys.current.key_id

    def full(file: Path, _content: bytes) -> None:
        raise KeyFileError(file, "cannot be replaced: no space left on device")

    monkeypatch.setattr(hub_keys, "replace", full)
    with pytest.raises(KeyFileError, match="no space"):
        rotate(keys)
    assert keys.current.key_id == before
    assert keys.links == ()


def test_a_chain_that_is_damaged_foreign_or_open_to_others_is_refused(tmp_path: Path) -> None:
    rotate(HubKeys.open(tmp_path))
    chain = tmp_path / "signing.chain.json"
    good = chain.read_text()
    chain.write_text("{}")
    with pytest.raises(KeyFileError, match="not a chain"):
        HubKeys.open(tmp_path)
    other = json.loads(good)
    other["links"][0]["new_key"] = SigningKey.make().public_key
    chain.write_text(json.dumps(other))
    with pytest.raises(KeyFileError, match="another key"):
        HubKeys.open(tmp_path)
    chain.write_text(good)
    chain.chmod(0o644)
    with pytest.raises(KeyFileError, match="chmod 600"):
        HubKeys.open(tmp_path)
