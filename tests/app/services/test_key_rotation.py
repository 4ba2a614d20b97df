"""Rotation of the wrapping key, with saves and crashes between its batches."""

import pytest
import sqlalchemy as sa

from openviber_app.domain.errors import ForbiddenError, OpenViberError
from openviber_app.services import environments, key_rotation, secrets
from openviber_app.services.runtime import Runtime
from openviber_app.store.trust_tables import KeyRotation
from openviber_app.vault.errors import KmsError
from openviber_app.vault.rows import RowNames, SealedRow
from openviber_app.vault.vault import Vault
from tests.support.board import People
from tests.support.environments import github_draft, secret
from tests.support.tampering import Victim, make_victim


@pytest.fixture
async def victim(runtime: Runtime, people: People) -> Victim:
    await secrets.check_vault(runtime)
    return await make_victim(
        runtime, people.alice, secrets=(secret("A", "value-of-a"), secret("B", "value-of-b"))
    )


async def _keys(victim: Victim) -> set[str]:
    async with victim.runtime.store.read() as db:
        return await key_rotation.used_keys(db)


async def test_everything_moves_to_the_new_key_and_nothing_else_changes(
    victim: Victim, people: People
) -> None:
    vault, old = victim.runtime.vault, victim.runtime.vault.kms_key_id
    before = await victim.secret_rows()
    started = await key_rotation.start(victim.runtime, actor=people.alice.actor)
    assert (started.total, started.done) == (3, 0)
    ended = await key_rotation.advance(victim.runtime)
    assert ended is not None
    assert (ended.done, ended.problems, ended.ended_at is not None) == (3, {}, True)
    assert await _keys(victim) == {vault.kms_key_id} != {old}
    after = await victim.secret_rows()
    assert [row.version for row in after] == [row.version for row in before]
    assert [row.encrypted_value for row in after] != [row.encrypted_value for row in before]
    assert len(await victim.send()) == 1
    assert await key_rotation.prune(victim.runtime) == [old]
    await secrets.check_vault(victim.runtime)
    assert await key_rotation.advance(victim.runtime) is None


async def test_what_a_killed_board_left_goes_on_where_it_was(
    victim: Victim, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_rotation, "BATCH", 1)

    class KilledError(Exception):
        pass

    def die(rotation: KeyRotation) -> None:
        if rotation.done == 1:
            raise KilledError

    started = await key_rotation.start(victim.runtime, actor=people.alice.actor)
    with pytest.raises(KilledError):
        await key_rotation.advance(victim.runtime, on_batch=die)
    assert len(await _keys(victim)) == 2
    again = await key_rotation.start(victim.runtime, actor=people.alice.actor)
    assert (again.id, again.done) == (started.id, 1)  # no second version of the key
    with pytest.raises(OpenViberError, match="let it end"):
        await key_rotation.prune(victim.runtime)
    ended = await key_rotation.advance(victim.runtime)
    assert ended is not None
    assert (ended.done, ended.total) == (3, 3)
    assert await _keys(victim) == {victim.runtime.vault.kms_key_id}


async def test_a_save_between_two_batches_is_kept(
    victim: Victim, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_rotation, "BATCH", 1)
    seal_again, seen = Vault.seal_again, []

    async def save_first(self: Vault, row: SealedRow, *, names: RowNames) -> SealedRow:
        anew = await seal_again(self, row, names=names)
        if not seen:
            seen.append(names.key)
            await victim.save(people.alice, secret(names.key, "saved-meanwhile"))
        return anew

    monkeypatch.setattr(Vault, "seal_again", save_first)
    await key_rotation.start(victim.runtime, actor=people.alice.actor)
    ended = await key_rotation.advance(victim.runtime)
    assert ended is not None
    assert ended.ended_at is not None
    async with victim.runtime.store.read() as db:
        opened = await secrets.open_for_node(victim.runtime, db, victim.environment_id)
    assert opened.variables[seen[0]]["value"] == "saved-meanwhile"
    assert await _keys(victim) == {victim.runtime.vault.kms_key_id}


async def test_what_does_not_open_is_named_and_the_rest_moves(
    victim: Victim, people: People
) -> None:
    await victim.execute("UPDATE environment_secrets SET encrypted_value = x'00' WHERE key = 'A'")
    await key_rotation.start(victim.runtime, actor=people.alice.actor)
    ended = await key_rotation.advance(victim.runtime)
    assert ended is not None
    assert (ended.done, ended.total) == (2, 3)
    (problem,) = ended.problems.values()
    assert problem.startswith("library: A: ")
    assert await key_rotation.prune(victim.runtime) == []  # the old key is still needed


async def test_a_key_service_that_goes_away_stops_it_and_it_goes_on_later(
    victim: Victim, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object, **__: object) -> None:
        raise KmsError("Vault", "is sealed")

    await key_rotation.start(victim.runtime, actor=people.alice.actor)
    with monkeypatch.context() as patched:
        patched.setattr(Vault, "seal_again", away)
        stopped = await key_rotation.advance(victim.runtime)
    assert stopped is not None
    assert stopped.ended_at is None
    assert "is sealed" in stopped.problems[key_rotation.STOPPED]
    await key_rotation.start(victim.runtime, actor=people.alice.actor)
    ended = await key_rotation.advance(victim.runtime)
    assert ended is not None
    assert (ended.problems, ended.done) == ({}, 3)


async def test_only_the_owner_rotates(victim: Victim, people: People) -> None:
    with pytest.raises(ForbiddenError):
        await key_rotation.start(victim.runtime, actor=people.bob.actor)
    async with victim.runtime.store.read() as db:
        assert (await db.execute(sa.select(KeyRotation))).first() is None


async def test_more_than_a_batch_moves(runtime: Runtime, people: People) -> None:
    many = tuple(secret(f"S{n}", f"value-{n}") for n in range(key_rotation.BATCH + 5))
    await environments.create_environment(runtime, people.alice.actor, github_draft(secrets=many))
    await key_rotation.start(runtime, actor=people.alice.actor)
    ended = await key_rotation.advance(runtime)
    assert ended is not None
    assert ended.done == key_rotation.BATCH + 6
