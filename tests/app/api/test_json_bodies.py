"""Tests of `openviber_app.api.json_bodies`."""

import json

import httpx2
import pytest
from fastapi import APIRouter
from pydantic import BaseModel

from openviber_app.api.app import create_api
from openviber_app.api.json_bodies import BadShapeError, check_shape

DEEP = 32


class _Body(BaseModel):
    text: str


router = APIRouter()


@router.post("/api/echo")
async def _echo(body: _Body) -> str:
    return body.text


@pytest.mark.parametrize(
    "body",
    [
        b"[" * DEEP + b"]" * DEEP,
        b'{"a": {"b": [1, 2.5, -3, null, true, "x"]}}',
        json.dumps({str(n): n for n in range(1000)}).encode(),
        b"%d" % 2**53,
        b'"\\ud83d\\ude00"',
        b'"half \\ud800"',  # its field says so, with a pointer
        b"{",
        b"",
        b"\xff\xfe",
    ],
)
def test_what_is_of_good_shape_or_no_json_at_all_is_left_to_who_reads_it(body: bytes) -> None:
    check_shape(body)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"[" * (DEEP + 1) + b"]" * (DEEP + 1), "deeper than 32"),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "deeper than 32"),
        (json.dumps({str(n): n for n in range(1001)}).encode(), "more than 1000 keys"),
        (b'{"a": 1, "b": 2, "a": 3}', "a key twice"),
        (b'{"a": {"x": 1, "x": 1}}', "a key twice"),
        (b'{"\\ud800": 1}', "half a character"),
        (b'{"a": NaN}', "NaN"),
        (b"[Infinity]", "Infinity"),
        (b"[1e999]", "too large"),
        (b"[9007199254740993]", "beyond 2\\*\\*53"),
        (b"[-" + b"9" * 5000 + b"]", "beyond 2\\*\\*53"),
    ],
)
def test_a_bad_shape_is_named(body: bytes, words: str) -> None:
    with pytest.raises(BadShapeError, match=words):
        check_shape(body)


async def test_a_bad_shape_is_answered_with_400_and_a_good_one_is_read() -> None:
    transport = httpx2.ASGITransport(create_api(router))
    async with httpx2.AsyncClient(transport=transport, base_url="http://board.test") as client:

        async def ask(body: bytes, kind: str = "application/json") -> httpx2.Response:
            return await client.post("/api/echo", content=body, headers={"Content-Type": kind})

        assert (await ask(b'{"text": "hello"}')).json() == "hello"
        for kind in ("application/json", "application/merge-patch+json"):
            refused = await ask(b'{"text": "a", "text": "b"}', kind)
            assert refused.status_code == 400
            assert refused.headers["content-type"] == "application/problem+json"
            assert "twice" in refused.json()["detail"]
        assert (await ask(b"{")).status_code == 422
