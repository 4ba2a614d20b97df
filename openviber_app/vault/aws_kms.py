"""Data keys wrapped by a key in AWS KMS, through botocore (`pip install openviber[aws]`)."""

from collections.abc import Collection
from hashlib import sha256
from typing import Any

from openviber_app.vault.errors import KmsError, UnsealError
from openviber_app.vault.framing import join
from openviber_app.vault.key_version import KeyVersion

SERVICE = "AWS KMS"
CONNECT_SECONDS, READ_SECONDS, TRIES = 3, 5, 2
_DOMAIN = b"openviber-aws-v1"
_CHANGED = {"InvalidCiphertextException", "IncorrectKeyException", "InvalidKeyUsageException"}


class AwsKms:
    """A symmetric key by its ARN. A version is ours: it counts how often all was wrapped anew.

    The encryption context holds a hash of what a data key is bound to, so that the names of secrets
    are not in AWS's logs.
    """

    is_remote = True

    def __init__(self, client: Any, *, key: str, version: KeyVersion) -> None:
        self._client = client
        self._key = key
        self._version = version

    @property
    def current_key_id(self) -> str:
        return f"aws:{self._key}:{self._version.current}"

    def wrap(self, data_key: bytes, *, context: bytes) -> tuple[str, bytes]:
        key_id = self.current_key_id
        answer = self._call(
            "encrypt",
            KeyId=self._key,
            Plaintext=data_key,
            EncryptionContext=_encryption_context(key_id, context),
        )
        return key_id, answer["CiphertextBlob"]

    def unwrap(self, wrapped: bytes, *, key_id: str, context: bytes) -> bytes:
        if not wrapped:
            raise UnsealError(f"a key wrapped with {key_id}")
        answer = self._call(
            "decrypt",
            KeyId=key_id.partition(":")[2].rpartition(":")[0],
            CiphertextBlob=wrapped,
            EncryptionContext=_encryption_context(key_id, context),
        )
        return answer["Plaintext"]

    def rotate(self) -> str:
        self._version.advance(lambda current: current + 1)
        return self.current_key_id

    def forget_all_but(self, used: Collection[str]) -> list[str]:
        return []  # AWS keeps them; deleting a key there is its owner's own decision

    def _call(self, name: str, **arguments: Any) -> dict[str, Any]:
        from botocore.exceptions import (  # noqa: PLC0415 - an extra, and half a second
            BotoCoreError,
            ClientError,
        )

        try:
            return getattr(self._client, name)(**arguments)
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "")
            if code in _CHANGED:
                raise UnsealError("a key wrapped by AWS KMS") from error
            raise KmsError(SERVICE, _refusal(code)) from error
        except BotoCoreError as error:
            raise KmsError(SERVICE, f"cannot be used: {error}") from error


def open_aws(key: str, version: KeyVersion) -> AwsKms:
    """Make a client of the ARN's region; credentials come from where AWS's own tools find them.

    Raises:
        KmsError: botocore is not installed, or the ARN names no region.
    """
    try:
        from botocore.config import Config  # noqa: PLC0415 - an extra, and half a second
        from botocore.session import Session  # noqa: PLC0415
    except ImportError as error:
        raise KmsError(SERVICE, "needs botocore: pip install 'openviber[aws]'") from error
    parts = key.split(":")
    if len(parts) < 6 or not parts[3]:  # noqa: PLR2004 - arn:partition:service:region:account:...
        raise KmsError(SERVICE, f"has no such key: {key} is not the ARN of a key")
    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"total_max_attempts": TRIES, "mode": "standard"},
    )
    client = Session().create_client("kms", region_name=parts[3], config=config)
    return AwsKms(client, key=key, version=version)


def _encryption_context(key_id: str, context: bytes) -> dict[str, str]:
    return {"openviber": sha256(join(_DOMAIN, key_id.encode(), context)).hexdigest()}


def _refusal(code: str) -> str:
    match code:
        case "DisabledException" | "KMSInvalidStateException" | "KeyUnavailableException":
            return "refuses: the key is disabled or about to be deleted; enable it in AWS"
        case "NotFoundException":
            return "has no such key: check the ARN in KMS"
        case "AccessDeniedException" | "UnrecognizedClientException" | "InvalidClientTokenId":
            return "refuses: these credentials may not use the key (kms:Encrypt, kms:Decrypt)"
        case _:
            return f"refuses: {code or 'no reason was given'}"
