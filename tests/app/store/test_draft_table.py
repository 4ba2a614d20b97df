import pytest
from sqlalchemy.exc import IntegrityError

from openviber_app.services.runtime import Runtime
from openviber_app.store.draft_table import Draft
from tests.support.board import People, Person


def draft(runtime: Runtime, person: Person, value: object) -> Draft:
    now = runtime.clock.now()
    return Draft(user_id=person.actor.user_id, key="a", value=value, updated_at=now)


async def test_two_people_have_a_draft_of_one_key(runtime: Runtime, people: People) -> None:
    async with runtime.store.write() as db:
        db.add(draft(runtime, people.alice, {"b": [1, None, "ü"]}))
        db.add(draft(runtime, people.bob, "words"))
    async with runtime.store.read() as db:
        alices = await db.get_one(Draft, (people.alice.actor.user_id, "a"))
        bobs = await db.get_one(Draft, (people.bob.actor.user_id, "a"))
    assert (alices.value, bobs.value) == ({"b": [1, None, "ü"]}, "words")


async def test_one_person_has_one_draft_of_a_key(runtime: Runtime, people: People) -> None:
    async def add_twice() -> None:
        async with runtime.store.write() as db:
            db.add(draft(runtime, people.alice, "one"))
            await db.flush()
            db.expunge_all()
            db.add(draft(runtime, people.alice, "two"))

    with pytest.raises(IntegrityError):
        await add_twice()
