"""How a slot comes to be: a number, a folder, a checkout, and its lock."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from openviber_daemon.home import make_private_directory
from openviber_daemon.workspace.access import Access
from openviber_daemon.workspace.errors import BusyError
from openviber_daemon.workspace.git import Git
from openviber_daemon.workspace.locks import FolderLock
from openviber_daemon.workspace.node_settings import Limits
from openviber_daemon.workspace.order import Order
from openviber_daemon.workspace.quotas import make_room, remove_slot, sweep_broken
from openviber_daemon.workspace.slots import Slot, Slots, SlotState
from openviber_daemon.workspace.submodules import fetch_submodules
from openviber_daemon.workspace.worktrees import add_worktree, head_commit, move_to


@dataclass
class HeldSlot:
    """A slot with its lock: nobody else touches it."""

    slot: Slot
    lock: FolderLock


@dataclass(frozen=True)
class Filler:
    """Fills slots of one order from its mirror."""

    git: Git
    home: Path
    order: Order
    mirror: Path
    access: Access
    limits: Limits

    def add(self, commit: str) -> HeldSlot:
        """Check a commit out into a new slot; nothing of it stays when that fails.

        Raises:
            WorkspaceError: there is no room, or the checkout failed.
        """
        held = self._reserve()
        with self.removed_on_failure(held):
            add_worktree(self.git, mirror=self.mirror, path=held.slot.path, commit=commit)
            self._submodules(held.slot.path)
            after = replace(held.slot, base_commit=commit)
            held.slot = Slots(self.home).change(held.slot, after)
        return held

    def take(self, slot: Slot) -> HeldSlot:
        """Take a ready slot back to be filled anew.

        Raises:
            BusyError: a thread was faster.
        """
        lock = FolderLock(self.home, slot.path)
        if not lock.try_take():
            raise BusyError(f"slot {slot.n} is in use")
        try:
            after = replace(slot, state=SlotState.FILLING, last_used_at=time.time())
            return HeldSlot(Slots(self.home).change(slot, after), lock)
        except BaseException:
            lock.release()
            raise

    def update(self, held: HeldSlot, commit: str, *, pristine: bool) -> None:
        """Put a held slot's files at a commit; a slot that cannot be updated goes."""
        with self.removed_on_failure(held):
            move_to(self.git, path=held.slot.path, commit=commit, pristine=pristine)
            self._submodules(held.slot.path)
            after = replace(held.slot, base_commit=commit)
            held.slot = Slots(self.home).change(held.slot, after)

    def recreate(self, slot: Slot) -> None:
        """Check a claimed slot out again whose folder is gone."""
        add_worktree(self.git, mirror=self.mirror, path=slot.path, commit=slot.base_commit)
        self._submodules(slot.path)

    def finish(self, held: HeldSlot, *, fingerprint: dict[str, str]) -> None:
        """Offer a filled slot to threads."""
        after = replace(
            held.slot, state=SlotState.READY, fingerprint=fingerprint, last_used_at=time.time()
        )
        held.slot = Slots(self.home).change(held.slot, after)

    def is_intact(self, slot: Slot) -> bool:
        """Say whether a ready slot is still what set-up left."""
        return head_commit(self.git, slot.path) == slot.base_commit != ""

    def drop_outdated(self, *, fingerprint: dict[str, str]) -> None:
        """Remove the ready slots of the binding that were made from something else."""
        for slot in Slots(self.home).list_of_binding(self.order.binding_id):
            if slot.n and slot.state is SlotState.READY and slot.fingerprint != fingerprint:
                with FolderLock(self.home, slot.path) as lock:
                    now = Slots(self.home).find(environment_id=slot.environment_id, n=slot.n)
                    if lock.try_take() and now == slot:
                        remove_slot(self.git, home=self.home, slot=slot)

    @contextmanager
    def removed_on_failure(self, held: HeldSlot) -> Iterator[None]:
        """Leave no half slot behind, however its filling ends."""
        try:
            yield
        except BaseException:
            # The one who asked for the end does not end the tidying up as well.
            remove_slot(Git(), home=self.home, slot=held.slot)
            held.lock.release()
            raise

    def _reserve(self) -> HeldSlot:
        root = self.home / "workspaces" / self.order.environment_id
        make_private_directory(root)
        waiting = "Waiting for another execution that makes room for a workspace"
        with FolderLock(self.home, root).take(self.git.watch, waiting=waiting):
            sweep_broken(self.git, home=self.home, environment_id=self.order.environment_id)
            make_room(
                self.git, home=self.home, binding_id=self.order.binding_id, limits=self.limits
            )
            slot = Slots(self.home).add(
                binding_id=self.order.binding_id, environment_id=self.order.environment_id,
                root=root, mirror=str(self.mirror), now=time.time(),
            )  # fmt: skip
            lock = FolderLock(self.home, slot.path)
            lock.try_take()
            return HeldSlot(slot, lock)

    def _submodules(self, path: Path) -> None:
        if self.order.spec.submodules:
            fetch_submodules(self.git, self.access, path)
