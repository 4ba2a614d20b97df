from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx2
import pytest

from openviber_app.api import environments, samples
from openviber_app.services.runtime import Runtime
from tests.support.board import People, api_client
from tests.support.board_process import BoardProcess, board_process
from tests.support.git_server import run_git


@pytest.fixture
async def client(runtime: Runtime, people: People) -> AsyncIterator[httpx2.AsyncClient]:
    async with api_client(
        runtime, samples.router, environments.router, person=people.alice
    ) as client:
        yield client


async def test_the_first_call_makes_it_and_the_next_one_returns_it(
    client: httpx2.AsyncClient,
) -> None:
    first = await client.post("/api/environments/sample")
    assert first.status_code == 201
    made = first.json()
    assert first.headers["location"] == f"/api/environments/{made['id']}"
    assert made["metadata"]["suggestions"][0]["text"] == "python3 -m unittest -v"
    again = await client.post("/api/environments/sample")
    assert (again.status_code, again.json()) == (200, made)
    assert (await client.get(f"/api/environments/{made['id']}")).json() == made


async def test_a_changed_sample_can_be_saved(client: httpx2.AsyncClient) -> None:
    made = (await client.post("/api/environments/sample")).json()
    fields = ("name", "type", "repoUrl", "setupMode", "setupScript", "metadata")
    body = {name: made[name] for name in fields} | {"description": "mine"}
    saved = await client.put(f"/api/environments/{made['id']}", json=body)
    assert (saved.status_code, saved.json()["repoUrl"]) == (200, made["repoUrl"])


@pytest.mark.parametrize(
    "url",
    [
        "http://board.test/other.git",
        "http://board.test/sample.git/../x.git",
        "http://board.test/sample.git.evil",
        "http://board.test:8080/sample.git",
        "http://evil.test/sample.git",
        "http://board.test@evil.test/sample.git",
        "http://evil.test/http://board.test/sample.git",
        "http://board.test/api/x",
    ],
)
async def test_nothing_beside_the_samples_own_address_is_allowed(
    client: httpx2.AsyncClient, url: str
) -> None:
    body = {"name": "x", "type": "github", "repoUrl": url}
    refused = await client.post("/api/environments", json=body)
    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.json()["errors"]] == ["/repoUrl"]


@pytest.mark.parametrize(
    "path", ["", "config", "objects/info/alternates", "../board.sqlite3", "%2e%2e/x", "HEAD/x"]
)
async def test_nothing_but_the_samples_files_is_given(
    client: httpx2.AsyncClient, path: str
) -> None:
    assert (await client.get(f"/sample.git/{path}")).status_code == 404


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BoardProcess]:
    with board_process(tmp_path_factory.mktemp("board")) as started:
        yield started


def test_git_clones_it_from_a_running_board_without_signing_in(
    board: BoardProcess, tmp_path: Path
) -> None:
    run_git("clone", "--quiet", f"{board.url}/sample.git", "work", cwd=tmp_path)
    assert (tmp_path / "work" / "skyline" / "city.py").is_file()
    told = run_git("ls-remote", "--symref", f"{board.url}/sample.git", "HEAD", cwd=tmp_path)
    assert told.startswith("ref: refs/heads/main\tHEAD\n")
