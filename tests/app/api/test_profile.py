from collections.abc import AsyncIterator

import httpx2
import pytest

from openviber_app.api import accounts, profile
from openviber_app.services.runtime import Runtime
from openviber_app.services.setup_code import ensure_setup_code
from openviber_app.services.visitors import COOKIE
from tests.support.board import api_client

ADA = {"name": "Ada", "email": "ada@example.test", "password": "correct horse"}
SIGN_IN = {name: ADA[name] for name in ("email", "password")}


@pytest.fixture
async def client(runtime: Runtime) -> AsyncIterator[httpx2.AsyncClient]:
    async with api_client(runtime, accounts.router, profile.router) as client:
        code = await ensure_setup_code(runtime)
        await client.post("/api/setup", json=ADA | {"code": code})
        yield client


async def test_a_name_is_changed(client: httpx2.AsyncClient) -> None:
    answer = await client.patch("/api/me", json={"name": "Ada L."})
    assert answer.json()["name"] == "Ada L."
    assert (await client.get("/api/me")).json()["name"] == "Ada L."


async def test_a_new_password_keeps_this_browser_signed_in_by_another_value(
    client: httpx2.AsyncClient,
) -> None:
    await sign_in_elsewhere(client)
    assert len((await client.get("/api/sessions")).json()["sessions"]) == 2
    old = client.cookies[COOKIE]
    body = {"currentPassword": ADA["password"], "newPassword": "battery staple"}
    assert (await client.put("/api/me/password", json=body)).status_code == 204
    (left,) = (await client.get("/api/sessions")).json()["sessions"]
    assert left["isCurrent"] is True
    assert client.cookies[COOKIE] != old
    stolen = await client.get("/api/me", headers={"Cookie": f"{COOKIE}={old}"})
    assert stolen.status_code == 401
    again = await client.put("/api/me/password", json=body)
    assert again.json()["errors"][0]["pointer"] == "/currentPassword"
    assert "battery" not in again.text


async def test_sessions_are_revoked_one_by_one_or_all_but_this(
    client: httpx2.AsyncClient,
) -> None:
    for _ in range(3):
        await sign_in_elsewhere(client)
    listed = (await client.get("/api/sessions")).json()["sessions"]
    (current,) = (row for row in listed if row["isCurrent"])
    other = next(row for row in listed if not row["isCurrent"])
    assert (await client.delete(f"/api/sessions/{other['id']}")).status_code == 204
    assert (await client.delete(f"/api/sessions/{other['id']}")).status_code == 404
    assert (await client.delete("/api/sessions")).status_code == 204
    left = (await client.get("/api/sessions")).json()["sessions"]
    assert [row["id"] for row in left] == [current["id"]]


async def sign_in_elsewhere(client: httpx2.AsyncClient) -> None:
    """Sign in as another browser does, and stay the browser that it was."""
    mine = client.cookies[COOKIE]
    client.cookies.clear()
    assert (await client.post("/api/sessions", json=SIGN_IN)).status_code == 201
    client.cookies.clear()
    client.cookies.set(COOKIE, mine, domain="board.test")


async def test_what_goes_on_is_counted(client: httpx2.AsyncClient) -> None:
    assert (await client.get("/api/activity")).json() == {"running": 0, "needsYou": 0}
