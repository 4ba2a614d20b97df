"""The board's keys: what seals, opens and signs in this process."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from openviber_app.domain.kms import KmsChoice, provider_of
from openviber_app.domain.secret import Secret
from openviber_app.vault.bundles import SealedMessage, seal_bundle
from openviber_app.vault.errors import KmsError, UnsealError, WrongKeyError
from openviber_app.vault.high_water import FILE as HIGH_WATER_FILE
from openviber_app.vault.high_water import HighWater
from openviber_app.vault.hub_keys import HubKeys, KeyLink, SignedOver
from openviber_app.vault.keyring import open_keyring
from openviber_app.vault.kms import Kms
from openviber_app.vault.rows import RowNames, SealedRow, open_row, seal_row
from openviber_app.vault.signing import SigningKey

KEY_FILE = KmsChoice()
CALLS_AT_ONCE = 8
LIMIT_SECONDS = 15
"""Of one call, its wait for a free thread counted in; the clients give up earlier by themselves."""

_NOBODY = UUID(int=0)
_CANARY = "openviber"
Result = TypeVar("Result")


class Vault:
    """Seals and opens stored secrets, seals bundles to nodes, signs for the board.

    What may ask a key service is a coroutine: the call blocks a thread of its own, for a limited
    time. With a key file it is a matter of microseconds and stays where it is.
    """

    def __init__(self, *, kms: Kms, hub_keys: HubKeys, high_water: HighWater) -> None:
        self._kms = kms
        self._hub_keys = hub_keys
        self.high_water = high_water
        self._threads = ThreadPoolExecutor(CALLS_AT_ONCE, thread_name_prefix="kms")

    def __repr__(self) -> str:
        return f"Vault({self._kms.current_key_id}, {self._signer.key_id})"

    @property
    def _signer(self) -> SigningKey:
        return self._hub_keys.current

    @classmethod
    def open(cls, data: Path, choice: KmsChoice = KEY_FILE) -> "Vault":
        """Open the keys in `<data>/keys`, or make them (files 0600) on the first start.

        Raises:
            KeyFileError: a key file is damaged, or others may read it.
            KmsError: the key service is away, or refuses.
        """
        keys = data / "keys"
        return cls(
            kms=open_keyring(keys, choice),
            hub_keys=HubKeys.open(keys),
            high_water=HighWater(keys / HIGH_WATER_FILE),
        )

    def close(self) -> None:
        """Wait for no call that is still going on."""
        self._threads.shutdown(wait=False, cancel_futures=True)

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

    async def seal_secret(self, value: Secret, *, names: RowNames) -> SealedRow:
        """Seal a value for its row.

        Raises:
            KmsError: the key service is away, or refuses.
        """
        return await self._away(lambda: seal_row(self._kms, value, names=names))

    async def open_secret(self, row: SealedRow, *, names: RowNames) -> Secret:
        """Open a value in the row that it was sealed for.

        Raises:
            UnsealError: it was sealed for another row, cut, changed, or its key is not here.
            KmsError: the key service is away, or refuses.
        """
        return await self._away(lambda: open_row(self._kms, row, names=names))

    async def open_all(
        self, rows: Sequence[tuple[SealedRow, RowNames]]
    ) -> list[Secret | UnsealError | KmsError]:
        """Open many at once; in the place of each that does not open is the reason."""

        async def one(row: SealedRow, names: RowNames) -> Secret | UnsealError | KmsError:
            try:
                return await self.open_secret(row, names=names)
            except (UnsealError, KmsError) as error:
                return error

        if not self._kms.is_remote:
            return [await one(row, names) for row, names in rows]
        async with asyncio.TaskGroup() as tasks:
            opened = [tasks.create_task(one(row, names)) for row, names in rows]
        return [task.result() for task in opened]

    async def seal_again(self, row: SealedRow, *, names: RowNames) -> SealedRow:
        """Open a value and seal it with the current key; the plaintext lives for that moment.

        Raises:
            UnsealError, KmsError: as in `open_secret`.
        """
        return await self._away(
            lambda: seal_row(self._kms, open_row(self._kms, row, names=names), names=names)
        )

    async def rotate(self) -> str:
        """Begin a new version of the wrapping key and return its id.

        Raises:
            KmsError: the key service is away, or refuses.
        """
        return await self._away(self._kms.rotate)

    async def forget_all_but(self, used: Collection[str]) -> list[str]:
        """Remove wrapping keys that nothing uses, but the current one; returns what is gone."""
        return await self._away(lambda: self._kms.forget_all_but(used))

    async def _away(self, work: Callable[[], Result]) -> Result:
        if not self._kms.is_remote:
            return work()
        async with self._in_time():
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    @contextlib.asynccontextmanager
    async def _in_time(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(LIMIT_SECONDS):
                yield
        except TimeoutError as error:
            service = provider_of(self._kms.current_key_id)
            raise KmsError(service, f"did not answer in {LIMIT_SECONDS} s") from error

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

    async def make_canary(self) -> dict[str, str]:
        """Return a sealed word that only this key opens; kept beside the secrets.

        Raises:
            KmsError: the key service is away, or refuses.
        """
        row = await self.seal_secret(Secret(_CANARY), names=_canary_names())
        return {"kmsKeyId": row.kms_key_id, "value": row.encrypted_value.hex()}

    async def check_canary(self, canary: dict[str, str]) -> None:
        """Refuse a database whose secrets this key cannot open.

        Raises:
            WrongKeyError: the canary does not open.
            KmsError: the key service is away, or refuses.
        """
        try:
            row = SealedRow(
                encrypted_value=bytes.fromhex(canary["value"]), kms_key_id=canary["kmsKeyId"]
            )
            await self.open_secret(row, names=_canary_names())
        except (UnsealError, ValueError) as error:
            raise WrongKeyError(wanted=canary["kmsKeyId"], found=self.kms_key_id) from error


def _canary_names() -> RowNames:
    return RowNames(
        user_id=_NOBODY, environment_id=_NOBODY, secret_id=_NOBODY, key="canary", version=1
    )
