"""The table of what people have typed and not sent."""

# pyright: reportAssignmentType=false

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from openviber_app.store.columns import time_column
from openviber_app.store.people_tables import User


class Draft(SQLModel, table=True):
    """One form or composer of one person; `value` is any JSON and never holds a secret."""

    __tablename__ = "drafts"
    user_id: UUID = Field(
        sa_column=sa.Column(
            sa.Uuid(),
            sa.ForeignKey(f"{User.__tablename__}.id", ondelete="CASCADE"),
            primary_key=True,
        )
    )
    key: str = Field(primary_key=True)
    value: Any = Field(default=None, sa_column=sa.Column(sa.JSON(), nullable=False))
    revision: int = 1
    updated_at: datetime = time_column()
