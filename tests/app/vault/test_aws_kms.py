"""AWS KMS: against moto, and against a fake of ours where moto is too kind."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from botocore.session import Session
from moto import mock_aws

from openviber_app.domain.kms import choose_kms
from openviber_app.vault.aws_kms import AwsKms, open_aws
from openviber_app.vault.errors import KmsError, UnsealError
from openviber_app.vault.key_version import KeyVersion
from openviber_app.vault.keyring import open_keyring
from openviber_app.vault.kms import Kms, LocalKms

CONTEXT = b"names of a row"
REGION = "eu-central-1"


@pytest.fixture
def arn(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        client = Session().create_client("kms", region_name=REGION)
        yield client.create_key()["KeyMetadata"]["Arn"]


def _open(arn: str, folder: Path) -> Kms:
    return open_keyring(folder, choose_kms(f"aws:{arn}"))


def test_a_data_key_comes_back_for_its_own_context_only(arn: str, tmp_path: Path) -> None:
    kms = _open(arn, tmp_path)
    key_id, wrapped = kms.wrap(b"k" * 32, context=CONTEXT)
    assert key_id == kms.current_key_id == f"aws:{arn}:1"
    assert kms.unwrap(wrapped, key_id=key_id, context=CONTEXT) == b"k" * 32
    for wrong in ({"context": b"another row"}, {"key_id": f"aws:{arn}:2"}):
        with pytest.raises(UnsealError):
            kms.unwrap(wrapped, **{"key_id": key_id, "context": CONTEXT, **wrong})
    with pytest.raises(UnsealError):
        kms.unwrap(b"", key_id=key_id, context=CONTEXT)


def test_a_rotation_counts_and_the_older_version_still_opens(arn: str, tmp_path: Path) -> None:
    kms = _open(arn, tmp_path)
    key_id, wrapped = kms.wrap(b"k" * 32, context=CONTEXT)
    assert kms.rotate() == f"aws:{arn}:2" == _open(arn, tmp_path).current_key_id
    assert kms.unwrap(wrapped, key_id=key_id, context=CONTEXT) == b"k" * 32


def test_a_board_that_moves_to_aws_still_opens_what_its_key_file_wrapped(
    arn: str, tmp_path: Path
) -> None:
    key_id, wrapped = LocalKms.open(tmp_path / "kek.json").wrap(b"k" * 32, context=CONTEXT)
    kms = _open(arn, tmp_path)
    assert kms.unwrap(wrapped, key_id=key_id, context=CONTEXT) == b"k" * 32
    assert kms.wrap(b"k" * 32, context=CONTEXT)[0].startswith("aws:")


class _Refusing:
    """A client of a key that was revoked, or of a network that is down."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def encrypt(self, **_: Any) -> dict[str, Any]:
        raise self._error

    decrypt = encrypt


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("DisabledException", "enable it in AWS"),
        ("KMSInvalidStateException", "about to be deleted"),
        ("AccessDeniedException", "kms:Decrypt"),
        ("NotFoundException", "check the ARN"),
        ("ThrottlingException", "ThrottlingException"),
    ],
)
def test_a_revoked_key_opens_nothing_and_says_why(tmp_path: Path, code: str, said: str) -> None:
    error = ClientError({"Error": {"Code": code, "Message": "no"}}, "Decrypt")
    version = KeyVersion(tmp_path / "kms.json", key="k", first=1)
    kms = AwsKms(_Refusing(error), key="arn", version=version)
    with pytest.raises(KmsError, match=said):
        kms.unwrap(b"x", key_id="aws:arn:1", context=CONTEXT)
    with pytest.raises(KmsError, match=said):
        kms.wrap(b"x", context=CONTEXT)


def test_a_network_that_is_down_is_said(tmp_path: Path) -> None:
    version = KeyVersion(tmp_path / "kms.json", key="k", first=1)
    client = _Refusing(EndpointConnectionError(endpoint_url="https://kms.test"))
    with pytest.raises(KmsError, match="cannot be used"):
        AwsKms(client, key="arn", version=version).wrap(b"x", context=CONTEXT)
    with pytest.raises(KmsError, match="not the ARN"):
        open_aws("arn:aws:kms", version)
