import pytest

from openviber_app.domain.ids import new_id
from openviber_app.domain.secret import Secret
from openviber_app.vault.errors import UnsealError
from openviber_app.vault.manifests import (
    Listed,
    as_text,
    from_text,
    manifest_names,
    read_list,
    write_list,
)
from openviber_app.vault.rows import SealedRow

ONE = Listed(key="A", secret_id="1", version=1, scope="both", purpose="variable")


def test_a_list_comes_back_in_any_order() -> None:
    two = Listed(key="B", secret_id="2", version=2, scope="setup", purpose="variable")
    assert write_list([two, ONE]).open() == write_list([ONE, two]).open()
    assert read_list(write_list([two, ONE])) == {ONE, two}


@pytest.mark.parametrize("text", ["nonsense", "[1]", '[{"key": "A"}]'])
def test_what_is_no_list_does_not_open(text: str) -> None:
    with pytest.raises(UnsealError):
        read_list(Secret(text))


def test_its_column_holds_the_key_id_on_a_line_of_its_own() -> None:
    row = SealedRow(encrypted_value=b"\x01\x02", kms_key_id="local:a:1")
    assert as_text(row) == "local:a:1\n0102"
    assert from_text(as_text(row)) == row
    with pytest.raises(UnsealError):
        from_text("local:a:1\nzz")


def test_it_is_bound_to_its_environment_and_generation() -> None:
    user, environment = new_id(), new_id()
    bound = {
        manifest_names(user_id=user, environment_id=one, generation=at).bound()
        for one in (environment, new_id())
        for at in (1, 2)
    }
    assert len(bound) == 4
