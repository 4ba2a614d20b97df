"""What goes when a node keeps more than it may; work that is not saved never does."""

from pathlib import Path

from openviber_daemon.workspace.errors import WorkspaceError
from openviber_daemon.workspace.git import Git
from openviber_daemon.workspace.locks import FolderLock
from openviber_daemon.workspace.node_settings import Limits
from openviber_daemon.workspace.removal import remove_tree, size_of
from openviber_daemon.workspace.slots import Slot, Slots, SlotState
from openviber_daemon.workspace.worktrees import head_commit, remove_worktree


def make_room(git: Git, *, home: Path, binding_id: str, limits: Limits) -> None:
    """Let one more slot of a binding fit: the oldest that no thread holds goes first.

    Raises:
        WorkspaceError: threads hold them all.
    """
    slots = Slots(home)
    mine = [slot for slot in slots.list_of_binding(binding_id) if slot.n > 0]
    while len(mine) >= limits.slots_per_binding:
        gone = _remove_oldest(git, home, mine)
        if gone is None:
            raise WorkspaceError(
                f"all {len(mine)} workspaces of this environment on this node are held by threads: "
                "archive a thread that is done, or raise slotsPerBinding in the node's config.json"
            )
        mine.remove(gone)
    everybody = [slot for slot in slots.list_all() if slot.n > 0]
    total = size_of(home / "workspaces")
    while total > limits.workspace_bytes:
        gone = _remove_oldest(git, home, everybody)
        if gone is None:
            raise WorkspaceError(
                f"the workspaces of this node take {total >> 20} MiB, more than the "
                f"{limits.workspace_bytes >> 20} "
                "MiB they may, and threads hold them all: archive threads that are done, or raise "
                "workspaceBytes in the node's config.json"
            )
        everybody.remove(gone)
        total = size_of(home / "workspaces")


def remove_slot(git: Git, *, home: Path, slot: Slot) -> None:
    """Delete a slot that no thread holds; whoever calls this holds its lock."""
    remove_worktree(git, mirror=Path(slot.mirror), path=slot.path)
    Slots(home).remove(slot)


def sweep_broken(git: Git, *, home: Path, environment_id: str) -> None:
    """Delete the slots whose filling was never finished: their process died, or failed."""
    for slot in Slots(home).list_of_environment(environment_id):
        if slot.n > 0 and slot.state in (SlotState.BROKEN, SlotState.FILLING):
            with FolderLock(home, slot.path) as lock:
                if lock.try_take():
                    remove_slot(git, home=home, slot=slot)


def trim_mirrors(git: Git, *, home: Path, limits: Limits, keep: Path) -> list[Path]:
    """Delete the mirrors that were used longest ago until the rest fits; returns those that went.

    A mirror with a checked-out folder, a thread's branch or an archive stays, whatever it weighs.
    """
    folder = home / "mirrors"
    if not folder.is_dir():
        return []
    sizes = {mirror: size_of(mirror) for mirror in folder.glob("*.git")}
    gone: list[Path] = []
    for mirror in sorted(sizes, key=lambda path: path.stat().st_mtime):
        if sum(sizes.values()) <= limits.mirror_bytes:
            break
        if mirror == keep or _holds_work(git, mirror):
            continue
        with FolderLock(home, mirror) as lock:
            if lock.try_take():
                remove_tree(mirror)
                del sizes[mirror]
                gone.append(mirror)
    return gone


def _holds_work(git: Git, mirror: Path) -> bool:
    worktrees = mirror / "worktrees"
    if worktrees.is_dir() and any(worktrees.iterdir()):
        return True
    refs = git.text("for-each-ref", "--format=%(refname)", cwd=mirror).splitlines()
    return any(not ref.startswith(("refs/remotes/", "refs/tags/")) for ref in refs)


def _was_worked_in(git: Git, slot: Slot) -> bool:
    # What set-up leaves behind is no work; a commit that somebody made by hand is.
    return head_commit(git, slot.path) not in ("", slot.base_commit)


def _remove_oldest(git: Git, home: Path, slots: list[Slot]) -> Slot | None:
    for slot in sorted(slots, key=lambda slot: slot.last_used_at):
        if slot.state is SlotState.CLAIMED:
            continue
        with FolderLock(home, slot.path) as lock:
            now = Slots(home).find(environment_id=slot.environment_id, n=slot.n)
            if not lock.try_take() or now is None or now.state is SlotState.CLAIMED:
                continue
            if now.state is SlotState.READY and _was_worked_in(git, now):
                continue
            remove_slot(git, home=home, slot=now)
            return slot
    return None
