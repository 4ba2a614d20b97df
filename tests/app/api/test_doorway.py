import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from openviber_app.api.doorway import Doorway, door_for
from openviber_app.services.runtime import Runtime, install
from tests.support.board import People

BROWSER = {"accept": "text/html,*/*;q=0.8"}


def client() -> httpx2.AsyncClient:
    async def page(request: Request) -> PlainTextResponse:
        return PlainTextResponse(f"page {request.url.path}")

    app = Starlette(routes=[Route("/{rest:path}", page)])
    transport = httpx2.ASGITransport(app=Doorway(app))
    return httpx2.AsyncClient(transport=transport, base_url="http://board.test")


@pytest.mark.parametrize(
    ("path", "query", "door"),
    [
        ("/", "", "/sign-in/"),
        ("/setup/", "", "/sign-in/"),
        ("/sign-in/", "next=%2Fnodes", None),
        ("/nodes/", "", "/sign-in/?next=%2Fnodes"),
        ("/threads/1/", "inspector=changes", "/sign-in/?next=%2Fthreads%2F1%3Finspector%3Dchanges"),
    ],
)
def test_a_stranger_comes_back_to_what_they_asked_for(
    path: str, query: str, door: str | None
) -> None:
    assert door_for(path, query, is_setup_needed=False) == door


@pytest.mark.parametrize("path", ["/", "/sign-in/", "/nodes/"])
def test_a_board_without_an_owner_is_set_up_first(path: str) -> None:
    assert door_for(path, "", is_setup_needed=True) == "/setup/"
    assert door_for("/setup/", "", is_setup_needed=True) is None


async def test_only_a_stranger_who_wants_a_page_is_sent_away(
    runtime: Runtime, people: People
) -> None:
    del people
    install(runtime)
    try:
        async with client() as browser:
            sent = await browser.get("/nodes", headers=BROWSER)
            assert (sent.status_code, sent.headers["location"]) == (303, "/sign-in/?next=%2Fnodes")
            assert sent.headers["cache-control"] == "no-store"
            framed = {"sec-fetch-dest": "document", "accept": "*/*"}
            assert (await browser.get("/nodes", headers=framed)).status_code == 303
            for path, headers in (
                ("/nodes", BROWSER | {"cookie": "openviber_session=x"}),
                ("/nodes", {"accept": "*/*"}),
                ("/nodes", BROWSER | {"sec-fetch-dest": "script"}),
                ("/api/nodes", BROWSER),
                ("/theme.css", BROWSER),
                ("/sign-in/", BROWSER),
            ):
                assert (await browser.get(path, headers=headers)).status_code == 200, path
            assert (await browser.post("/nodes", headers=BROWSER)).status_code == 405
    finally:
        install(None)
