"""Who knocks: the person behind an HTTP request or a WebSocket handshake."""

from dataclasses import replace

from starlette.requests import HTTPConnection

from openviber_app.domain.actors import Actor
from openviber_app.domain.errors import ForbiddenError, NotSignedInError
from openviber_app.domain.ip_addresses import forwarded_for
from openviber_app.domain.origins import Sender, is_own_page
from openviber_app.domain.scopes import SAFE_METHODS
from openviber_app.services import accounts
from openviber_app.services.runtime import Runtime, current

COOKIE = "openviber_session"


def cookie_name(runtime: Runtime) -> str:
    """Return the session cookie's name.

    Under https a browser takes `__Host-` from this very host only: no neighbour in its domain and
    no plain http answer can plant a session.
    """
    return f"__Host-{COOKIE}" if runtime.settings.is_https else COOKIE


def client_of(connection: HTTPConnection, runtime: Runtime) -> str:
    """Return where a request came from: what a proxy says counts if the proxy is trusted."""
    peer = connection.client.host if connection.client else ""
    header = ",".join(connection.headers.getlist("x-forwarded-for"))
    return forwarded_for(header, peer=peer, trusted=runtime.settings.trusted_proxies)


def bearer(connection: HTTPConnection) -> str | None:
    """Return the bearer token of a request, if it has one."""
    scheme, _, value = connection.headers.get("authorization", "").partition(" ")
    return value.strip() if scheme.lower() == "bearer" and value.strip() else None


def is_same_origin(connection: HTTPConnection) -> bool:
    """Whether a browser sent this from the board's own pages (or no browser sent it)."""
    sender = Sender(
        origin=connection.headers.get("origin"),
        site=connection.headers.get("sec-fetch-site"),
        host=connection.headers.get("host", ""),
    )
    return is_own_page(sender, public_url=current().settings.public_url)


async def actor_of(connection: HTTPConnection, runtime: Runtime) -> Actor:
    """Return the person behind a request or a socket.

    Raises:
        NotSignedInError: no cookie and no token, or neither is valid.
        ForbiddenError: a cookie came from another origin.
    """
    client = client_of(connection, runtime)
    if token := bearer(connection):
        return replace(await accounts.get_actor_by_token(runtime, token), client=client)
    cookie = connection.cookies.get(cookie_name(runtime))
    if not cookie:
        raise NotSignedInError
    if connection.scope["type"] == "websocket" or connection.scope["method"] not in SAFE_METHODS:
        require_same_origin(connection)
    return replace(await accounts.get_actor_by_session(runtime, cookie), client=client)


def require_same_origin(connection: HTTPConnection) -> None:
    """Refuse what another site's page sent with the visitor's cookie.

    Raises:
        ForbiddenError: the Origin is not the board's.
    """
    if not is_same_origin(connection):
        raise ForbiddenError("this request came from another site's page")
