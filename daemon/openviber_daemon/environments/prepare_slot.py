"""A prepare that fills a slot: of a git environment."""

from dataclasses import dataclass
from pathlib import Path

from openviber_daemon.environments import fingerprint
from openviber_daemon.environments.setup import UNCHANGED, Outcome, SetUp
from openviber_daemon.workspace.claims import access_of
from openviber_daemon.workspace.errors import BusyError
from openviber_daemon.workspace.filling import Filler, HeldSlot
from openviber_daemon.workspace.git import Git
from openviber_daemon.workspace.mirrors import Mirror, Resolved
from openviber_daemon.workspace.node_settings import read_node_settings
from openviber_daemon.workspace.places import working_directory
from openviber_daemon.workspace.quotas import trim_mirrors
from openviber_daemon.workspace.slots import Slot, SlotMovedError, Slots, SlotState


@dataclass
class SlotPrepare:
    """The six phases for slots; `setup` carries out the last three."""

    git: Git
    setup: SetUp

    def run(self) -> Outcome:
        """Fill a slot, unless one that was made from just this is ready.

        Raises:
            WorkspaceError: a phase failed; no half slot stays.
        """
        filler = self._resolve()
        resolved = self._fetch(filler)
        ready = self._ready()
        if not self.setup.order.force:
            same = self._find_same(filler, ready, resolved.commit)
            if same is not None:
                self.setup.phases.skip(("checkout", "inject", "setup", "check"), UNCHANGED)
                return self._outcome(same.path, same.fingerprint, noop=True)
        held, maintenance = self._checkout(filler, ready, resolved)
        with filler.removed_on_failure(held):
            is_spare = self.setup.order.kind == "spare"
            cwd = self.setup.run(held.slot.path, maintenance=maintenance, new_volume=not is_spare)
            parts = fingerprint.build(
                self.setup.order.spec.fingerprint, commit=resolved.commit, folder=cwd
            )
            filler.finish(held, fingerprint=parts)
        held.lock.release()
        if not is_spare:
            filler.drop_outdated(fingerprint=parts)
        return self._outcome(held.slot.path, parts, noop=False)

    # ------------------------------------------------------------ phases

    def _resolve(self) -> Filler:
        order, execution = self.setup.order, self.setup.execution
        with self.setup.phases.during("resolve") as note:
            access = access_of(execution, order)
            mirror = Mirror(execution.home, owner_id=order.spec.owner_id, url=access.address.url)
            note.detail = access.address.url
            return Filler(
                git=self.git, home=execution.home, order=order, mirror=mirror.path, access=access,
                limits=read_node_settings(execution.home).limits,
            )  # fmt: skip

    def _fetch(self, filler: Filler) -> Resolved:
        order = self.setup.order
        mirror = Mirror(filler.home, owner_id=order.spec.owner_id, url=filler.access.address.url)
        with self.setup.phases.during("fetch") as note:
            mirror.fetch(self.git, filler.access)
            resolved = mirror.resolve(self.git, filler.access, order.spec.repo_branch)
            self.setup.receipt.commit = resolved.commit
            note.detail = f"{resolved.branch} at {resolved.commit[:12]}"
            trim_mirrors(self.git, home=filler.home, limits=filler.limits, keep=mirror.path)
            return resolved

    def _checkout(
        self, filler: Filler, ready: list[Slot], resolved: Resolved
    ) -> tuple[HeldSlot, bool]:
        order = self.setup.order
        with self.setup.phases.during("checkout") as note:
            for slot in ready if order.kind != "spare" else []:
                try:
                    held = filler.take(slot)
                except (BusyError, SlotMovedError):
                    continue
                maintenance = bool(order.spec.setup.maintenance_script.strip()) and not order.force
                filler.update(held, resolved.commit, pristine=not maintenance)
                note.detail = f"workspace {held.slot.n}, {self._why(slot, resolved.commit)}"
                return held, maintenance
            held = filler.add(resolved.commit)
            note.detail = f"workspace {held.slot.n}"
            return held, False

    # ------------------------------------------------------------ facts

    def _ready(self) -> list[Slot]:
        slots = Slots(self.setup.execution.home).list_of_binding(self.setup.order.binding_id)
        return [slot for slot in slots if slot.n and slot.state is SlotState.READY]

    def _find_same(self, filler: Filler, ready: list[Slot], commit: str) -> Slot | None:
        wanted = self.setup.order.spec.fingerprint
        for slot in ready:
            made_from = slot.fingerprint
            if (
                fingerprint.board_parts(made_from) == wanted
                and made_from.get(fingerprint.COMMIT) == commit
                and filler.is_intact(slot)
            ):
                return slot
        return None

    def _why(self, slot: Slot, commit: str) -> str:
        new = dict(self.setup.order.spec.fingerprint) | {fingerprint.COMMIT: commit}
        old = fingerprint.board_parts(slot.fingerprint)
        if fingerprint.COMMIT in slot.fingerprint:
            old[fingerprint.COMMIT] = slot.fingerprint[fingerprint.COMMIT]
        names = fingerprint.changed(old, new)
        return f"changed: {', '.join(names)}" if names else "everything once more"

    def _outcome(self, root: Path, parts: dict[str, str], *, noop: bool) -> Outcome:
        cwd = working_directory(root, self.setup.order.spec.working_dir)
        return Outcome(working_dir=cwd, fingerprint=parts, noop=noop)
