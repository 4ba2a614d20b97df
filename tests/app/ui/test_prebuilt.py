import gzip
from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from openviber_app.ui.prebuilt import PrebuiltFiles

SCRIPT = b"export const a = 1;\n" * 40


@pytest.fixture
def built(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "a-1f.js").write_bytes(SCRIPT)
    (tmp_path / "assets" / "a-1f.js.gz").write_bytes(gzip.compress(SCRIPT))
    (tmp_path / "favicon.svg").write_bytes(b"<svg/>")
    (tmp_path / "index.html").write_bytes(b"the page")
    return tmp_path


def client(built: Path) -> httpx2.AsyncClient:
    async def below(request: Request) -> PlainTextResponse:
        return PlainTextResponse(f"below {request.method}")

    app = Starlette(routes=[Route("/{rest:path}", below, methods=["GET", "POST"])])
    transport = httpx2.ASGITransport(app=PrebuiltFiles(app, built))
    return httpx2.AsyncClient(transport=transport, base_url="http://board.test")


async def test_a_file_comes_packed_to_whoever_unpacks_it(built: Path) -> None:
    async with client(built) as browser:
        packed = await browser.get("/assets/a-1f.js", headers={"accept-encoding": "br, gzip;q=0.9"})
        plain = await browser.get("/assets/a-1f.js", headers={"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < len(SCRIPT)
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content == SCRIPT
    assert packed.headers["content-type"].startswith("text/javascript")
    assert packed.headers["vary"] == "accept-encoding"
    assert packed.headers["etag"] != plain.headers["etag"]


async def test_what_the_browser_has_is_not_sent_again(built: Path) -> None:
    async with client(built) as browser:
        first = await browser.get("/favicon.svg")
        again = await browser.get("/favicon.svg", headers={"if-none-match": first.headers["etag"]})
        other = await browser.get("/favicon.svg", headers={"if-none-match": '"another"'})
    assert (first.status_code, again.status_code, other.status_code) == (200, 304, 200)
    assert (again.content, other.content) == (b"", b"<svg/>")


@pytest.mark.parametrize("path", ["/index.html", "/assets/a-1f.js.gz", "/assets/../index.html"])
async def test_pages_and_what_was_not_built_are_not_its_own(built: Path, path: str) -> None:
    async with client(built) as browser:
        assert (await browser.get(path)).text == "below GET"
        assert (await browser.post("/favicon.svg")).text == "below POST"


async def test_a_file_that_a_new_build_took_away_is_asked_for_below(built: Path) -> None:
    async with client(built) as browser:
        (built / "favicon.svg").unlink()
        assert (await browser.get("/favicon.svg")).text == "below GET"
