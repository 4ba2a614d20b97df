"""A03: a sealed value is copied to another row: environment, person or name."""

import pytest

from tests.support.board import People
from tests.support.environments import secret
from tests.support.tampering import VALUE, Victim, make_victim

COPY = (
    "UPDATE environment_secrets SET (encrypted_value, kms_key_id) ="
    " (SELECT encrypted_value, kms_key_id FROM environment_secrets WHERE id = :source)"
    " WHERE id = :target"
)


@pytest.mark.parametrize("whose", ["alice", "bob"])
async def test_a_value_copied_into_another_environment_goes_nowhere(
    victim: Victim, people: People, whose: str
) -> None:
    person = people.alice if whose == "alice" else people.bob
    if whose == "alice":
        await victim.execute("UPDATE viber_nodes SET name = 'other', auth_token_hash = 'other'")
    thief = await make_victim(victim.runtime, person, secrets=(secret("TOKEN", "worthless"),))
    (source,), (target,) = await victim.secret_rows(), await thief.secret_rows()
    await victim.execute(COPY, source=source.id.hex, target=target.id.hex)
    await thief.is_refused(because="the secret TOKEN cannot be opened")


async def test_a_value_copied_under_another_name_goes_nowhere(
    victim: Victim, people: People
) -> None:
    await victim.save(people.alice, secret("PUBLIC", "worthless"))
    public, token = await victim.secret_rows()
    await victim.execute(COPY, source=token.id.hex, target=public.id.hex)
    await victim.is_refused(because="the secret PUBLIC cannot be opened")


async def test_a_whole_row_moved_to_another_environment_goes_nowhere(
    victim: Victim, people: People
) -> None:
    thief = await make_victim(victim.runtime, people.bob, secrets=())
    await victim.execute(
        "UPDATE environment_secrets SET environment_id = :thief", thief=thief.environment_id.hex
    )
    await thief.is_refused(because="sealed list of them is gone")
    assert VALUE not in str(await thief.events("secret.refused"))
