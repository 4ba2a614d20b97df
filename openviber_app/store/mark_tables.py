"""The tables of what one person notes about a thread or an environment: read, pinned, used."""

# pyright: reportAssignmentType=false

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from openviber_app.store.columns import time_column
from openviber_app.store.people_tables import User
from openviber_app.store.tables import Environment, Thread


def _half_key(table: str, *, index: bool = False) -> Any:
    column = sa.Column(
        sa.Uuid(), sa.ForeignKey(f"{table}.id", ondelete="CASCADE"), primary_key=True, index=index
    )
    return Field(sa_column=column)


class ThreadMark(SQLModel, table=True):
    """Without `read_at` the thread is marked as unread; without a row it was never opened."""

    __tablename__ = "thread_marks"
    user_id: UUID = _half_key(str(User.__tablename__))
    thread_id: UUID = _half_key(str(Thread.__tablename__), index=True)
    read_at: datetime | None = time_column(nullable=True)
    is_pinned: bool = False


class EnvironmentMark(SQLModel, table=True):
    """`used_at` is when the person last chose it: the newest one opens with the board."""

    __tablename__ = "environment_marks"
    user_id: UUID = _half_key(str(User.__tablename__))
    environment_id: UUID = _half_key(str(Environment.__tablename__), index=True)
    used_at: datetime | None = time_column(nullable=True)
    is_pinned: bool = False
