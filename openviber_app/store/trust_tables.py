"""The tables of trust: who may see an environment, what a node was sent, who did what."""

# pyright: reportAssignmentType=false

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from openviber_app.store.columns import (
    json_column,
    key_column,
    ref_column,
    text_column,
    time_column,
)


class Share(SQLModel, table=True):
    """An environment that its owner lets somebody else see, run or edit."""

    __tablename__ = "shares"
    __table_args__ = (sa.UniqueConstraint("environment_id", "user_id"),)
    id: UUID = key_column()
    environment_id: UUID = ref_column("environments.id")
    user_id: UUID = ref_column("users.id")
    role: str  # viewer | runner | editor
    created_by: UUID | None = None
    created_at: datetime = time_column()


class SecretDelivery(SQLModel, table=True):
    """Which version of a secret a node was sent: it has seen the value, whatever happens later.

    No reference to the environment or the secret: the fact outlives both.
    """

    __tablename__ = "secret_deliveries"
    __table_args__ = (sa.UniqueConstraint("secret_id", "version", "node_id"),)
    id: UUID = key_column()
    node_id: UUID = ref_column("viber_nodes.id")
    environment_id: UUID = Field(index=True)
    secret_id: UUID
    key: str
    version: int
    command_id: UUID  # what it was sent for, the last time
    first_at: datetime = time_column()
    last_at: datetime = time_column()


class KeyRotation(SQLModel, table=True):
    """A change of the key that wraps the secrets' keys: goes on where it stopped."""

    __tablename__ = "key_rotations"
    id: UUID = key_column()
    to_key_id: str
    total: int = 0
    done: int = 0
    problems: dict[str, Any] = json_column()  # secret's id: why it could not be wrapped anew
    started_by: UUID | None = None
    started_at: datetime = time_column()
    ended_at: datetime | None = time_column(nullable=True)


class AuditEvent(SQLModel, table=True):
    """What somebody did; rows are added and never changed. Holds names and ids, no values."""

    __tablename__ = "audit_events"
    id: UUID = key_column()
    created_at: datetime = time_column(index=True)
    actor_id: UUID | None = None  # None: the board itself, or somebody unknown
    actor_name: str = ""
    client: str = ""  # the address that the request came from
    action: str = Field(index=True)  # such as `node.revoked`
    target_kind: str = ""
    target_id: UUID | None = None
    target_name: str = ""
    facts: dict[str, Any] = json_column()
    note: str = text_column()
