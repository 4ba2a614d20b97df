import threading
from pathlib import Path

import pytest

from openviber_daemon.runner.cancelling import CancelFlag
from openviber_daemon.workspace.access import Access, read_access
from openviber_daemon.workspace.errors import StoppedError, WorkspaceError
from openviber_daemon.workspace.git import Git
from openviber_daemon.workspace.locks import FolderLock
from openviber_daemon.workspace.mirrors import Mirror
from openviber_daemon.workspace.watching import Watch
from tests.support.git_server import GitServer, run_git


def access_to(server: GitServer, url: str, home: Path) -> Access:
    return read_access(
        url, home=home, environment_id="e", allowed_hosts=(server.host,), credential=None,
        use_node_credentials=False,
    )  # fmt: skip


@pytest.fixture
def url(server: GitServer) -> str:
    return server.create_repo("demo", {"a": "1\n"})


def test_a_mirror_knows_the_branches_of_the_other_side_and_has_none_of_its_own(
    home: Path, server: GitServer, url: str
) -> None:
    newer = server.commit("demo", {"a": "2\n"}, "Two", branch="dev")
    mirror, access = Mirror(home, owner_id="o", url=url), access_to(server, url, home)
    mirror.fetch(Git(), access)

    assert mirror.resolve(Git(), access, "dev").commit == newer
    assert mirror.resolve(Git(), access, "").branch == "main"
    assert mirror.known_default(Git()) == "main"
    assert run_git("for-each-ref", "refs/heads", cwd=mirror.path) == ""
    assert mirror.find_commit(Git(), "nothing") is None


def test_a_second_fetch_brings_only_what_is_new(home: Path, server: GitServer, url: str) -> None:
    mirror, access = Mirror(home, owner_id="o", url=url), access_to(server, url, home)
    mirror.fetch(Git(), access)
    newer = server.commit("demo", {"a": "2\n"}, "Two")
    mirror.fetch(Git(), access)

    assert mirror.resolve(Git(), access, "main").commit == newer
    assert [path.name for path in (home / "mirrors").iterdir()] == [mirror.path.name]


def test_owners_never_share_a_mirror(home: Path, url: str) -> None:
    assert Mirror(home, owner_id="a", url=url).path != Mirror(home, owner_id="b", url=url).path


def test_a_tag_can_be_named_too(home: Path, server: GitServer, url: str) -> None:
    run_git("tag", "v1", "main", cwd=server.path("demo"))
    mirror, access = Mirror(home, owner_id="o", url=url), access_to(server, url, home)
    mirror.fetch(Git(), access)

    assert mirror.resolve(Git(), access, "v1").branch == "v1"


def test_settings_that_a_script_left_to_steer_the_next_fetch_are_removed(
    home: Path, server: GitServer, url: str
) -> None:
    mirror, access = Mirror(home, owner_id="o", url=url), access_to(server, url, home)
    mirror.fetch(Git(), access)
    for name, value in {
        "url.http://127.0.0.1:9/.insteadOf": f"http://{server.host}/",
        "http.proxy": "http://127.0.0.1:9",
        "credential.helper": "!touch ran",
        "core.sshCommand": "touch ran",
        f"remote.{url}.uploadpack": "touch ran",
        "remote.fork.url": "https://example.org/fork",
    }.items():
        run_git("config", name, value, cwd=mirror.path)

    mirror.fetch(Git(), access)

    left = run_git("config", "--local", "--name-only", "--list", cwd=mirror.path).splitlines()
    assert "remote.fork.url" in left
    assert "remote.origin.url" in left
    assert not [
        name for name in left if name.startswith(("url.", "http.", "credential.", "remote.http"))
    ]
    assert "core.sshcommand" not in left


def test_a_fetch_that_fails_the_first_time_leaves_nothing(home: Path, server: GitServer) -> None:
    url = server.url("nothing")
    mirror = Mirror(home, owner_id="o", url=url)

    with pytest.raises(WorkspaceError, match="has no such repository"):
        mirror.fetch(Git(), access_to(server, url, home))

    assert list((home / "mirrors").iterdir()) == []


def test_what_a_killed_fetch_left_goes_with_the_next(
    home: Path, server: GitServer, url: str
) -> None:
    mirror = Mirror(home, owner_id="o", url=url)
    draft = mirror.path.with_name(f"{mirror.path.name}.new.1")
    draft.mkdir(parents=True)
    (draft / "objects").mkdir()

    mirror.fetch(Git(), access_to(server, url, home))

    assert not draft.exists()
    assert mirror.exists


def test_two_fetches_at_once_wait_for_each_other(home: Path, server: GitServer, url: str) -> None:
    errors: list[BaseException] = []

    def fetch() -> None:
        flag = CancelFlag()
        try:
            mirror = Mirror(home, owner_id="o", url=url)
            mirror.fetch(Git(Watch(cancel=flag)), access_to(server, url, home))
        except BaseException as error:  # noqa: BLE001 - a thread hands it to the test
            errors.append(error)
        finally:
            flag.close()

    threads = [threading.Thread(target=fetch) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []


def test_waiting_for_another_fetch_can_be_cancelled(
    home: Path, server: GitServer, url: str
) -> None:
    flag = CancelFlag()
    mirror = Mirror(home, owner_id="o", url=url)
    with FolderLock(home, mirror.path) as other:
        other.take()
        timer = threading.Timer(0.2, flag.request, args=("cancelled",))
        timer.start()
        with pytest.raises(StoppedError):
            mirror.fetch(Git(Watch(cancel=flag)), access_to(server, url, home))
        timer.join()
    flag.close()
