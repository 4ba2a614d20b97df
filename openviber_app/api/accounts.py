"""Routes of accounts: set-up, sessions, API tokens, people."""

from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from openviber_app.api.account_payloads import (
    NewToken,
    PersonIn,
    PersonOut,
    SetupIn,
    SetupState,
    SignInIn,
    TokenIn,
    TokenList,
    TokenOut,
)
from openviber_app.api.auth import CurrentActor, CurrentRuntime
from openviber_app.domain.actors import Actor
from openviber_app.domain.secret import Secret
from openviber_app.services import accounts, api_tokens
from openviber_app.services.runtime import Runtime
from openviber_app.services.visitors import COOKIE, require_same_origin

COOKIE_SECONDS = 400 * 24 * 3600
"""As long as browsers allow: the session's own end, which moves with use, is kept here."""

router = APIRouter(prefix="/api", tags=["accounts"])


@router.get("/setup")
async def get_setup(runtime: CurrentRuntime) -> SetupState:
    """Tell whether the board still has no owner."""
    return SetupState(needed=await accounts.is_setup_needed(runtime))


@router.post("/setup", status_code=201)
async def set_up(
    body: SetupIn, request: Request, response: Response, runtime: CurrentRuntime
) -> PersonOut:
    """Make the owner's account with the console's code, and sign in."""
    require_same_origin(request)
    actor = await accounts.create_owner(
        runtime, body.draft(), code=body.code, client=_client(request)
    )
    await _start_session(runtime, actor, request, response)
    return PersonOut.of(actor)


@router.post("/sessions", status_code=201)
async def sign_in(
    body: SignInIn, request: Request, response: Response, runtime: CurrentRuntime
) -> PersonOut:
    """Sign in: the answer sets an HttpOnly cookie."""
    require_same_origin(request)
    password = Secret(body.password.get_secret_value())
    actor = await accounts.sign_in(
        runtime, email=body.email, password=password, client=_client(request)
    )
    await _start_session(runtime, actor, request, response)
    return PersonOut.of(actor)


@router.delete("/sessions/current", status_code=204)
async def sign_out(request: Request, response: Response, runtime: CurrentRuntime) -> None:
    """Sign out: the cookie is worth nothing from now on."""
    require_same_origin(request)
    if cookie := request.cookies.get(COOKIE):
        await accounts.end_session(runtime, cookie, client=_client(request))
    response.delete_cookie(
        COOKIE, httponly=True, samesite="lax", secure=_is_secure(runtime, request)
    )


@router.get("/me")
async def get_me(actor: CurrentActor) -> PersonOut:
    """Tell who you are."""
    return PersonOut.of(actor)


@router.post("/tokens", status_code=201)
async def create_token(body: TokenIn, actor: CurrentActor, runtime: CurrentRuntime) -> NewToken:
    """Make an API token; its value is told this one time."""
    view, value = await api_tokens.create_token(
        runtime, actor, name=body.name, expires_at=body.expires_at
    )
    return NewToken(token=TokenOut.of(view), value=value)


@router.get("/tokens")
async def list_tokens(actor: CurrentActor, runtime: CurrentRuntime) -> TokenList:
    """List your API tokens, without their values."""
    views = await api_tokens.list_tokens(runtime, actor)
    return TokenList(tokens=[TokenOut.of(view) for view in views])


@router.delete("/tokens/{token_id}", status_code=204)
async def revoke_token(token_id: UUID, actor: CurrentActor, runtime: CurrentRuntime) -> None:
    """Revoke one of your API tokens."""
    await api_tokens.revoke_token(runtime, actor, token_id=token_id)


@router.post("/users", status_code=201)
async def add_member(body: PersonIn, actor: CurrentActor, runtime: CurrentRuntime) -> PersonOut:
    """Make somebody an account; only the board's owner may."""
    return PersonOut.of(await accounts.add_member(runtime, actor, body.draft()))


async def _start_session(
    runtime: Runtime, actor: Actor, request: Request, response: Response
) -> None:
    agent = request.headers.get("user-agent", "")
    asking = replace(actor, client=_client(request))
    grant = await accounts.start_session(runtime, asking, user_agent=agent)
    response.set_cookie(
        COOKIE,
        grant.value,
        max_age=COOKIE_SECONDS,
        httponly=True,
        samesite="lax",
        secure=_is_secure(runtime, request),
    )


def _is_secure(runtime: Runtime, request: Request) -> bool:
    return request.url.scheme == "https" or runtime.settings.public_url.startswith("https://")


def _client(request: Request) -> str:
    return request.client.host if request.client else ""
