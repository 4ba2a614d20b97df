from datetime import UTC, datetime

from openviber_app.services.runtime import Runtime
from openviber_app.store import identities
from openviber_app.store.people_tables import Identity
from tests.support.board import People

NOW = datetime(2026, 11, 29, tzinfo=UTC)


async def test_an_identity_is_found_by_issuer_and_subject_together(
    runtime: Runtime, people: People
) -> None:
    alice = people.alice.actor.user_id
    async with runtime.store.write() as db:
        db.add(Identity(user_id=alice, issuer="https://a", subject="1", created_at=NOW))
    async with runtime.store.read() as db:
        found = await identities.find_identity(db, issuer="https://a", subject="1")
        assert found is not None
        assert found[1].id == alice
        for issuer, subject in [("https://b", "1"), ("https://a", "2"), ("https://a", "")]:
            missing = await identities.find_identity(db, issuer=issuer, subject=subject)
            assert missing is None
        assert len(await identities.list_identities(db, user_id=alice)) == 1
        assert await identities.list_identities(db, user_id=people.bob.actor.user_id) == []
        assert await identities.find_invite(db, "no such hash") is None
