"""Routes of accounts: set-up, joining, a new password, signing in and out, API tokens."""

from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from openviber_app.api import session_cookie
from openviber_app.api.account_payloads import (
    JoinIn,
    NewToken,
    PersonOut,
    ResetIn,
    SetupIn,
    SetupState,
    SignInIn,
    TokenIn,
    TokenList,
    TokenOut,
)
from openviber_app.api.auth import CurrentActor, CurrentRuntime
from openviber_app.domain.secret import Secret
from openviber_app.services import accounts, api_tokens, invites, password_resets
from openviber_app.services.visitors import client_of, require_same_origin

TOKENS_LIMIT = 30

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
        runtime, body.draft(), code=body.code, client=client_of(request, runtime)
    )
    await session_cookie.sign_in(runtime, actor, request, response)
    return PersonOut.of(actor)


@router.post("/sessions", status_code=201)
async def sign_in(
    body: SignInIn, request: Request, response: Response, runtime: CurrentRuntime
) -> PersonOut:
    """Sign in: the answer sets an HttpOnly cookie."""
    require_same_origin(request)
    password = Secret(body.password.get_secret_value())
    actor = await accounts.sign_in(
        runtime, email=body.email, password=password, client=client_of(request, runtime)
    )
    await session_cookie.sign_in(runtime, actor, request, response)
    return PersonOut.of(actor)


@router.delete("/sessions/current", status_code=204)
async def sign_out(request: Request, response: Response, runtime: CurrentRuntime) -> None:
    """Sign out: the cookie is worth nothing from now on."""
    require_same_origin(request)
    if cookie := session_cookie.cookie_of(request, runtime):
        await accounts.end_session(runtime, cookie, client=client_of(request, runtime))
    session_cookie.take(response, runtime)


@router.post("/join", status_code=201)
async def join(
    body: JoinIn, request: Request, response: Response, runtime: CurrentRuntime
) -> PersonOut:
    """Make an account with an invite, and sign in."""
    require_same_origin(request)
    actor = await invites.join(
        runtime, body.draft(), token=body.token, client=client_of(request, runtime)
    )
    await session_cookie.sign_in(runtime, actor, request, response)
    return PersonOut.of(actor)


@router.post("/password-reset", status_code=204)
async def reset_password(body: ResetIn, request: Request, runtime: CurrentRuntime) -> None:
    """Set a new password with the console's code; every session of the person ends."""
    require_same_origin(request)
    await password_resets.use(
        runtime,
        code=body.code,
        password=Secret(body.password.get_secret_value()),
        client=client_of(request, runtime),
    )


@router.get("/me")
async def get_me(actor: CurrentActor) -> PersonOut:
    """Tell who you are."""
    return PersonOut.of(actor)


@router.post("/tokens", status_code=201)
async def create_token(body: TokenIn, actor: CurrentActor, runtime: CurrentRuntime) -> NewToken:
    """Make an API token; its value is told this one time."""
    runtime.tries.add(f"tokens of {actor.user_id}", limit=TOKENS_LIMIT)
    view, value = await api_tokens.create_token(
        runtime, actor, name=body.name, scopes=body.scopes, expires_at=body.expires_at
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
