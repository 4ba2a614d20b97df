from collections.abc import AsyncIterator

from fastapi import APIRouter, Request

from openviber_app.api.limits import MAX_BODY_BYTES
from openviber_app.services.runtime import Runtime
from tests.support.board import api_client

router = APIRouter(prefix="/api/size")


@router.post("")
async def size(request: Request) -> int:
    return len(await request.body())


async def _pieces(total: int) -> AsyncIterator[bytes]:
    for _ in range(total // 1024):
        yield b"x" * 1024
    yield b"x" * (total % 1024)


async def test_a_body_up_to_the_limit_arrives(runtime: Runtime) -> None:
    async with api_client(runtime, router) as client:
        whole = await client.post("/api/size", content=b"x" * MAX_BODY_BYTES)
        pieces = await client.post("/api/size", content=_pieces(MAX_BODY_BYTES))
    assert whole.json() == pieces.json() == MAX_BODY_BYTES


async def test_a_larger_one_is_refused_whether_it_says_so_or_not(runtime: Runtime) -> None:
    async with api_client(runtime, router) as client:
        declared = await client.post("/api/size", content=b"x" * (MAX_BODY_BYTES + 1))
        streamed = await client.post("/api/size", content=_pieces(MAX_BODY_BYTES + 1))
    for answer in (declared, streamed):
        assert answer.status_code == 413
        assert answer.headers["content-type"] == "application/problem+json"
