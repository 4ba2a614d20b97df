import os
import uuid
from dataclasses import replace
from pathlib import Path

import pytest

from openviber_daemon.workspace.archive import archive_thread
from openviber_daemon.workspace.errors import WorkspaceError
from openviber_daemon.workspace.git import Git
from openviber_daemon.workspace.locks import FolderLock
from openviber_daemon.workspace.node_settings import Limits
from openviber_daemon.workspace.quotas import make_room, sweep_broken, trim_mirrors
from openviber_daemon.workspace.slots import Slots, SlotState
from tests.support.git_server import GitServer, run_git
from tests.support.workspaces import Environment, claimed, prepare


@pytest.fixture
def environment(home: Path, server: GitServer) -> Environment:
    url = server.create_repo("demo", {"a": "1\n"})
    environment = Environment(home, url, (server.host,))
    prepare(environment)
    return environment


def slots_of(environment: Environment) -> list[int]:
    return [slot.n for slot in Slots(environment.home).list_of_binding(environment.binding_id)]


def test_the_oldest_that_no_thread_holds_goes_first(environment: Environment, home: Path) -> None:
    with claimed(environment, str(uuid.uuid4())):
        pass
    prepare(environment)
    prepare(environment, kind="spare", force=True)
    assert slots_of(environment) == [1, 2, 3]

    make_room(
        Git(), home=home, binding_id=environment.binding_id, limits=Limits(slots_per_binding=3)
    )

    assert slots_of(environment) == [1, 3]
    assert not list(home.glob("workspaces/*/2"))


def test_one_that_a_thread_holds_never_goes(environment: Environment, home: Path) -> None:
    with claimed(environment, str(uuid.uuid4())):
        pass
    for limits in (Limits(slots_per_binding=1), Limits(workspace_bytes=1)):
        with pytest.raises(WorkspaceError, match="archive"):
            make_room(Git(), home=home, binding_id=environment.binding_id, limits=limits)

    assert slots_of(environment) == [1]


def test_a_workspace_with_commits_made_by_hand_never_goes(
    environment: Environment, home: Path
) -> None:
    [slot] = Slots(home).list_of_binding(environment.binding_id)
    run_git("commit", "--allow-empty", "-qm", "By hand", cwd=slot.path)

    with pytest.raises(WorkspaceError):
        make_room(
            Git(), home=home, binding_id=environment.binding_id, limits=Limits(slots_per_binding=1)
        )

    assert slot.path.is_dir()


def test_workspaces_give_way_when_they_take_too_many_bytes(
    environment: Environment, home: Path
) -> None:
    [slot] = Slots(home).list_of_binding(environment.binding_id)
    (slot.path / "big").write_bytes(os.urandom(2_000_000))

    make_room(
        Git(),
        home=home,
        binding_id=environment.binding_id,
        limits=Limits(workspace_bytes=1_000_000),
    )

    assert slots_of(environment) == []


def test_half_slots_of_dead_processes_are_swept_but_not_those_being_filled(
    environment: Environment, home: Path
) -> None:
    slots = Slots(home)
    [ready] = slots.list_of_binding(environment.binding_id)
    dead = slots.add(
        binding_id=environment.binding_id, environment_id=environment.environment_id,
        root=ready.path.parent, mirror=ready.mirror, now=1.0,
    )  # fmt: skip
    alive = slots.add(
        binding_id=environment.binding_id, environment_id=environment.environment_id,
        root=ready.path.parent, mirror=ready.mirror, now=1.0,
    )  # fmt: skip
    dead.path.mkdir()
    with FolderLock(home, alive.path) as lock:
        assert lock.try_take()
        sweep_broken(Git(), home=home, environment_id=environment.environment_id)

    assert slots_of(environment) == [ready.n, alive.n]
    assert not dead.path.exists()


def test_the_mirror_used_longest_ago_goes_first(
    environment: Environment, home: Path, server: GitServer
) -> None:
    mirrors = home / "mirrors"
    [kept] = mirrors.glob("*.git")
    unused = mirrors / "unused.git"
    run_git("init", "--bare", "--quiet", str(unused), cwd=home)
    (unused / "objects" / "filler").write_bytes(os.urandom(500_000))

    gone = trim_mirrors(Git(), home=home, limits=Limits(mirror_bytes=300_000), keep=kept)

    assert gone == [unused]
    assert kept.is_dir()


def test_a_mirror_with_a_threads_work_stays_whatever_it_weighs(
    environment: Environment, home: Path
) -> None:
    thread = str(uuid.uuid4())
    with claimed(environment, thread):
        pass
    archive_thread(home, thread_id=thread, binding_id=environment.binding_id)
    [mirror] = (home / "mirrors").glob("*.git")

    gone = trim_mirrors(Git(), home=home, limits=Limits(mirror_bytes=1), keep=home)

    assert gone == []
    assert mirror.is_dir()


def test_broken_slots_are_no_obstacle(environment: Environment, home: Path) -> None:
    slots = Slots(home)
    [slot] = slots.list_of_binding(environment.binding_id)
    slots.change(slot, replace(slot, state=SlotState.BROKEN))

    assert prepare(environment).final.status == "ready"
    assert slots_of(environment) == [1]
