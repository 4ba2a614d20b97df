"""The cookie of a signed-in browser: every way to sign in sets it here."""

from starlette.requests import Request
from starlette.responses import Response

from openviber_app.domain.actors import Actor
from openviber_app.services import accounts
from openviber_app.services.runtime import Runtime
from openviber_app.services.visitors import COOKIE

COOKIE_SECONDS = 400 * 24 * 3600
"""As long as browsers allow: the session's own end, which moves with use, is kept here."""


async def start_session(
    runtime: Runtime, actor: Actor, request: Request, response: Response
) -> None:
    """Begin a session of this browser."""
    agent = request.headers.get("user-agent", "")
    grant = await accounts.start_session(runtime, actor, user_agent=agent)
    response.set_cookie(
        COOKIE,
        grant.value,
        max_age=COOKIE_SECONDS,
        httponly=True,
        samesite="lax",
        secure=is_secure(runtime, request),
    )


def is_secure(runtime: Runtime, request: Request) -> bool:
    """Whether the browser reaches the board by TLS, so that its cookies may say so."""
    return request.url.scheme == "https" or runtime.settings.public_url.startswith("https://")


def client_of(request: Request) -> str:
    """Return the address that a request came from."""
    return request.client.host if request.client else ""
