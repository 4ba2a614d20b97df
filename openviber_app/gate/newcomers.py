"""How many tabs may be opened in a while: the board keeps what a tab shows for an hour."""

from collections.abc import Callable

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from openviber_app.domain.errors import NotSignedInError, TooManyRequestsError
from openviber_app.domain.ip_addresses import brake_key
from openviber_app.services import accounts
from openviber_app.services.runtime import Runtime, current
from openviber_app.services.tries import Tries
from openviber_app.services.visitors import client_of, cookie_name

SOCKET = "/_event"
"""Reflex's. Whoever connects names a tab, and may name another one each time."""

WINDOW_SECONDS = 300
STRANGERS_OF_AN_ADDRESS = 300
"""20 KB each: 70 MB an hour, where the memory would be the limit."""

OF_A_PERSON = 1000
FULL = 1008  # before the accept, the server turns it into HTTP 403


class Newcomers:
    """Refuses a tab's socket, before it is accepted, to who opened very many."""

    def __init__(
        self,
        app: ASGIApp,
        runtime: Callable[[], Runtime] = current,
        *,
        strangers: int = STRANGERS_OF_AN_ADDRESS,
        of_a_person: int = OF_A_PERSON,
    ) -> None:
        self._app = app
        self._runtime = runtime
        self._strangers, self._of_a_person = strangers, of_a_person
        # of its own: a flood of addresses here may not make room for guesses at passwords
        self._tries = Tries(runtime().clock, window_seconds=WINDOW_SECONDS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket" and scope["path"].startswith(SOCKET):
            try:
                await self._count(HTTPConnection(scope))
            except TooManyRequestsError:
                await send({"type": "websocket.close", "code": FULL})
                return
        await self._app(scope, receive, send)

    async def _count(self, socket: HTTPConnection) -> None:
        runtime = self._runtime()
        cookie = socket.cookies.get(cookie_name(runtime), "")
        try:
            actor = await accounts.get_actor_by_session(runtime, cookie) if cookie else None
        except NotSignedInError:
            actor = None
        if actor is not None:
            self._tries.add(f"person {actor.user_id}", limit=self._of_a_person)
            return
        address = brake_key(client_of(socket, runtime))
        self._tries.add(f"address {address}", limit=self._strangers)
