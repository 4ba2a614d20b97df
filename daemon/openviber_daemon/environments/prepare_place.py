"""A prepare that works in one folder: of a path on the node, or of a manual environment."""

import time
from dataclasses import dataclass
from pathlib import Path

from openviber_daemon.environments import fingerprint
from openviber_daemon.environments.in_place import Place
from openviber_daemon.environments.setup import UNCHANGED, Outcome, SetUp
from openviber_daemon.workspace.git import Git
from openviber_daemon.workspace.locks import FolderLock
from openviber_daemon.workspace.order import Order
from openviber_daemon.workspace.places import find_place, working_directory
from openviber_daemon.workspace.slots import Slot, Slots, SlotState
from openviber_daemon.workspace.worktrees import head_commit

IN_USE = "Waiting for the run that works in this folder"


@dataclass
class PlacePrepare:
    """The six phases for one folder; `setup` carries out the last three."""

    git: Git
    setup: SetUp

    def run(self) -> Outcome:
        """Make the folder ready, unless it was made ready from just this.

        Raises:
            WorkspaceError: a phase failed; the folder stays, as not ready.
        """
        home, order = self.setup.execution.home, self.setup.order
        with self.setup.phases.during("resolve") as note:
            path = find_place(order, home=home)
            note.detail = str(path)
        with FolderLock(home, path).take(self.git.watch, waiting=IN_USE):
            commit = self._fetch(path)
            before = Slots(home).find(environment_id=order.environment_id, n=0)
            if before is not None and (
                before.path != path or before.binding_id != order.binding_id
            ):
                before = None
            parts = self._parts(path, commit)
            if before is not None and before.fingerprint == parts and not order.force:
                self.setup.phases.skip(("inject", "setup", "check"), UNCHANGED)
                return Outcome(self._cwd(path), fingerprint=parts, noop=True)
            has_script = bool(order.spec.setup.maintenance_script.strip())
            maintenance = bool(before and before.fingerprint and has_script and not order.force)
            record_place(home, order, path=path, commit=commit, parts={})
            cwd = self.setup.run(path, maintenance=maintenance, new_volume=True)
            parts = self._parts(path, head_commit(self.git, path))  # set-up may have made files
            record_place(home, order, path=path, commit=commit, parts=parts)
            return Outcome(cwd, fingerprint=parts, noop=False)

    def _fetch(self, path: Path) -> str:
        order = self.setup.order
        place = Place(self.git, self.setup.execution, order, path)
        if order.spec.type == "manual" and order.strategy != "existing_path":
            self.setup.phases.skip(("fetch", "checkout"), "the script fills the folder")
            return ""
        with self.setup.phases.during("fetch") as note:
            left_out = place.fetch()
            if left_out is not None:
                note.skip(left_out)
        with self.setup.phases.during("checkout") as note:
            if not place.is_git:
                note.skip("used as it is")
                return ""
            note.detail = place.fast_forward()
        commit = head_commit(self.git, path)
        self.setup.receipt.commit = commit
        return commit

    def _parts(self, path: Path, commit: str) -> dict[str, str]:
        board = self.setup.order.spec.fingerprint
        return fingerprint.build(board, commit=commit, folder=self._cwd(path))

    def _cwd(self, path: Path) -> Path:
        return working_directory(path, self.setup.order.spec.working_dir)


def record_place(
    home: Path, order: Order, *, path: Path, commit: str, parts: dict[str, str]
) -> None:
    """Write down what the folder was made ready from; nothing, while it is not."""
    Slots(home).put_place(
        Slot(
            binding_id=order.binding_id,
            environment_id=order.environment_id,
            n=0,
            path=path,
            mirror="",
            state=SlotState.READY,
            thread_id=None,
            branch="",
            base_commit=commit,
            fingerprint=parts,
            last_used_at=time.time(),
        )
    )
