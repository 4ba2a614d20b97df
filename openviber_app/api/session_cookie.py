"""The session's cookie: HttpOnly, SameSite=Lax, and under https Secure and of this host only."""

from starlette.requests import Request
from starlette.responses import Response

from openviber_app.domain.actors import Actor
from openviber_app.services import accounts
from openviber_app.services.accounts import SessionGrant
from openviber_app.services.runtime import Runtime
from openviber_app.services.visitors import cookie_name

COOKIE_SECONDS = 400 * 24 * 3600
"""As long as browsers allow: the session's own end, which moves with use, is kept here."""


def cookie_of(request: Request, runtime: Runtime) -> str:
    """Return the session's value that a browser sent, or an empty text."""
    return request.cookies.get(cookie_name(runtime), "")


async def sign_in(runtime: Runtime, actor: Actor, request: Request, response: Response) -> None:
    """Begin a session in the browser that asks; the one that it had ends."""
    grant = await accounts.start_session(
        runtime,
        actor,
        user_agent=request.headers.get("user-agent", ""),
        replaced=cookie_of(request, runtime),
    )
    put(response, grant, runtime)


def put(response: Response, grant: SessionGrant, runtime: Runtime) -> None:
    """Give the browser the session's value."""
    response.set_cookie(
        cookie_name(runtime),
        grant.value,
        max_age=COOKIE_SECONDS,
        httponly=True,
        samesite="lax",
        secure=runtime.settings.is_https,
    )


def take(response: Response, runtime: Runtime) -> None:
    """Let the browser forget the session's value."""
    response.delete_cookie(
        cookie_name(runtime),
        httponly=True,
        samesite="lax",
        secure=runtime.settings.is_https,
    )
