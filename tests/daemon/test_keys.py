import base64
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from openviber_daemon.home import Home
from openviber_daemon.keys import MissingKeyError, load_keys, make_keys, save_keys


def test_keys_are_read_as_they_were_written(tmp_path: Path) -> None:
    home, keys = Home(tmp_path), make_keys()
    save_keys(home, keys)
    again = load_keys(home)
    assert again.signing_public == keys.signing_public
    assert again.sealing_key_id == keys.sealing_key_id
    for path in (home.signing_key_file, home.sealing_key_file):
        assert path.stat().st_mode & 0o777 == 0o600
        assert len(base64.b64decode(path.read_bytes())) == 32


def test_a_signature_can_be_verified() -> None:
    keys = make_keys()
    public = Ed25519PublicKey.from_public_bytes(keys.signing_public)
    public.verify(base64.b64decode(keys.sign(b"message")), b"message")


@pytest.mark.parametrize("content", [None, b"???", base64.b64encode(b"short")])
def test_a_key_that_is_gone_or_damaged_says_what_to_do(
    tmp_path: Path, content: bytes | None
) -> None:
    home = Home(tmp_path)
    save_keys(home, make_keys())
    if content is None:
        home.sealing_key_file.unlink()
    else:
        home.sealing_key_file.write_bytes(content)
    with pytest.raises(MissingKeyError, match="onboard again"):
        load_keys(home)


def test_private_keys_are_not_shown() -> None:
    assert repr(make_keys()) == "NodeKeys()"
