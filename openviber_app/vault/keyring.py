"""The key services that a board may have to use: the one that wraps, and those that wrapped."""

from collections.abc import Collection
from pathlib import Path

from openviber_app.domain.kms import AWS, LOCAL, TRANSIT, KmsChoice, provider_of
from openviber_app.vault.errors import UnsealError
from openviber_app.vault.key_version import KeyVersion
from openviber_app.vault.kms import Kms, LocalKms

LOCAL_FILE = "kek.json"
VERSION_FILE = "kms.json"


class Keyring:
    """One service wraps, and a key file that is still there opens what it wrapped before.

    So a board moves to a key service by a rotation.
    """

    def __init__(self, chosen: Kms, *, before: Kms | None = None) -> None:
        self._chosen = chosen
        self._by_provider = {
            provider_of(kms.current_key_id): kms for kms in (before, chosen) if kms is not None
        }

    def __repr__(self) -> str:
        return f"Keyring({self.current_key_id})"

    @property
    def is_remote(self) -> bool:
        return self._chosen.is_remote

    @property
    def current_key_id(self) -> str:
        return self._chosen.current_key_id

    def wrap(self, data_key: bytes, *, context: bytes) -> tuple[str, bytes]:
        return self._chosen.wrap(data_key, context=context)

    def unwrap(self, wrapped: bytes, *, key_id: str, context: bytes) -> bytes:
        kms = self._by_provider.get(provider_of(key_id))
        if kms is None:
            raise UnsealError(f"a key wrapped with {key_id or 'no key'}")
        return kms.unwrap(wrapped, key_id=key_id, context=context)

    def rotate(self) -> str:
        return self._chosen.rotate()

    def forget_all_but(self, used: Collection[str]) -> list[str]:
        return [gone for kms in self._by_provider.values() for gone in kms.forget_all_but(used)]


def open_keyring(folder: Path, choice: KmsChoice) -> Kms:
    """Open what the settings name.

    Raises:
        KeyFileError: a key file is damaged, or others may read it.
        KmsError: a key service is away, or refuses.
    """
    file = folder / LOCAL_FILE
    if choice.provider == LOCAL:
        return LocalKms.open(file)
    before = LocalKms.open(file) if file.exists() else None
    name = f"{choice.provider}:{choice.key}"

    def version(first: int) -> KeyVersion:
        return KeyVersion(folder / VERSION_FILE, key=name, first=first)

    match choice.provider:
        case "aws":
            from openviber_app.vault.aws_kms import open_aws  # noqa: PLC0415 - botocore is heavy

            return Keyring(open_aws(choice.key, version(1)), before=before)
        case "vault":
            from openviber_app.vault.transit_kms import open_transit  # noqa: PLC0415 - so is httpx

            return Keyring(open_transit(choice, version), before=before)
        case other:
            raise ValueError(f"{other} is neither {LOCAL}, {AWS} nor {TRANSIT}")
