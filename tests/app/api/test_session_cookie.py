from starlette.requests import Request
from starlette.responses import Response

from openviber_app.api import session_cookie
from openviber_app.services import accounts
from openviber_app.services.runtime import Runtime
from openviber_app.services.visitors import COOKIE
from tests.support.board import People


async def test_a_browser_gets_a_value_and_gives_it_back(runtime: Runtime, people: People) -> None:
    grant = await accounts.start_session(runtime, people.bob.actor)
    answer = Response()
    session_cookie.put(answer, grant, runtime)
    assert "HttpOnly" in answer.headers["set-cookie"]
    sent = answer.headers["set-cookie"].partition(";")[0]
    request = Request({"type": "http", "headers": [(b"cookie", sent.encode())]})
    assert session_cookie.cookie_of(request, runtime) == grant.value
    forgotten = Response()
    session_cookie.take(forgotten, runtime)
    assert forgotten.headers["set-cookie"].startswith(f'{COOKIE}=""')
