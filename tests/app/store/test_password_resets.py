from datetime import timedelta

from openviber_app.services.runtime import Runtime
from openviber_app.store import password_resets
from openviber_app.store.people_tables import PasswordReset
from tests.support.board import People


async def test_a_code_is_open_until_it_is_used_ends_or_is_taken_back(
    runtime: Runtime, people: People
) -> None:
    bob, now = people.bob.actor.user_id, runtime.clock.now()

    def reset(name: str) -> PasswordReset:
        end = now + timedelta(minutes=15)
        return PasswordReset(user_id=bob, token_hash=name, created_at=now, expires_at=end)

    async with runtime.store.write() as db:
        db.add_all([reset("used"), reset("open")])
        await db.flush()
        found = await password_resets.find_open(db, token_hash="used", now=now)
        assert found is not None
        assert found[1].name == "Bob"
        found[0].used_at = now
        await db.flush()
        assert await password_resets.find_open(db, token_hash="used", now=now) is None
        end = now + timedelta(minutes=15)
        assert await password_resets.find_open(db, token_hash="open", now=end) is None
        await password_resets.delete_unused(db, user_id=bob)
        assert await password_resets.find_open(db, token_hash="open", now=now) is None
        assert await db.get(PasswordReset, found[0].id) is not None
