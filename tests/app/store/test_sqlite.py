import asyncio
import contextlib
import random
from datetime import UTC, datetime
from uuid import UUID

from sqlmodel import select

from openviber_app.services.runtime import Runtime
from openviber_app.store.engine import Store
from openviber_app.store.people_tables import BoardSetting, User

ROUNDS = 120
"""Enough to fail with neither guard in place: the rollback before the close, and cursors that
finish their statement at once. With either one alone it passes."""


async def _add_person(store: Store) -> UUID:
    async with store.write() as db:
        person = User(
            name="0", email="a@example.org", password_hash="", created_at=datetime.now(UTC)
        )
        db.add(person)
    return person.id


async def _rename(store: Store, person_id: UUID, rng: random.Random) -> None:
    async with store.write() as db:
        person = (await db.execute(select(User).where(User.id == person_id))).scalars().one()
        person.name = str(int(person.name) + 1)
        db.add(BoardSetting(key=str(rng.random()), value=1))
        await db.flush()


async def test_a_writer_that_is_cancelled_twice_leaves_the_database_free(runtime: Runtime) -> None:
    store, rng = runtime.store, random.Random(7)
    person_id = await _add_person(store)

    async def several() -> None:
        async with asyncio.TaskGroup() as tasks:
            for _ in range(3):
                tasks.create_task(_rename(store, person_id, rng))

    for _ in range(ROUNDS):
        work = asyncio.ensure_future(several())
        await asyncio.sleep(rng.random() * 0.02)  # the moment of the cancel is what is tried
        work.cancel()
        await asyncio.sleep(rng.random() * 0.001)
        work.cancel()
        with contextlib.suppress(asyncio.CancelledError, BaseExceptionGroup):
            await work
        await _rename(store, person_id, rng)  # "database is locked" after the busy timeout
