"""People and invites as JSON."""

from dataclasses import asdict
from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime

from openviber_app.api.payload import Payload
from openviber_app.services.invites import InviteView
from openviber_app.services.people import PersonView


class MemberOut(Payload):
    """Somebody as those who manage people see them, with what goes when they go."""

    id: UUID
    name: str
    email: str
    role: str
    created_at: datetime
    last_seen_at: datetime | None
    environments: int
    nodes: int
    threads: int
    can_manage: bool
    is_last_owner: bool

    @classmethod
    def of(cls, view: PersonView) -> "MemberOut":
        return cls.model_validate(asdict(view), by_name=True)


class MemberList(Payload):
    """Everybody, oldest account first."""

    people: list[MemberOut]


class RoleIn(Payload):
    """What somebody is from now on."""

    role: Literal["owner", "admin", "member"]


class InviteIn(Payload):
    """Whom an invite is for; without an end it lasts a week."""

    role: Literal["admin", "member"] = "member"
    note: str = ""
    expires_at: AwareDatetime | None = None


class InviteOut(Payload):
    """An open invite, without its link."""

    id: UUID
    role: str
    note: str
    created_by: str
    created_at: datetime
    expires_at: datetime
    can_revoke: bool

    @classmethod
    def of(cls, view: InviteView) -> "InviteOut":
        return cls.model_validate(asdict(view), by_name=True)


class InviteList(Payload):
    """Open invites, newest first."""

    invites: list[InviteOut]


class NewInvite(Payload):
    """An invite with its link: it is told this one time."""

    invite: InviteOut
    link: str
