"""Routes of a person's own account: profile, password, sessions, what goes on."""

from uuid import UUID

from fastapi import APIRouter, BackgroundTasks
from starlette.requests import Request
from starlette.responses import Response

from openviber_app.api.account_payloads import PersonOut
from openviber_app.api.auth import CurrentActor, CurrentRuntime
from openviber_app.api.profile_payloads import (
    ActivityOut,
    PasswordIn,
    ProfilePatch,
    SessionList,
    SessionOut,
    secret_of,
)
from openviber_app.api.session_cookie import cookie_of, put
from openviber_app.domain.secret import Secret
from openviber_app.services import access, activity, profile, sessions

router = APIRouter(prefix="/api", tags=["accounts"])


@router.patch("/me")
async def change_profile(
    body: ProfilePatch, actor: CurrentActor, runtime: CurrentRuntime
) -> PersonOut:
    """Change your name or your e-mail address; the address needs your current password."""
    changed = await profile.change_profile(
        runtime,
        actor,
        name=body.name,
        email=body.email,
        current_password=secret_of(body.current_password),
    )
    return PersonOut.of(changed)


@router.put("/me/password", status_code=204)
async def change_password(
    body: PasswordIn,
    request: Request,
    response: Response,
    later: BackgroundTasks,
    actor: CurrentActor,
    runtime: CurrentRuntime,
) -> None:
    """Change your password; every session ends, and this browser gets a new one."""
    grant = await profile.change_password(
        runtime,
        actor,
        current=Secret(body.current_password.get_secret_value()),
        new=Secret(body.new_password.get_secret_value()),
        cookie=cookie_of(request, runtime),
        user_agent=request.headers.get("user-agent", ""),
    )
    if grant is not None:
        put(response, grant, runtime)
    later.add_task(access.ask_again, runtime, actor.user_id)  # the browser has its cookie then


@router.get("/sessions")
async def list_sessions(
    request: Request, actor: CurrentActor, runtime: CurrentRuntime
) -> SessionList:
    """List where you are signed in."""
    cookie = cookie_of(request, runtime)
    views = await sessions.list_sessions(runtime, actor, cookie=cookie)
    return SessionList(sessions=[SessionOut.of(view) for view in views])


@router.delete("/sessions", status_code=204)
async def revoke_others(request: Request, actor: CurrentActor, runtime: CurrentRuntime) -> None:
    """Sign out everywhere but here."""
    await sessions.revoke_others(runtime, actor, cookie=cookie_of(request, runtime))


@router.delete("/sessions/{session_id}", status_code=204)
async def revoke_session(session_id: UUID, actor: CurrentActor, runtime: CurrentRuntime) -> None:
    """Sign one of your browsers out."""
    await sessions.revoke_session(runtime, actor, session_id=session_id)


@router.get("/activity")
async def get_activity(actor: CurrentActor, runtime: CurrentRuntime) -> ActivityOut:
    """Tell how many of your threads run, and how many wait for you."""
    return ActivityOut.of(await activity.get_activity(runtime, actor))
