"""The kinds of columns that tables are made of."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

from openviber_app.domain.ids import new_id

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
SQLModel.metadata.naming_convention = NAMING


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC moment; SQLite forgets the zone, this puts it back."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        return value if value is None or value.tzinfo else value.replace(tzinfo=UTC)


def key_column() -> Any:
    """The row's own id."""
    return Field(default_factory=new_id, primary_key=True)


def ref_column(target: str, *, index: bool = True, nullable: bool = False) -> Any:
    """A reference that goes with what it refers to."""
    column = sa.Column(
        sa.Uuid(), sa.ForeignKey(target, ondelete="CASCADE"), index=index, nullable=nullable
    )
    return Field(default=None, sa_column=column) if nullable else Field(sa_column=column)


def time_column(*, nullable: bool = False, index: bool = False) -> Any:
    """An aware UTC moment."""
    column = sa.Column(UtcDateTime(), nullable=nullable, index=index)
    return Field(default=None, sa_column=column) if nullable else Field(sa_column=column)


def json_column(name: str | None = None) -> Any:
    """A JSON object; `name` where Python cannot have the column's own."""
    column = (
        sa.Column(name, sa.JSON(), nullable=False) if name else sa.Column(sa.JSON(), nullable=False)
    )
    return Field(default_factory=dict, sa_column=column)


def text_column() -> Any:
    """A text of any length, empty at first."""
    return Field(default="", sa_column=sa.Column(sa.Text(), nullable=False, server_default=""))
