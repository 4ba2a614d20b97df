"""The tables of people: accounts, how they prove who they are, what they were given."""

# SQLModel declares __tablename__ as a declared_attr; its own documentation assigns a text.
# pyright: reportAssignmentType=false

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from openviber_app.store.columns import key_column, ref_column, time_column


class User(SQLModel, table=True):
    """A person with an account."""

    __tablename__ = "users"
    id: UUID = key_column()
    name: str
    email: str = Field(unique=True)
    password_hash: str = ""  # empty: signs in by OpenID Connect only
    role: str = "member"  # owner | admin | member
    created_at: datetime = time_column()


class UserSession(SQLModel, table=True):
    """A signed-in browser."""

    __tablename__ = "sessions"
    token_hash: str = Field(primary_key=True)  # sha256 hex of the cookie
    user_id: UUID = ref_column("users.id")
    created_at: datetime = time_column()
    expires_at: datetime = time_column()
    last_seen_at: datetime = time_column()
    user_agent: str = ""


class ApiToken(SQLModel, table=True):
    """What a program carries in a person's name."""

    __tablename__ = "api_tokens"
    id: UUID = key_column()
    user_id: UUID = ref_column("users.id")
    name: str
    token_hash: str = Field(unique=True)
    scopes: list[str] = Field(
        default_factory=lambda: ["read", "run", "write"],
        sa_column=sa.Column(sa.JSON(), nullable=False),
    )
    created_at: datetime = time_column()
    expires_at: datetime | None = time_column(nullable=True)
    last_used_at: datetime | None = time_column(nullable=True)


class BoardSetting(SQLModel, table=True):
    """Facts of the board itself, such as the hash of its set-up code."""

    __tablename__ = "board_settings"
    key: str = Field(primary_key=True)
    value: Any = Field(default=None, sa_column=sa.Column(sa.JSON(), nullable=False))


class Identity(SQLModel, table=True):
    """An account at an OpenID provider that signs a person in."""

    __tablename__ = "identities"
    __table_args__ = (sa.UniqueConstraint("issuer", "subject"),)
    id: UUID = key_column()
    user_id: UUID = ref_column("users.id")
    issuer: str
    subject: str
    created_at: datetime = time_column()
    last_used_at: datetime | None = time_column(nullable=True)


class Invite(SQLModel, table=True):
    """A one-time link with which somebody makes their own account."""

    __tablename__ = "invites"
    id: UUID = key_column()
    created_by: UUID = ref_column("users.id")
    token_hash: str = Field(unique=True)
    role: str = "member"
    note: str = ""  # whom it is for, in the inviter's words
    created_at: datetime = time_column()
    expires_at: datetime = time_column()
    used_at: datetime | None = time_column(nullable=True)
    used_by: UUID | None = None


class PasswordReset(SQLModel, table=True):
    """A one-time code that sets a new password; the console prints it."""

    __tablename__ = "password_resets"
    id: UUID = key_column()
    user_id: UUID = ref_column("users.id")
    token_hash: str = Field(unique=True)
    created_at: datetime = time_column()
    expires_at: datetime = time_column()
    used_at: datetime | None = time_column(nullable=True)
