import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from openviber_app.ui.caching import A_WEEK, ASK_FIRST, FOREVER, CachedFiles, lifetime


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/assets/chunk-C1F_h1gx.js", FOREVER),
        ("/fonts/inter-latin.woff2", A_WEEK),
        ("/", ASK_FIRST),
        ("/nodes", ASK_FIRST),
        ("/favicon.svg", ASK_FIRST),
        ("/theme.css", ASK_FIRST),
    ],
)
def test_only_what_has_its_hash_in_its_name_is_kept_for_ever(path: str, words: str) -> None:
    assert lifetime(path) == words


async def test_what_is_not_there_and_what_the_api_says_is_not_kept() -> None:
    async def page(request: Request) -> PlainTextResponse:
        del request
        return PlainTextResponse("hello")

    app = Starlette(routes=[Route("/", page), Route("/api/me", page)])
    transport = httpx2.ASGITransport(app=CachedFiles(app))
    async with httpx2.AsyncClient(transport=transport, base_url="http://board.test") as client:
        assert (await client.get("/")).headers["cache-control"] == ASK_FIRST
        gone = await client.get("/assets/old-chunk.js")
        assert (gone.status_code, gone.headers["cache-control"]) == (404, "no-store")
        assert "cache-control" not in (await client.get("/api/me")).headers
