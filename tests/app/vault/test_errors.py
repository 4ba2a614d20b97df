from pathlib import Path

from openviber_app.domain.errors import OpenViberError
from openviber_app.vault.errors import KeyFileError, UnsealError, WrongKeyError


def test_a_wrong_key_names_both_keys_and_what_to_do() -> None:
    error = WrongKeyError(wanted="local:aa:1", found="local:bb:1")
    assert "local:aa:1" in str(error)
    assert "local:bb:1" in str(error)
    assert "put back the keys folder" in str(error)


def test_a_key_file_error_begins_with_the_file() -> None:
    assert str(KeyFileError(Path("/data/keys/kek.json"), "is empty")).startswith("/data/keys/kek")


def test_all_of_them_belong_to_the_one_tree() -> None:
    assert issubclass(UnsealError, OpenViberError)
    assert issubclass(WrongKeyError, OpenViberError)
    assert issubclass(KeyFileError, OpenViberError)
