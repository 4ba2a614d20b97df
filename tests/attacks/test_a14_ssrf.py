"""A14: somebody has the board or a node ask machines of its own network."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from openviber_app.domain.hosts import AddressError, parse_repo_url
from openviber_app.domain.ip_addresses import is_public
from openviber_app.services import git_access, programs
from tests.support.git_server import GitServer
from tests.support.rest import RefusedError, Rest
from tests.support.workspaces import Environment, prepare

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


class Inner:
    """A machine of the private network: it notes who connects."""

    def __init__(self, listener: socket.socket) -> None:
        self.port = listener.getsockname()[1]
        self.visits = 0
        self._listener = listener

    def serve(self) -> None:
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            self.visits += 1
            line.close()


@pytest.fixture
def inner() -> Iterator[Inner]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        made = Inner(listener)
        thread = threading.Thread(target=made.serve, daemon=True)
        thread.start()
        yield made
        listener.shutdown(socket.SHUT_RDWR)
    thread.join()


ADDRESSES = [
    "{scheme}://127.0.0.1:{port}/a/b",
    "{scheme}://localhost:{port}/a/b",
    "{scheme}://localhost.:{port}/a/b",
    "{scheme}://LOCALHOST:{port}/a/b",
    "{scheme}://a.localhost:{port}/a/b",
    "{scheme}://0.0.0.0:{port}/a/b",
    "{scheme}://0x7f.1:{port}/a/b",
    "{scheme}://0x7f000001:{port}/a/b",
    "{scheme}://2130706433:{port}/a/b",
    "{scheme}://0177.0.0.1:{port}/a/b",
    "{scheme}://127.1:{port}/a/b",
    "{scheme}://[::1]:{port}/a/b",
    "{scheme}://[::ffff:127.0.0.1]:{port}/a/b",
    "{scheme}://[64:ff9b::7f00:1]:{port}/a/b",
    "{scheme}://169.254.169.254/latest/meta-data",
    "{scheme}://metadata.google.internal/a/b",
    "{scheme}://10.0.0.1/a/b",
    "{scheme}://github.com@127.0.0.1:{port}/a/b",
    "{scheme}://github.com\\@127.0.0.1:{port}/a/b",
    "{scheme}://127.0.0.1:{port}#github.com/a/b",
    "{scheme}://①②⑦.0.0.1:{port}/a/b",
]


def every(port: int) -> list[str]:
    made = [
        one.format(scheme=scheme, port=port) for one in ADDRESSES for scheme in ("http", "https")
    ]
    ssh = [f"ssh://git@127.0.0.1:{port}/a/b", "git@127.0.0.1:a/b", f"git@[::1]:{port}/a/b"]
    others = [f"git://127.0.0.1:{port}/a", "file:///etc/passwd", f"ftp://127.0.0.1:{port}/a/b"]
    return made + ssh + others


def test_the_board_neither_keeps_nor_asks_a_private_address(rest: Rest, inner: Inner) -> None:
    let_in: list[str] = []
    for url in every(inner.port):
        body = {"name": "inner", "type": "github", "repoUrl": url}
        found = rest.post("/api/environments/check", body)
        if found["repository"]["status"] == "ok":
            let_in.append(url)
        try:
            rest.post("/api/environments", body)
        except RefusedError as refused:
            if refused.status != 422:
                let_in.append(f"{refused.status} {url}")
        else:
            let_in.append(url)
    assert (let_in, inner.visits) == ([], 0)


def test_a_node_does_not_either_whatever_its_board_says(tmp_path: Path, inner: Inner) -> None:
    let_in: list[str] = []
    for url in every(inner.port):
        end = prepare(Environment(_home(tmp_path), url))
        if end.final.status != "error" or end.phases().get("checkout"):
            let_in.append(url)
    assert (let_in, inner.visits) == ([], 0)


def _home(folder: Path) -> Path:
    home = folder / "home"
    home.mkdir(mode=0o700, exist_ok=True)
    return home


def private_name() -> str:
    """Return a name of this machine, with an innocent look, that leads into its own network."""
    name = socket.gethostname()
    found = {str(entry[4][0]) for entry in socket.getaddrinfo(name, 443)}
    assert found
    assert not any(is_public(ip) for ip in found)
    return name


async def test_a_name_that_leads_inside_is_found_out_when_it_is_resolved(
    tmp_path: Path, rest: Rest, inner: Inner
) -> None:
    url = f"https://{private_name()}:{inner.port}/a/b"
    body = {"name": "inner", "type": "github", "repoUrl": url}
    answer = rest.post("/api/environments/check", body)["repository"]
    assert answer["status"] == "error"
    assert "private address" in answer["message"]
    address = parse_repo_url(url, named_hosts=[])
    with pytest.raises(AddressError, match="private address"):
        await git_access.reach(address, is_allowed=False)
    end = prepare(Environment(_home(tmp_path), url))
    assert "private address" in end.final.message
    assert inner.visits == 0


async def test_a_name_that_changes_its_meaning_is_asked_at_the_address_that_was_judged(
    git: GitServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    host, _, port = git.host.partition(":")
    url = f"http://rebound.invalid:{port}/sample.git"  # a name that leads nowhere by now
    address = parse_repo_url(url, named_hosts=[f"rebound.invalid:{port}"])
    judged = git_access.Reached(
        address=address, name="rebound.invalid", port=int(port), resolved=(host,)
    )
    with git_access.environment_of(judged, None) as environment:
        asked = await programs.run(
            ["git", "ls-remote", "--end-of-options", url], environment=environment, seconds=30
        )
    assert asked.exit_code == 0, asked.errors
    assert "refs/heads/main" in asked.output


def test_a_redirect_into_the_network_is_not_followed(
    tmp_path: Path, rest: Rest, git: GitServer, inner: Inner
) -> None:
    git.redirect_to = f"http://127.0.0.1:{inner.port}"
    try:
        body = {"name": "inner", "type": "github", "repoUrl": git.url("sample")}
        answer = rest.post("/api/environments/check", body)["repository"]
        end = prepare(Environment(_home(tmp_path), git.url("sample"), (git.host,)))
    finally:
        git.redirect_to = None
    assert answer["status"] == "error"
    assert "another address" in answer["message"] + end.final.message
    assert end.phases() == {"resolve": "done", "fetch": "failed"}
    assert inner.visits == 0
