"""The board's keys: what seals, opens and signs in this process."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from uuid import UUID

from openviber_app.domain.secret import Secret
from openviber_app.vault.bundles import SealedMessage, seal_bundle
from openviber_app.vault.errors import UnsealError, WrongKeyError
from openviber_app.vault.hub_keys import HubKeys, KeyLink, SignedOver
from openviber_app.vault.kms import Kms, LocalKms
from openviber_app.vault.rows import RowNames, SealedRow, open_row, seal_row
from openviber_app.vault.signing import SigningKey

_NOBODY = UUID(int=0)
_CANARY = "openviber"


class Vault:
    """Seals and opens stored secrets, seals bundles to nodes, signs for the board."""

    def __init__(self, *, kms: Kms, hub_keys: HubKeys) -> None:
        self._kms = kms
        self._hub_keys = hub_keys

    def __repr__(self) -> str:
        return f"Vault({self._kms.current_key_id}, {self._signer.key_id})"

    @property
    def _signer(self) -> SigningKey:
        return self._hub_keys.current

    @classmethod
    def open(cls, data: Path) -> "Vault":
        """Open the keys in `<data>/keys`, or make them (files 0600) on the first start.

        Raises:
            KeyFileError: a key file is damaged, or others may read it.
        """
        keys = data / "keys"
        return cls(kms=LocalKms.open(keys / "kek.json"), hub_keys=HubKeys.open(keys))

    @property
    def hub_public_key(self) -> str:
        """Base64 of the raw Ed25519 public key that nodes pin."""
        return self._signer.public_key

    @property
    def hub_key_id(self) -> str:
        """The short name of that key."""
        return self._signer.key_id

    @property
    def hub_key_links(self) -> tuple[KeyLink, ...]:
        """Every change of that key, oldest first: how a node that pinned an old one gets here."""
        return self._hub_keys.links

    def rotate_hub_key(self, *, now: datetime, signed_over: SignedOver) -> KeyLink:
        """Sign with a new key from now on; the old one names it, and is destroyed.

        Raises:
            KeyFileError: the key files cannot be written; the old key stays.
        """
        return self._hub_keys.rotate(now=now, signed_over=signed_over)

    @property
    def kms_key_id(self) -> str:
        """The key that wraps from now on."""
        return self._kms.current_key_id

    def seal_secret(self, value: Secret, *, names: RowNames) -> SealedRow:
        """Seal a value for its row."""
        return seal_row(self._kms, value, names=names)

    def open_secret(self, row: SealedRow, *, names: RowNames) -> Secret:
        """Open a value in the row that it was sealed for.

        Raises:
            UnsealError: it was sealed for another row, cut, changed, or its key is not here.
        """
        return open_row(self._kms, row, names=names)

    def seal_bundle(
        self,
        plaintext: bytes,
        *,
        node_sealing_key: str,
        info: bytes,
        signed_over: Callable[[bytes], bytes],
    ) -> SealedMessage:
        """Seal bytes to a node's X25519 key (base64), bound to `info`, signed by the board.

        `signed_over` makes, out of the raw ciphertext, the bytes to sign:
        `lambda c: canonical.bundle_signed(info=info, ciphertext=c)`.

        Raises:
            UnsealError: the node's key is not a key.
        """
        return seal_bundle(
            self._signer,
            plaintext,
            node_sealing_key=node_sealing_key,
            info=info,
            signed_over=signed_over,
        )

    def sign(self, message: bytes) -> str:
        """Return the board's base64 signature of a message."""
        return self._signer.sign(message)

    def make_canary(self) -> dict[str, str]:
        """Return a sealed word that only this key opens; kept beside the secrets."""
        row = seal_row(self._kms, Secret(_CANARY), names=_canary_names())
        return {"kmsKeyId": row.kms_key_id, "value": row.encrypted_value.hex()}

    def check_canary(self, canary: dict[str, str]) -> None:
        """Refuse a database whose secrets this key cannot open.

        Raises:
            WrongKeyError: the canary does not open.
        """
        row = SealedRow(
            encrypted_value=bytes.fromhex(canary["value"]), kms_key_id=canary["kmsKeyId"]
        )
        try:
            open_row(self._kms, row, names=_canary_names())
        except UnsealError as error:
            raise WrongKeyError(wanted=canary["kmsKeyId"], found=self.kms_key_id) from error


def _canary_names() -> RowNames:
    return RowNames(
        user_id=_NOBODY, environment_id=_NOBODY, secret_id=_NOBODY, key="canary", version=1
    )
