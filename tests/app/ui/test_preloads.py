import json
from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from openviber_app.ui.preloads import Preloads

BUILT = Path(__file__).parents[3] / "openviber_app" / "_frontend" / "build" / "client"
ROUTES = {
    "root": {"path": "", "module": "/assets/root.js", "imports": ["/assets/react.js"]},
    "thread": {
        "path": "threads/:thread",
        "module": "/assets/thread.js",
        "imports": ["/assets/react.js", "/assets/log.js"],
    },
    "nodes": {"path": "nodes", "module": "/assets/nodes.js", "imports": []},
}
ID = "01a20958-e49b-7000-93cd-355797a26729"
AWAY = "01a20958-e49b-7000-93cd-000000000000"
LINK = (
    "</assets/thread.js>; rel=modulepreload, </assets/log.js>; rel=modulepreload, "
    f"</api/threads/{ID}/timeline?limit=50>; rel=preload; as=fetch; crossorigin"
)


@pytest.fixture
def built(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    manifest = f"window.__reactRouterManifest={json.dumps({'routes': ROUTES})};"
    (tmp_path / "assets" / "manifest-1.js").write_text(manifest)
    return tmp_path


def client(folder: Path) -> httpx2.AsyncClient:
    async def page(request: Request) -> Response:
        away = AWAY in request.url.path
        return RedirectResponse("/sign-in/") if away else HTMLResponse("a page")

    app = Starlette(routes=[Route("/{rest:path}", page)])
    transport = httpx2.ASGITransport(app=Preloads(app, folder))
    return httpx2.AsyncClient(transport=transport, base_url="http://board.test")


async def test_a_page_with_an_id_names_its_own_scripts(built: Path) -> None:
    async with client(built) as browser:
        for path in (f"/threads/{ID}", f"/threads/{ID}/"):
            assert (await browser.get(path)).headers["link"] == LINK
        for path in (
            "/nodes",
            "/threads",
            f"/threads/{ID}/2",
            "/threads/%3E",
            f"/threads/away{ID}",
        ):
            assert "link" not in (await browser.get(path)).headers, path


async def test_what_the_bundler_wrote_otherwise_gives_no_header(built: Path) -> None:
    (built / "assets" / "manifest-1.js").write_text("export default {}")
    async with client(built) as browser:
        assert "link" not in (await browser.get(f"/threads/{ID}")).headers


async def test_nothing_is_named_in_an_answer_that_leads_elsewhere(built: Path) -> None:
    async with client(built) as browser:
        assert "link" not in (await browser.get(f"/threads/{AWAY}")).headers


async def test_the_scripts_named_are_in_the_real_build() -> None:
    async with client(BUILT) as browser:
        for path in (f"/threads/{ID}", f"/environments/{ID}", f"/environments/{ID}/edit"):
            named = (await browser.get(path)).headers["link"]
            scripts = [part for part in named.split(",") if "modulepreload" in part]
            files = [part.partition(">")[0].strip(" <") for part in scripts]
            assert files
            assert all((BUILT / file.lstrip("/")).is_file() for file in files)
