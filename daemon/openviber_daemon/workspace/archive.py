"""What is kept of a thread's work when its workspace goes."""

from pathlib import Path

from openviber_daemon.workspace.errors import BusyError, WorkspaceError
from openviber_daemon.workspace.git import Git
from openviber_daemon.workspace.locks import FolderLock
from openviber_daemon.workspace.quotas import remove_slot
from openviber_daemon.workspace.slots import Slot, Slots, SlotState
from openviber_daemon.workspace.snapshots import snapshot
from openviber_daemon.workspace.worktrees import current_branch, head_commit

NAMESPACE = "refs/openviber/archive/"
RETIRED = "refs/openviber/restored/"
BRANCH = "branch: "

PEN = {
    "GIT_AUTHOR_NAME": "OpenViber",
    "GIT_AUTHOR_EMAIL": "openviber@localhost",
    "GIT_COMMITTER_NAME": "OpenViber",
    "GIT_COMMITTER_EMAIL": "openviber@localhost",
}


def archive_ref(thread_id: str) -> str:
    """Give the hidden ref under which a thread's work is kept."""
    return f"{NAMESPACE}{thread_id}"


def archive_thread(home: Path, *, thread_id: str, binding_id: str) -> dict[str, object]:
    """Keep a thread's files, tracked and untracked, then give its slot back; returns a SlotReport.

    A second call, or a thread without a slot, changes nothing.

    Raises:
        BusyError: a run of the thread is still going on.
        WorkspaceError: something in the workspace cannot be kept; nothing was removed.
    """
    slots = Slots(home)
    slot = slots.find_of_thread(thread_id)
    if slot is not None:
        with FolderLock(home, slot.path) as lock:
            if not lock.try_take():
                raise BusyError(
                    "a run of this thread is still going on: stop it, then archive the thread"
                )
            keep_work(Git(), slot=slot, thread_id=thread_id)
            remove_slot(Git(), home=home, slot=slot)
    return slots.report(binding_id)


def release_binding(home: Path, *, binding_id: str) -> dict[str, object]:
    """Give back all slots of a binding that is no longer mapped here; returns a SlotReport.

    Claimed ones are archived first. What is busy or cannot be kept stays, and is counted. A folder
    that works in place is only forgotten.
    """
    slots = Slots(home)
    for slot in slots.list_of_binding(binding_id):
        if slot.n == 0:
            slots.remove(slot)
            continue
        with FolderLock(home, slot.path) as lock:
            if not lock.try_take():
                continue
            try:
                if slot.state is SlotState.CLAIMED and slot.thread_id is not None:
                    keep_work(Git(), slot=slot, thread_id=slot.thread_id)
            except WorkspaceError:
                continue
            remove_slot(Git(), home=home, slot=slot)
    return slots.report(binding_id)


def keep_work(git: Git, *, slot: Slot, thread_id: str) -> None:
    """Write the hidden ref of a thread from the files in its slot.

    Raises:
        WorkspaceError: a repository inside the workspace would be lost.
    """
    if not slot.path.is_dir():
        return  # somebody deleted it by hand; the branch is still in the mirror
    head = head_commit(git, slot.path)
    tree = snapshot(slot.path, git=git)
    if tree is None:
        raise WorkspaceError(
            f"{slot.path} is no longer a git workspace: save what is in it by hand"
        )
    _check_nested(git, path=slot.path, tree=tree)
    message = f"Work of thread {thread_id}\n\n{BRANCH}{current_branch(git, slot.path)}\n"
    parents = ("-p", head) if head else ()
    commit = git.run(
        "commit-tree", tree, *parents, "-m", message, cwd=slot.path, environment=PEN,
        doing="keep the thread's files",
    ).text  # fmt: skip
    git.run("update-ref", archive_ref(thread_id), commit, cwd=slot.path)


def find_work(git: Git, *, path: Path, thread_id: str, branch: str) -> tuple[str | None, bool]:
    """Give the commit that holds an archived thread's files, and whether its branch exists."""
    refs = (archive_ref(thread_id), f"refs/heads/{branch}")
    listed = git.text("for-each-ref", "--format=%(refname) %(objectname)", *refs, cwd=path)
    found = dict(line.split(" ") for line in listed.splitlines())
    return found.get(refs[0]), refs[1] in found


def retire_archive(git: Git, *, path: Path, thread_id: str, archive: str) -> None:
    """Put an archive aside that was brought back, so that it never overwrites newer work."""
    git.run("update-ref", f"{RETIRED}{thread_id}", archive, cwd=path)
    git.run("update-ref", "-d", archive_ref(thread_id), archive, cwd=path)


def restore_work(git: Git, *, path: Path, archive: str, branch: str) -> None:
    """Put an archived thread's branch and files back into a workspace.

    What was staged comes back unstaged; files that are not ignored and not in the archive go.
    """
    message = git.text("log", "-1", "--format=%B", archive, cwd=path)
    listed = [line.removeprefix(BRANCH) for line in message.splitlines() if line.startswith(BRANCH)]
    name = listed[-1] if listed and listed[-1] else branch
    head = git.find("rev-parse", "--verify", "--quiet", f"{archive}^", cwd=path)
    git.run("clean", "-ffdq", cwd=path)
    if head is not None:
        tip = git.find(
            "rev-parse", "--verify", "--quiet", f"refs/heads/{name}^{{commit}}", cwd=path
        )
        if tip is None:
            git.run("switch", "--quiet", "--discard-changes", "-c", name, head, cwd=path)
        elif tip == head:
            git.run("switch", "--quiet", "--discard-changes", name, cwd=path)
        else:
            git.run("switch", "--quiet", "--discard-changes", "--detach", head, cwd=path)
    # `read-tree -u` makes index and files those of the archive, also where files went; the second
    # puts the index back to HEAD, so that uncommitted work is uncommitted again.
    git.run("read-tree", "--reset", "-u", archive, cwd=path)
    if head is not None:
        git.run("reset", "--quiet", "--mixed", cwd=path)


def _check_nested(git: Git, *, path: Path, tree: str) -> None:
    listed = git.run("ls-tree", "-r", "-z", tree, cwd=path).stdout.split(b"\0")
    for entry in listed:
        if not entry.startswith(b"160000 "):
            continue
        facts, name = entry.split(b"\t", 1)
        commit, inner = facts.split()[2].decode(), path / name.decode("utf-8", "surrogateescape")
        if not (inner / ".git").exists():
            continue
        known = git.find("rev-parse", "--verify", "--quiet", f"HEAD:{name.decode()}", cwd=path)
        status = git.run("status", "--porcelain", cwd=inner, check=False)
        if known != commit or status.exit_code != 0 or status.stdout.strip():
            raise WorkspaceError(
                f"{name.decode(errors='replace')} is a git repository of its own with work that "
                "the archive "
                "cannot keep: push it somewhere or remove its .git folder, then archive the thread"
            )
