import json
import os
import stat
from pathlib import Path

import pytest

from openviber_app.vault.errors import KeyFileError, UnsealError
from openviber_app.vault.kms import LocalKms

CONTEXT = b"names of a row"


def test_a_data_key_comes_back_for_the_same_context(tmp_path: Path) -> None:
    kms = LocalKms.open(tmp_path / "kek.json")
    data_key = os.urandom(32)
    key_id, wrapped = kms.wrap(data_key, context=CONTEXT)
    assert key_id == kms.current_key_id
    assert kms.unwrap(wrapped, key_id=key_id, context=CONTEXT) == data_key
    assert data_key not in wrapped


def test_the_key_id_reads_provider_key_version(tmp_path: Path) -> None:
    provider, key, version = LocalKms.open(tmp_path / "kek.json").current_key_id.split(":")
    assert (provider, version) == ("local", "1")
    assert key


def test_the_same_file_gives_the_same_key(tmp_path: Path) -> None:
    file = tmp_path / "kek.json"
    key_id, wrapped = LocalKms.open(file).wrap(b"k" * 32, context=CONTEXT)
    assert LocalKms.open(file).unwrap(wrapped, key_id=key_id, context=CONTEXT) == b"k" * 32
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_another_context_another_key_id_and_changed_bytes_fail_closed(tmp_path: Path) -> None:
    kms = LocalKms.open(tmp_path / "kek.json")
    key_id, wrapped = kms.wrap(b"k" * 32, context=CONTEXT)
    with pytest.raises(UnsealError):
        kms.unwrap(wrapped, key_id=key_id, context=b"names of another row")
    for wrong in ("", "local:ffffffff:1", key_id + "0", "aws:x:1"):
        with pytest.raises(UnsealError):
            kms.unwrap(wrapped, key_id=wrong, context=CONTEXT)
    for cut in (b"", wrapped[:5], wrapped[:12], wrapped[:-1]):
        with pytest.raises(UnsealError):
            kms.unwrap(cut, key_id=key_id, context=CONTEXT)


def test_an_older_key_in_the_file_still_opens_what_it_wrapped(tmp_path: Path) -> None:
    file = tmp_path / "kek.json"
    old = LocalKms.open(file)
    key_id, wrapped = old.wrap(b"k" * 32, context=CONTEXT)
    document = json.loads(file.read_bytes())
    LocalKms.open(tmp_path / "newer.json")
    other = json.loads((tmp_path / "newer.json").read_bytes())
    document["keys"] |= other["keys"]
    document["current"] = other["current"]
    file.write_text(json.dumps(document))
    new = LocalKms.open(file)
    assert new.current_key_id != key_id
    assert new.unwrap(wrapped, key_id=key_id, context=CONTEXT) == b"k" * 32
    with pytest.raises(UnsealError):  # the id is bound too: a swapped one does not open
        new.unwrap(wrapped, key_id=new.current_key_id, context=CONTEXT)


@pytest.mark.parametrize(
    "content",
    [
        "{}",
        "[]",
        "not json",
        '{"current": "local:a:1", "keys": {}}',
        '{"current": "local:a:1", "keys": {"local:a:1": "c2hvcnQ="}}',
        '{"current": "local:a:1", "keys": {"local:a:1": "!!"}}',
        '{"current": "local:a:1", "keys": []}',
    ],
)
def test_a_damaged_key_file_is_refused_and_kept(tmp_path: Path, content: str) -> None:
    file = tmp_path / "kek.json"
    file.write_text(content)
    file.chmod(0o600)
    with pytest.raises(KeyFileError, match="backup"):
        LocalKms.open(file)
    assert file.read_text() == content


def test_its_repr_holds_no_key(tmp_path: Path) -> None:
    file = tmp_path / "kek.json"
    kms = LocalKms.open(file)
    (key,) = json.loads(file.read_bytes())["keys"].values()
    assert key not in repr(kms)


def test_another_process_wraps_with_the_new_version_at_once(tmp_path: Path) -> None:
    one, two = LocalKms.open(tmp_path / "kek.json"), LocalKms.open(tmp_path / "kek.json")
    old, wrapped = one.wrap(b"k" * 32, context=CONTEXT)
    new = two.rotate()
    assert new.rpartition(":") == (old.rpartition(":")[0], ":", "2")
    assert one.wrap(b"k" * 32, context=CONTEXT)[0] == new
    assert one.unwrap(wrapped, key_id=old, context=CONTEXT) == b"k" * 32


def test_only_what_nothing_uses_is_removed(tmp_path: Path) -> None:
    kms = LocalKms.open(tmp_path / "kek.json")
    old, wrapped = kms.wrap(b"k" * 32, context=CONTEXT)
    kms.rotate()
    assert kms.forget_all_but([old]) == []
    assert kms.forget_all_but([]) == [old]
    with pytest.raises(UnsealError):
        kms.unwrap(wrapped, key_id=old, context=CONTEXT)
