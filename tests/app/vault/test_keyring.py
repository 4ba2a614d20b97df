from pathlib import Path

import pytest

from openviber_app.domain.kms import KmsChoice
from openviber_app.vault.errors import UnsealError
from openviber_app.vault.keyring import Keyring, open_keyring
from openviber_app.vault.kms import LocalKms

CONTEXT = b"names"


def test_without_a_choice_it_is_the_key_file(tmp_path: Path) -> None:
    assert isinstance(open_keyring(tmp_path, KmsChoice()), LocalKms)


def test_a_service_that_is_not_there_opens_nothing(tmp_path: Path) -> None:
    ring = Keyring(LocalKms.open(tmp_path / "kek.json"))
    key_id, wrapped = ring.wrap(b"k" * 32, context=CONTEXT)
    assert ring.unwrap(wrapped, key_id=key_id, context=CONTEXT) == b"k" * 32
    for other in ("aws:arn:1", "vault:key:1", ""):
        with pytest.raises(UnsealError):
            ring.unwrap(wrapped, key_id=other, context=CONTEXT)
    assert key_id in repr(ring)


def test_a_rotation_and_a_pruning_reach_the_service(tmp_path: Path) -> None:
    ring = Keyring(LocalKms.open(tmp_path / "kek.json"))
    old = ring.current_key_id
    assert ring.rotate() == ring.current_key_id != old
    assert ring.forget_all_but([old]) == []
    assert ring.forget_all_but([]) == [old]
