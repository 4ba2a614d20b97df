"""A04: the id of the wrapping key is swapped, unknown, or of another service."""

import pytest

from openviber_app.services import deliveries
from tests.support.board import People
from tests.support.environments import secret
from tests.support.tampering import Victim, make_victim


@pytest.mark.parametrize("wrong", ["", "local:00000000:1", "aws:arn:1", "vault:key:1", "older"])
async def test_a_wrong_key_id_stops_the_prepare_and_is_written_down(
    victim: Victim, wrong: str
) -> None:
    if wrong == "older":  # a key that this board has, but not the one that wrapped
        await victim.runtime.vault.rotate()
        wrong = victim.runtime.vault.kms_key_id
    await victim.execute("UPDATE environment_secrets SET kms_key_id = :wrong", wrong=wrong)
    await victim.is_refused(because="the secret TOKEN cannot be opened")
    assert await victim.events(deliveries.SENT) == []


async def test_other_environments_go_on(victim: Victim, people: People) -> None:
    other = await make_victim(victim.runtime, people.bob, secrets=(secret("TOKEN", "his-own"),))
    (row,) = await victim.secret_rows()
    await victim.execute(
        "UPDATE environment_secrets SET kms_key_id = 'x' WHERE id = :id", id=row.id.hex
    )
    await victim.is_refused(because="the secret TOKEN cannot be opened")
    assert len(await other.send()) == 1
