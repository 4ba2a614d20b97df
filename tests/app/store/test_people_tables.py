import pytest
from sqlalchemy.exc import IntegrityError

from openviber_app.services.runtime import Runtime
from openviber_app.store.people_tables import Identity
from tests.support.board import People, Person


async def test_one_account_of_a_provider_is_one_person(runtime: Runtime, people: People) -> None:
    async def add(person: Person, issuer: str) -> None:
        async with runtime.store.write() as db:
            now = runtime.clock.now()
            user_id = person.actor.user_id
            db.add(Identity(user_id=user_id, issuer=issuer, subject="1", created_at=now))

    await add(people.alice, "https://one.example.test")
    await add(people.bob, "https://two.example.test")
    with pytest.raises(IntegrityError):
        await add(people.bob, "https://one.example.test")
