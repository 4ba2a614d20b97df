"""Which workspace a run works in."""

import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from openviber_daemon.environments.fingerprint import board_parts, lockfile_parts, lockfiles
from openviber_daemon.runner.execution import Execution
from openviber_daemon.workspace.access import Access, read_access
from openviber_daemon.workspace.addresses import check_branch
from openviber_daemon.workspace.archive import find_work, restore_work, retire_archive
from openviber_daemon.workspace.errors import WorkspaceError
from openviber_daemon.workspace.filling import Filler, HeldSlot
from openviber_daemon.workspace.git import Git
from openviber_daemon.workspace.locks import FolderLock
from openviber_daemon.workspace.mirrors import Mirror
from openviber_daemon.workspace.node_settings import read_node_settings
from openviber_daemon.workspace.order import Order, read_order
from openviber_daemon.workspace.places import find_place, working_directory
from openviber_daemon.workspace.slots import Slot, SlotMovedError, Slots, SlotState
from openviber_daemon.workspace.watching import Watch
from openviber_daemon.workspace.worktrees import current_branch, head_commit, is_work_tree

IN_USE = "Waiting for the other run that works in this folder"


@dataclass
class Workspace:
    """A folder that one run holds until `close`; the end of the process closes it too."""

    path: Path
    cwd: Path
    """`path` plus the environment's working directory; it may be missing until set-up made it."""
    branch: str
    base_commit: str
    slot: int | None
    slots: dict[str, object] | None
    """A SlotReport payload, or None where the work happens in place."""
    needs_setup: bool
    is_git: bool = True
    lock: FolderLock | None = field(default=None, repr=False)
    record: Slot | None = field(default=None, repr=False)

    def close(self) -> None:
        """Let others have the folder; a thread's slot stays the thread's."""
        if self.lock is not None:
            self.lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def watch_of(execution: Execution) -> Watch:
    """Let an execution's cancel flag and log watch over git."""
    return Watch(cancel=execution.cancel, log=execution.console, attempt=execution.execution_id)


def access_of(execution: Execution, order: Order) -> Access:
    """Judge the repository address of an order.

    Raises:
        AddressError: it may not be used.
    """
    return read_access(
        order.spec.repo_url,
        home=execution.home,
        environment_id=order.environment_id,
        allowed_hosts=order.spec.allowed_hosts,
        credential=execution.git_credential,
        use_node_credentials=order.spec.use_node_credentials,
    )


class Claims:
    """Finds the workspace of a run, or makes one."""

    def __init__(self, execution: Execution) -> None:
        self._execution = execution
        self._home = execution.home
        self._order = read_order(execution.payload)
        self._watch = watch_of(execution)
        self._git = Git(self._watch)
        self._slots = Slots(execution.home)

    def claim(self) -> Workspace:
        """Give the thread its workspace: its own, an archived one again, a ready one, or a new one.

        Raises:
            WorkspaceError: there is none to be had; `reason` says how the run ends.
        """
        if self._order.in_place:
            return self._claim_place()
        check_branch(self._order.branch)
        held = self._own() or self._ready() or self._new()
        try:
            return self._workspace(held)
        except BaseException:
            held.lock.release()
            raise

    # ------------------------------------------------------------ one folder

    def _claim_place(self) -> Workspace:
        path = find_place(self._order, home=self._home)
        lock = FolderLock(self._home, path).take(self._watch, waiting=IN_USE)
        try:
            record = self._slots.find(environment_id=self._order.environment_id, n=0)
            commit = head_commit(self._git, path)
            prepared = record is not None and record.fingerprint and record.path == path
            return Workspace(
                path=path,
                cwd=working_directory(path, self._order.spec.working_dir),
                branch=current_branch(self._git, path) if commit else "",
                base_commit=commit,
                slot=None,
                slots=None,
                needs_setup=not prepared,
                is_git=is_work_tree(self._git, path),
                lock=lock,
                record=record,
            )
        except BaseException:
            lock.release()
            raise

    # ------------------------------------------------------------ slots

    def _own(self) -> HeldSlot | None:
        slot = self._slots.find_of_thread(self._order.thread_id)
        if slot is None:
            return None
        lock = FolderLock(self._home, slot.path).take(self._watch, waiting=IN_USE)
        if not slot.path.is_dir():
            # Deleted by hand: the branch is still in the mirror, the set-up is not.
            filler = self._filler(Path(slot.mirror))
            filler.recreate(slot)
            slot = self._slots.change(slot, replace(slot, branch="", fingerprint={}))
        return HeldSlot(slot, lock)

    def _ready(self) -> HeldSlot | None:
        """Take a ready slot, one that was made from the present environment first."""
        wanted = self._order.spec.fingerprint
        ready = [
            slot
            for slot in self._slots.list_of_binding(self._order.binding_id)
            if slot.n and slot.state is SlotState.READY and slot.path.is_dir()
        ]
        for slot in sorted(
            ready, key=lambda slot: (board_parts(slot.fingerprint) != wanted, slot.n)
        ):
            lock = FolderLock(self._home, slot.path)
            if not lock.try_take():
                continue
            try:
                return HeldSlot(self._slots.change(slot, self._claimed(slot)), lock)
            except SlotMovedError:
                lock.release()
        return None

    def _new(self) -> HeldSlot:
        access = access_of(self._execution, self._order)
        mirror = Mirror(self._home, owner_id=self._order.spec.owner_id, url=access.address.url)
        self._watch.say("No workspace is ready: making a new one")
        commit = self._known_commit(mirror)
        if commit is None:
            mirror.fetch(self._git, access)
            commit = mirror.resolve(self._git, access, self._order.spec.repo_branch).commit
        filler = self._filler(mirror.path)
        held = filler.add(commit)
        with filler.removed_on_failure(held):
            held.slot = self._slots.change(held.slot, self._claimed(held.slot))
        return held

    def _known_commit(self, mirror: Mirror) -> str | None:
        """Give the commit that was last prepared, so that a run needs no fetch of its own."""
        if not mirror.exists:
            return None
        branch = self._order.spec.repo_branch or mirror.known_default(self._git)
        return mirror.find_commit(self._git, check_branch(branch)) if branch else None

    def _filler(self, mirror: Path) -> Filler:
        return Filler(
            git=self._git, home=self._home, order=self._order, mirror=mirror,
            access=access_of(self._execution, self._order),
            limits=read_node_settings(self._home).limits,
        )  # fmt: skip

    def _claimed(self, slot: Slot) -> Slot:
        return replace(
            slot, state=SlotState.CLAIMED, thread_id=self._order.thread_id, last_used_at=time.time()
        )

    # ------------------------------------------------------------ the thread's branch

    def _workspace(self, held: HeldSlot) -> Workspace:
        slot, branch = held.slot, self._order.branch
        fresh = bool(slot.fingerprint)
        if not slot.branch:
            slot, fresh = self._enter_branch(slot)
        else:  # the thread may have gone to another one by itself
            branch = current_branch(self._git, slot.path)
        return Workspace(
            path=slot.path,
            cwd=working_directory(slot.path, self._order.spec.working_dir),
            branch=branch,
            base_commit=slot.base_commit,
            slot=slot.n,
            slots=self._slots.report(self._order.binding_id),
            needs_setup=not fresh,
            lock=held.lock,
            record=slot,
        )

    def _enter_branch(self, slot: Slot) -> tuple[Slot, bool]:
        """Put a slot just claimed on the thread's branch; say whether its set-up still holds."""
        branch = self._order.branch
        fresh = board_parts(slot.fingerprint) == self._order.spec.fingerprint and bool(
            slot.fingerprint
        )
        thread_id = self._order.thread_id
        archive, known = find_work(self._git, path=slot.path, thread_id=thread_id, branch=branch)
        if archive is not None:
            self._watch.say("Bringing the archived work of this thread back")
            restore_work(self._git, path=slot.path, archive=archive, branch=branch)
            cwd = working_directory(slot.path, self._order.spec.working_dir)
            fresh = fresh and lockfiles(cwd) == lockfile_parts(slot.fingerprint)
        elif known:
            self._git.run("switch", "--quiet", branch, cwd=slot.path)
        else:
            self._git.run("switch", "--quiet", "-c", branch, slot.base_commit, cwd=slot.path)
        after = replace(slot, branch=branch, fingerprint=slot.fingerprint if fresh else {})
        slot = self._slots.change(slot, after)
        if archive is not None:
            retire_archive(self._git, path=slot.path, thread_id=thread_id, archive=archive)
        return slot, fresh


def record_setup(home: Path, workspace: Workspace, *, fingerprint: dict[str, str]) -> None:
    """Remember that a claimed slot's set-up is finished."""
    if workspace.record is None or workspace.slot is None:
        return
    try:
        after = replace(workspace.record, fingerprint=fingerprint)
        workspace.record = Slots(home).change(workspace.record, after)
    except SlotMovedError as error:
        raise WorkspaceError(
            f"the workspace was taken away while it was set up: {error}"
        ) from error
