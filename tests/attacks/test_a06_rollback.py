"""A06: what was stored once is put back: a row, its list, all of an environment."""

import pytest

from openviber_app.domain.draft_values import SecretChange
from openviber_app.domain.errors import InvalidInputError
from tests.support.board import People
from tests.support.environments import secret
from tests.support.tampering import Victim, make_victim

PUT_ROW = (
    "UPDATE environment_secrets SET version = :version, encrypted_value = :value, kms_key_id = :key"
)
PUT_LIST = (
    "UPDATE environments SET secrets_manifest = :manifest, secrets_generation = :generation"
    " WHERE id = :id"
)


async def _roll_back(victim: Victim, people: People, *, with_list: bool) -> None:
    (old,), before = await victim.secret_rows(), await victim.environment()
    await victim.save(people.alice, secret("TOKEN", "the-new-value"))
    await victim.execute(
        PUT_ROW, version=old.version, value=old.encrypted_value, key=old.kms_key_id
    )
    if with_list:
        await victim.execute(
            PUT_LIST,
            manifest=before.secrets_manifest,
            generation=before.secrets_generation,
            id=before.id.hex,
        )


async def test_an_old_row_is_refused(victim: Victim, people: People) -> None:
    await _roll_back(victim, people, with_list=False)
    await victim.is_refused(because="TOKEN has version 1 instead of 2")


async def test_an_old_row_with_its_old_list_is_refused(victim: Victim, people: People) -> None:
    await _roll_back(victim, people, with_list=True)
    await victim.is_refused(because="of generation 1, and 2 was saved already")


async def test_a_removed_row_is_refused(victim: Victim) -> None:
    await victim.execute("DELETE FROM environment_secrets")
    await victim.is_refused(because="TOKEN is missing")


async def test_all_of_it_wiped_is_refused(victim: Victim) -> None:
    await victim.execute("DELETE FROM environment_secrets")
    await victim.execute(PUT_LIST, manifest="", generation=0, id=victim.environment_id.hex)
    await victim.is_refused(because="of generation 0, and 1 was saved already")


@pytest.mark.parametrize("manifest", ["", "local:x:1\n00", "nonsense"])
async def test_a_list_that_is_gone_or_nonsense_is_refused(victim: Victim, manifest: str) -> None:
    await victim.execute(PUT_LIST, manifest=manifest, generation=1, id=victim.environment_id.hex)
    await victim.is_refused(because="sealed list of them")


async def test_the_list_of_another_environment_is_refused(victim: Victim, people: People) -> None:
    other = await make_victim(victim.runtime, people.bob, secrets=(secret("TOKEN", "his-own"),))
    foreign = (await other.environment()).secrets_manifest
    await victim.execute(PUT_LIST, manifest=foreign, generation=1, id=victim.environment_id.hex)
    await victim.is_refused(because="belongs elsewhere")


async def test_a_widened_scope_is_refused(victim: Victim) -> None:
    await victim.execute("UPDATE environment_secrets SET scope = 'runtime'")
    await victim.is_refused(because="TOKEN was changed")


async def test_a_later_save_of_another_secret_does_not_vouch_for_an_old_row(
    victim: Victim, people: People
) -> None:
    await _roll_back(victim, people, with_list=True)
    with pytest.raises(InvalidInputError, match="TOKEN"):
        await victim.save(people.alice, secret("OTHER", "something"))
    await victim.is_refused(because="of generation 1")


@pytest.mark.parametrize("repair", ["set", "delete"])
async def test_the_owner_repairs_it_by_setting_the_secret_again(
    victim: Victim, people: People, repair: str
) -> None:
    await _roll_back(victim, people, with_list=True)
    change = (
        secret("TOKEN", "set-once-more")
        if repair == "set"
        else SecretChange(key="TOKEN", is_deleted=True)
    )
    await victim.save(people.alice, change)
    assert (await victim.environment()).secrets_generation == 3
    assert len(await victim.send()) == 1
