"""A05: a sealed value is cut, emptied, or one bit of it is flipped."""

import pytest

from openviber_app.services import secrets
from openviber_app.vault.errors import UnsealError
from openviber_app.vault.rows import SealedRow
from tests.support.tampering import Victim


async def test_no_prefix_and_no_flipped_bit_opens(victim: Victim) -> None:
    environment, (row,) = await victim.environment(), await victim.secret_rows()
    names = secrets.names_of(environment, row)
    whole = row.encrypted_value
    damaged = [whole[:length] for length in range(len(whole))]
    for at in range(len(whole)):
        damaged += [
            whole[:at] + bytes([whole[at] ^ (1 << bit)]) + whole[at + 1 :] for bit in range(8)
        ]
    damaged += [whole + b"\0", bytes(len(whole))]
    for blob in damaged:
        with pytest.raises(UnsealError):
            await victim.runtime.vault.open_secret(
                SealedRow(encrypted_value=blob, kms_key_id=row.kms_key_id), names=names
            )


@pytest.mark.parametrize("cut", [0, 1, 40, -1])
async def test_a_damaged_value_stops_the_prepare_instead_of_being_left_out(
    victim: Victim, cut: int
) -> None:
    (row,) = await victim.secret_rows()
    await victim.execute(
        "UPDATE environment_secrets SET encrypted_value = :value", value=row.encrypted_value[:cut]
    )
    await victim.is_refused(because="the secret TOKEN cannot be opened")
