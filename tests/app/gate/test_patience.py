"""Tests of `openviber_app.gate.patience`."""

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from openviber_app.gate import patience
from openviber_app.gate.patience import HEAD_BYTES, PatientHttp

GET = b"GET / HTTP/1.1\r\nHost: board.test\r\n"


async def _app(scope: Scope, receive: Receive, send: Send) -> None:
    assert scope["type"] == "http"
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"%d bytes" % len(body)})


@pytest.fixture
async def port() -> AsyncIterator[int]:
    config = uvicorn.Config(_app, http=PatientHttp, lifespan="off", log_level="error")
    server = uvicorn.Server(config)
    config.load()
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        async with asyncio.TaskGroup() as tasks:
            serving = tasks.create_task(server._serve([listener]))
            yield listener.getsockname()[1]
            server.should_exit = True
            await serving


async def send(port: int, *parts: bytes) -> bytes:
    """Send parts, hold the connection open, and return all that comes until it is closed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for part in parts:
            writer.write(part)
            await writer.drain()
        async with asyncio.timeout(30):
            return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()


@pytest.mark.parametrize("said", [b"", b"GET", GET, GET + b"X-A: 1\r\n"])
async def test_who_does_not_finish_a_head_is_let_go(
    port: int, said: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "HEAD_SECONDS", 0.2)
    assert await send(port, said) == b""


async def test_who_does_not_finish_a_body_is_let_go(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "BODY_SECONDS", 0.2)
    assert await send(port, GET + b"Content-Length: 10\r\n\r\nfour") == b""


async def test_a_second_request_has_to_be_finished_too(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "HEAD_SECONDS", 0.5)
    said = await send(port, GET + b"\r\n", GET)
    assert said.startswith(b"HTTP/1.1 200")
    assert said.count(b"HTTP/1.1") == 1


async def test_a_head_without_end_is_cut_off(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "HEAD_SECONDS", 1000)  # it is its size that ends it
    line = b"X-A: " + b"a" * 8000 + b"\r\n"
    assert await send(port, GET, *[line] * (HEAD_BYTES // 4000)) == b""


async def test_a_large_body_in_many_pieces_arrives(port: int) -> None:
    pieces = [b"x" * 50_000] * 10
    said = await send(port, GET + b"Connection: close\r\nContent-Length: 500000\r\n\r\n", *pieces)
    assert b"500000 bytes" in said


async def test_an_address_holds_so_many_silent_connections(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "SILENT_PER_ADDRESS", 2)
    held = [await asyncio.open_connection("127.0.0.1", port) for _ in range(2)]
    assert await send(port, GET) == b""
    for _, writer in held:
        writer.close()
        await writer.wait_closed()
    said = b""
    while not said:  # until the server has seen that they went
        said = await send(port, GET + b"Connection: close\r\n\r\n")
    assert said.startswith(b"HTTP/1.1 200")
