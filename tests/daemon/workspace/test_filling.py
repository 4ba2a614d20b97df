import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from openviber_daemon.workspace.claims import access_of
from openviber_daemon.workspace.errors import BusyError, GitError
from openviber_daemon.workspace.filling import Filler
from openviber_daemon.workspace.git import Git
from openviber_daemon.workspace.locks import FolderLock
from openviber_daemon.workspace.mirrors import Mirror
from openviber_daemon.workspace.node_settings import Limits
from openviber_daemon.workspace.order import read_order
from openviber_daemon.workspace.slots import Slots, SlotState
from tests.support.git_server import GitServer, run_git
from tests.support.workspaces import Environment


@pytest.fixture
def filler(home: Path, server: GitServer) -> Iterator[Filler]:
    url = server.create_repo("demo", {"a": "1\n", ".gitignore": "built\n"})
    environment = Environment(home, url, (server.host,))
    payload = environment.prepare()
    with environment.execution(payload) as execution:
        order = read_order(payload)
        access = access_of(execution, order)
        mirror = Mirror(home, owner_id=order.spec.owner_id, url=url)
        mirror.fetch(Git(), access)
        yield Filler(
            git=Git(), home=home, order=order, mirror=mirror.path, access=access, limits=Limits()
        )


def commit_of(filler: Filler) -> str:
    return run_git("rev-parse", "refs/remotes/origin/main", cwd=filler.mirror)


def test_a_filled_slot_is_ready_with_its_fingerprint(filler: Filler, home: Path) -> None:
    held = filler.add(commit_of(filler))
    assert held.slot.state is SlotState.FILLING
    filler.finish(held, fingerprint={"commit": "x"})
    held.lock.release()

    [slot] = Slots(home).list_of_binding(filler.order.binding_id)
    assert slot.state is SlotState.READY
    assert slot.fingerprint == {"commit": "x"}
    assert slot.base_commit == commit_of(filler)
    assert (slot.path / "a").read_text() == "1\n"
    assert filler.is_intact(slot)


def test_a_checkout_that_fails_leaves_no_slot(filler: Filler, home: Path) -> None:
    with pytest.raises(GitError):
        filler.add("0" * 40)

    assert Slots(home).list_all() == []
    assert not list(home.glob("workspaces/*/1"))


def test_an_update_keeps_what_set_up_made_unless_it_shall_be_pristine(
    filler: Filler, server: GitServer
) -> None:
    held = filler.add(commit_of(filler))
    (held.slot.path / "built").write_text("x\n")
    (held.slot.path / "a").write_text("changed by set-up\n")
    newer = server.commit("demo", {"a": "2\n"}, "Two")
    Mirror(filler.home, owner_id=filler.order.spec.owner_id, url=filler.access.address.url).fetch(
        Git(), filler.access
    )

    filler.update(held, newer, pristine=False)
    assert (held.slot.path / "a").read_text() == "2\n"
    assert (held.slot.path / "built").exists()
    filler.update(held, newer, pristine=True)
    assert not (held.slot.path / "built").exists()
    held.lock.release()


def test_a_slot_that_is_in_use_cannot_be_taken_back(filler: Filler, home: Path) -> None:
    held = filler.add(commit_of(filler))
    filler.finish(held, fingerprint={"commit": "x"})

    with pytest.raises(BusyError):
        filler.take(held.slot)

    held.lock.release()
    again = filler.take(held.slot)
    assert again.slot.state is SlotState.FILLING
    again.lock.release()


def test_a_slot_that_was_touched_is_not_intact(filler: Filler) -> None:
    held = filler.add(commit_of(filler))
    run_git("commit", "--allow-empty", "-qm", "x", cwd=held.slot.path)

    assert not filler.is_intact(held.slot)
    held.lock.release()


def test_only_outdated_ready_slots_are_dropped(filler: Filler, home: Path) -> None:
    for fingerprint in ({"commit": "old"}, {"commit": "new"}, {"commit": "old"}):
        held = filler.add(commit_of(filler))
        filler.finish(held, fingerprint=fingerprint)
        held.lock.release()
    slots = Slots(home).list_of_binding(filler.order.binding_id)
    with FolderLock(home, slots[2].path) as busy:
        busy.take()
        filler.drop_outdated(fingerprint={"commit": "new"})

    assert [s.n for s in Slots(home).list_of_binding(filler.order.binding_id)] == [2, 3]


def test_bindings_of_one_environment_never_share_a_folder(filler: Filler, home: Path) -> None:
    first = filler.add(commit_of(filler))
    other = Slots(home).add(
        binding_id=str(uuid.uuid4()), environment_id=filler.order.environment_id,
        root=first.slot.path.parent, mirror="m", now=1.0,
    )  # fmt: skip

    assert other.path != first.slot.path
    first.lock.release()
