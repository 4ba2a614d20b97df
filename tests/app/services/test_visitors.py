"""Tests of `openviber_app.services.visitors`."""

import pytest
from starlette.requests import HTTPConnection

from openviber_app.domain.errors import ForbiddenError, NotSignedInError
from openviber_app.services import accounts, visitors
from openviber_app.services.runtime import Runtime
from tests.support.board import People


def _request(kind: str = "http", method: str = "GET", **headers: str) -> HTTPConnection:
    raw = [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()]
    return HTTPConnection({"type": kind, "method": method, "headers": raw})


async def test_a_token_and_a_cookie_each_name_their_person(
    runtime: Runtime, people: People
) -> None:
    by_token = _request(authorization=f"bearer {people.bob.token}")
    assert await visitors.actor_of(by_token, runtime) == people.bob.actor
    grant = await accounts.start_session(runtime, people.alice.actor)
    by_cookie = _request(cookie=f"{visitors.COOKIE}={grant.value}")
    assert await visitors.actor_of(by_cookie, runtime) == people.alice.actor


async def test_nothing_and_nonsense_are_not_signed_in(runtime: Runtime, people: People) -> None:
    assert people
    for request in (
        _request(),
        _request(authorization="Bearer ov_nonsense"),
        _request(authorization="Basic abc"),
        _request(cookie=f"{visitors.COOKIE}=nonsense"),
    ):
        with pytest.raises(NotSignedInError):
            await visitors.actor_of(request, runtime)


@pytest.mark.parametrize(("kind", "method"), [("http", "POST"), ("websocket", "")])
async def test_a_cookie_from_another_sites_page_is_refused(
    runtime: Runtime, people: People, kind: str, method: str
) -> None:
    grant = await accounts.start_session(runtime, people.alice.actor)
    cookie = f"{visitors.COOKIE}={grant.value}"

    def request(**headers: str) -> HTTPConnection:
        return _request(kind, method, cookie=cookie, host="board.test:3000", **headers)

    for headers in (
        {"origin": "http://evil.test"},
        {"origin": "http://board.test:3001"},  # another port is another origin
        {"origin": "null"},
        {"sec_fetch_site": "cross-site"},
    ):
        with pytest.raises(ForbiddenError, match="another site"):
            await visitors.actor_of(request(**headers), runtime)
    for headers in ({"origin": "http://board.test:3000"}, {}):
        assert await visitors.actor_of(request(**headers), runtime) == people.alice.actor
