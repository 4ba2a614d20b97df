from dataclasses import replace

import pytest
from starlette.requests import Request
from starlette.responses import Response

from openviber_app.api.session_cookie import client_of, is_secure, start_session
from openviber_app.services.runtime import Runtime
from tests.support.board import People


def request(scheme: str = "http", client: tuple[str, int] | None = ("10.0.0.7", 1)) -> Request:
    return Request(
        {
            "type": "http",
            "method": "POST",
            "scheme": scheme,
            "server": ("board.test", 80),
            "path": "/",
            "query_string": b"",
            "headers": [(b"user-agent", b"Firefox")],
            "client": client,
        }
    )


@pytest.mark.parametrize(
    ("scheme", "public_url", "secure"),
    [
        ("http", "http://board.test", False),
        ("https", "http://board.test", True),
        ("http", "https://board.test", True),
    ],
)
async def test_the_cookie_is_hidden_from_scripts_and_secure_behind_tls(
    runtime: Runtime, people: People, *, scheme: str, public_url: str, secure: bool
) -> None:
    runtime = replace(runtime, settings=replace(runtime.settings, public_url=public_url))
    response = Response()
    await start_session(runtime, people.bob.actor, request(scheme), response)
    cookie = response.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert ("secure" in cookie) is secure is is_secure(runtime, request(scheme))


def test_a_client_is_known_by_its_address() -> None:
    assert client_of(request()) == "10.0.0.7"
    assert client_of(request(client=None)) == ""
