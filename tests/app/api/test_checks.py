import asyncio
import re
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
import sqlalchemy as sa

from openviber_app.api import checks
from openviber_app.services.runtime import Runtime
from openviber_app.store.tables import Environment
from tests.support.board import People, Person, api_client, with_git_hosts
from tests.support.board_process import BoardProcess, board_process
from tests.support.environments import add_node
from tests.support.git_server import GitServer
from tests.support.rest import Rest
from tests.support.waiting import fact

CHECK = "/api/environments/check"
MANUAL = {"name": "scratch", "type": "manual", "setupMode": "manual", "setupScript": "echo hello"}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[GitServer]:
    with GitServer(tmp_path / "git") as started:
        yield started


@pytest.fixture
async def client(
    runtime: Runtime, people: People, server: GitServer
) -> AsyncIterator[httpx2.AsyncClient]:
    async with api_client(
        with_git_hosts(runtime, server.host), checks.router, person=people.alice
    ) as client:
        yield client


async def checked(client: httpx2.AsyncClient, **body: Any) -> dict[str, Any]:
    answer = await client.post(CHECK, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_draft_is_answered_with_everything_that_was_found(
    client: httpx2.AsyncClient, runtime: Runtime, people: People, server: GitServer
) -> None:
    await add_node(runtime, user_id=people.alice.actor.user_id)
    url = server.create_repo("acme/demo", {"a": "1"})
    found = await checked(
        client,
        name="demo",
        type="github",
        repoUrl=url,
        setupMode="manual",
        setupScript="set -eu\ncp $CONFIG .env\n",
        checkCommand='test -n "$FOO"',
    )
    repository = found["repository"]
    assert (repository["status"], repository["branch"]) == ("ok", "main")
    assert re.fullmatch(r"[0-9a-f]{40}", repository["commit"])
    assert [script["field"] for script in found["scripts"]] == [
        "setupScript",
        "maintenanceScript",
        "checkCommand",
    ]
    first = found["scripts"][0]
    assert first["status"] == "warning"
    assert {(f["line"], f["level"], f["code"]) for f in first["findings"]} == {
        (2, "warning", "SC2154"),
        (2, "info", "SC2086"),
    }
    assert found["variables"] == {
        "status": "warning",
        "variables": 0,
        "secrets": 0,
        "undefined": ["CONFIG", "FOO"],
    }
    (node,) = found["nodes"]
    assert (node["name"], node["link"], node["fits"]) == ("studio-01", "connected", False)
    assert (found["errors"], found["warnings"], found["problems"]) == (0, 2, [])


async def test_what_would_be_refused_is_pointed_at_and_nothing_is_stored(
    client: httpx2.AsyncClient, runtime: Runtime
) -> None:
    found = await checked(client, **MANUAL | {"name": " "})
    assert [problem["pointer"] for problem in found["problems"]] == ["/name"]
    assert found["errors"] == 1
    async with runtime.store.read() as db:
        assert (await db.execute(sa.select(Environment))).all() == []


async def test_nodes_tell_their_load_and_what_they_have(
    client: httpx2.AsyncClient, runtime: Runtime, people: People
) -> None:
    node = await add_node(runtime, user_id=people.alice.actor.user_id)
    async with runtime.store.write() as db:
        row = await db.get_one(type(node), node.id)
        row.capabilities = {"os": "linux", "cores": 16, "git": "git version 2.47.1"}
        row.load = {"diskFreeBytes": 212, "memoryFreeBytes": 38}
    (told,) = (await checked(client, **MANUAL))["nodes"]
    assert {name: told[name] for name in ("os", "cores", "git", "fits")} == {
        "os": "linux",
        "cores": 16,
        "git": "2.47.1",
        "fits": True,
    }
    assert (told["diskFreeBytes"], told["memoryFreeBytes"]) == (212, 38)


async def test_an_environment_of_somebody_else_is_not_there(
    client: httpx2.AsyncClient, runtime: Runtime, people: People
) -> None:
    async def ask(person: Person, environment_id: str) -> httpx2.Response:
        return await client.post(
            CHECK, params={"environmentId": environment_id}, json=MANUAL, headers=person.headers
        )

    environment = Environment(
        user_id=people.alice.actor.user_id,
        name="x",
        type="manual",
        created_at=runtime.clock.now(),
        updated_at=runtime.clock.now(),
    )
    async with runtime.store.write() as db:
        db.add(environment)
    assert (await ask(people.alice, str(environment.id))).status_code == 200
    assert (await ask(people.bob, str(environment.id))).status_code == 404
    assert (await ask(people.alice, "none")).status_code == 422


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BoardProcess]:
    with board_process(
        tmp_path_factory.mktemp("board"), settings={"OPENVIBER_GIT_HOSTS": "127.0.0.1"}
    ) as started:
        yield started


def running_git(marker: str) -> list[str]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if marker in (folder / "cmdline").read_text():
                found.append(folder.name)
        except OSError:
            continue
    return found


async def test_a_visitor_who_hangs_up_leaves_no_git_behind(board: BoardProcess) -> None:
    rest = Rest(board.url)
    rest.become_owner(board.setup_code())
    cookie = rest.browser_cookie()
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/a/b"
        body = {"name": "x", "type": "github", "repoUrl": url}
        headers = {"Cookie": f"{cookie['name']}={cookie['value']}", "Origin": board.url}
        async with (
            httpx2.AsyncClient(base_url=board.url, headers=headers) as visitor,
            asyncio.TaskGroup() as tasks,
        ):
            asking = tasks.create_task(visitor.post(CHECK, json=body, timeout=60))
            await fact(lambda: running_git(url), "git asks the silent host")
            asking.cancel()
        await fact(lambda: not running_git(url), "git is gone")
