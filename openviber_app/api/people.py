"""Routes of people: who is on the board, invites, what they may."""

from uuid import UUID

from fastapi import APIRouter

from openviber_app.api.account_payloads import PersonIn, PersonOut
from openviber_app.api.auth import Admin, CurrentRuntime
from openviber_app.api.people_payloads import (
    InviteIn,
    InviteList,
    InviteOut,
    MemberList,
    MemberOut,
    NewInvite,
    RoleIn,
)
from openviber_app.services import accounts, invites, people

INVITES_LIMIT = 30

router = APIRouter(prefix="/api", tags=["people"])


@router.get("/users")
async def list_people(actor: Admin, runtime: CurrentRuntime) -> MemberList:
    """List everybody with what is theirs; for owners and admins."""
    views = await people.list_people(runtime, actor)
    return MemberList(people=[MemberOut.of(view) for view in views])


@router.post("/users", status_code=201)
async def add_member(body: PersonIn, actor: Admin, runtime: CurrentRuntime) -> PersonOut:
    """Make somebody an account; for owners and admins."""
    return PersonOut.of(await accounts.add_member(runtime, actor, body.draft()))


@router.patch("/users/{user_id}")
async def change_role(
    user_id: UUID, body: RoleIn, actor: Admin, runtime: CurrentRuntime
) -> MemberOut:
    """Make somebody something else; they are signed out everywhere."""
    return MemberOut.of(await people.change_role(runtime, actor, user_id=user_id, role=body.role))


@router.delete("/users/{user_id}", status_code=204)
async def remove_person(user_id: UUID, actor: Admin, runtime: CurrentRuntime) -> None:
    """Remove somebody with their environments, nodes and threads."""
    await people.remove_person(runtime, actor, user_id=user_id)


@router.post("/invites", status_code=201)
async def create_invite(body: InviteIn, actor: Admin, runtime: CurrentRuntime) -> NewInvite:
    """Make a link with which somebody makes their own account; it is told this one time."""
    runtime.tries.add(f"invites of {actor.user_id}", limit=INVITES_LIMIT)
    made = await invites.create_invite(
        runtime, actor, role=body.role, note=body.note, expires_at=body.expires_at
    )
    return NewInvite(invite=InviteOut.of(made.invite), link=made.link)


@router.get("/invites")
async def list_invites(actor: Admin, runtime: CurrentRuntime) -> InviteList:
    """List the invites that can still be used, without their links."""
    views = await invites.list_invites(runtime, actor)
    return InviteList(invites=[InviteOut.of(view) for view in views])


@router.delete("/invites/{invite_id}", status_code=204)
async def revoke_invite(invite_id: UUID, actor: Admin, runtime: CurrentRuntime) -> None:
    """End an invite that nobody used."""
    await invites.revoke_invite(runtime, actor, invite_id=invite_id)
