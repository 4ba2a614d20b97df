from datetime import UTC, datetime

import pytest

from openviber_app.domain.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    NotSignedInError,
)
from openviber_app.domain.ids import new_id
from openviber_app.services import accounts, api_tokens
from openviber_app.services.runtime import Runtime
from openviber_app.store.people_tables import ApiToken
from openviber_app.vault.tokens import hash_token
from tests.support.board import People


async def test_a_token_signs_in_its_person(runtime: Runtime, people: People) -> None:
    view, value = await api_tokens.create_token(runtime, people.bob.actor, name=" laptop ")
    assert value.startswith("ov_")
    assert view.name == "laptop"
    assert await accounts.get_actor_by_token(runtime, value) == people.bob.actor
    assert await accounts.get_actor_by_token(runtime, people.alice.token) == people.alice.actor


async def test_only_its_hash_is_stored(runtime: Runtime, people: People) -> None:
    view, value = await api_tokens.create_token(runtime, people.bob.actor, name="laptop")
    async with runtime.store.read() as db:
        row = await db.get_one(ApiToken, view.id)
    assert row.token_hash == hash_token(value)
    assert value not in repr(row)


async def test_a_revoked_token_is_worth_nothing(runtime: Runtime, people: People) -> None:
    view, value = await api_tokens.create_token(runtime, people.bob.actor, name="laptop")
    await api_tokens.revoke_token(runtime, people.bob.actor, token_id=view.id)
    with pytest.raises(NotSignedInError):
        await accounts.get_actor_by_token(runtime, value)


async def test_another_persons_token_answers_like_a_missing_one(
    runtime: Runtime, people: People
) -> None:
    view, value = await api_tokens.create_token(runtime, people.bob.actor, name="laptop")
    for token_id in (view.id, new_id()):
        with pytest.raises(NotFoundError, match="no such token"):
            await api_tokens.revoke_token(runtime, people.alice.actor, token_id=token_id)
    assert await accounts.get_actor_by_token(runtime, value)
    listed = await api_tokens.list_tokens(runtime, people.alice.actor)
    assert view.id not in {token.id for token in listed}


async def test_a_token_needs_a_name_and_a_time_to_come(runtime: Runtime, people: People) -> None:
    past = datetime(2020, 1, 1, tzinfo=UTC)
    with pytest.raises(InvalidInputError) as caught:
        await api_tokens.create_token(runtime, people.bob.actor, name=" ", expires_at=past)
    assert [problem.pointer for problem in caught.value.problems] == ["/name", "/expiresAt"]
    with pytest.raises(InvalidInputError, match="zone"):
        await api_tokens.create_token(
            runtime, people.bob.actor, name="x", expires_at=past.replace(tzinfo=None)
        )


async def test_a_person_has_at_most_a_hundred(runtime: Runtime, people: People) -> None:
    have = len(await api_tokens.list_tokens(runtime, people.bob.actor))
    for n in range(api_tokens.TOKENS_MAX - have):
        await api_tokens.create_token(runtime, people.bob.actor, name=f"n{n}")
    with pytest.raises(ConflictError, match="revoke one"):
        await api_tokens.create_token(runtime, people.bob.actor, name="one more")
