from datetime import UTC, datetime, timedelta, timezone

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from openviber_app.services.runtime import Runtime
from openviber_app.store.columns import key_column, ref_column, text_column
from openviber_app.store.tables import Node
from tests.support.board import People


async def test_a_moment_comes_back_as_the_same_moment_in_utc(
    runtime: Runtime, people: People
) -> None:
    there = datetime(2026, 11, 23, 12, tzinfo=timezone(timedelta(hours=2)))
    node = Node(user_id=people.alice.actor.user_id, name="n", created_at=there)
    async with runtime.store.write() as db:
        db.add(node)
    async with runtime.store.read() as db:
        stored = await db.get_one(Node, node.id)
    assert stored.created_at == there
    assert stored.created_at.tzinfo is UTC
    assert stored.claimed_at is None


def test_a_reference_goes_with_what_it_refers_to() -> None:
    column = ref_column("users.id").sa_column
    (key,) = column.foreign_keys
    assert key.ondelete == "CASCADE"
    assert column.index
    assert not column.nullable
    assert ref_column("users.id", nullable=True).sa_column.nullable


def test_a_text_has_no_limit_and_is_empty_at_first() -> None:
    class Sample(SQLModel):
        id: str = key_column()
        text: str = text_column()
        other: str = Field(default="x")

    assert Sample().text == ""
    assert isinstance(text_column().sa_column.type, sa.Text)
