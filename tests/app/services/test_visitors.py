"""Tests of `openviber_app.services.visitors`."""

from dataclasses import replace

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


async def test_under_https_the_cookie_is_another_and_the_plain_one_is_worth_nothing(
    runtime: Runtime, people: People
) -> None:
    secure = replace(
        runtime, settings=replace(runtime.settings, public_url="https://board.example.org")
    )
    grant = await accounts.start_session(secure, people.alice.actor)
    name = visitors.cookie_name(secure)
    assert name == f"__Host-{visitors.COOKIE}"
    request = _request(cookie=f"{name}={grant.value}")
    assert await visitors.actor_of(request, secure) == people.alice.actor
    with pytest.raises(NotSignedInError):
        await visitors.actor_of(_request(cookie=f"{visitors.COOKIE}={grant.value}"), secure)


async def test_where_somebody_comes_from_is_the_peer_unless_it_is_a_trusted_proxy(
    runtime: Runtime, people: People
) -> None:
    request = _request(
        authorization=f"Bearer {people.bob.token}", x_forwarded_for="1.1.1.1, 203.0.113.9"
    )
    request.scope["client"] = ("10.0.0.1", 50000)
    assert (await visitors.actor_of(request, runtime)).client == "10.0.0.1"
    trusting = replace(runtime, settings=replace(runtime.settings, trusted_proxies=("10.0.0.0/8",)))
    assert (await visitors.actor_of(request, trusting)).client == "203.0.113.9"
