from pathlib import Path

import pytest

from openviber_app.vault.errors import KeyFileError
from openviber_app.vault.key_version import KeyVersion


def _next(current: int) -> int:
    return current + 1


def test_another_process_sees_a_new_version_at_once(tmp_path: Path) -> None:
    one = KeyVersion(tmp_path / "kms.json", key="aws:a", first=1)
    two = KeyVersion(tmp_path / "kms.json", key="aws:a", first=1)
    assert one.advance(_next) == 2
    assert two.current == 2
    assert KeyVersion(tmp_path / "kms.json", key="aws:a", first=1).current == 2


def test_another_key_begins_anew(tmp_path: Path) -> None:
    KeyVersion(tmp_path / "kms.json", key="aws:a", first=1).advance(_next)
    assert KeyVersion(tmp_path / "kms.json", key="vault:b", first=7).current == 7


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "kms.json"
    file.write_text("nonsense")
    file.chmod(0o600)
    with pytest.raises(KeyFileError, match="backup"):
        KeyVersion(file, key="aws:a", first=1)
