"""Tests of `openviber_app.gate.policy`."""

from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from openviber_app.gate.policy import API_POLICY, Protected, page_policy

PAGE = """<!DOCTYPE html><html><head><script>
theme()</script><script src="/a.js"></script><script type="module" async="">import "/b.js"</script>
<style data-emotion="css x">.css-x{top:0}</style></head></html>"""


def source(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


@pytest.fixture
def built(tmp_path: Path) -> Path:
    (tmp_path / "nodes").mkdir()
    (tmp_path / "index.html").write_text(PAGE)
    (tmp_path / "nodes" / "index.html").write_text(PAGE.replace("theme()", "other()"))
    return tmp_path


def test_the_policy_names_what_the_build_wrote_inline_and_nothing_else(built: Path) -> None:
    parts = {
        name: values
        for name, _, values in (part.partition(" ") for part in page_policy(built).split("; "))
    }
    assert parts["script-src"].split() == [
        "'self'",
        source("\ntheme()"),
        source('import "/b.js"'),
        source("\nother()"),
    ]
    assert parts["style-src"].split() == ["'self'", source(".css-x{top:0}"), source("")]
    assert parts["default-src"] == parts["connect-src"] == parts["form-action"] == "'self'"
    assert parts["object-src"] == parts["base-uri"] == parts["frame-ancestors"] == "'none'"
    assert "unsafe" not in page_policy(built)


def test_a_board_without_a_build_has_a_policy_too(tmp_path: Path) -> None:
    assert "script-src 'self';" in page_policy(tmp_path)


async def test_pages_answers_and_files_each_get_their_headers(built: Path) -> None:
    async def page(_request: Request) -> Response:
        return HTMLResponse(PAGE)

    async def answer(_request: Request) -> Response:
        return HTMLResponse("<script>x</script>", headers={"content-security-policy": "none"})

    async def file(_request: Request) -> Response:
        return PlainTextResponse("x")

    app = Starlette(routes=[Route("/", page), Route("/api/x", answer), Route("/a.js", file)])
    transport = httpx2.ASGITransport(app=Protected(app, built=built))
    async with httpx2.AsyncClient(transport=transport, base_url="http://board.test") as client:
        got = {path: (await client.get(path)).headers for path in ("/", "/api/x", "/a.js")}
    assert all(headers["x-content-type-options"] == "nosniff" for headers in got.values())
    assert got["/"]["content-security-policy"] == page_policy(built)
    assert got["/"]["x-frame-options"] == "DENY"
    assert got["/"]["cross-origin-opener-policy"] == "same-origin"
    assert got["/api/x"]["content-security-policy"] == API_POLICY
    assert "content-security-policy" not in got["/a.js"]  # forty times a kilobyte, for nothing
