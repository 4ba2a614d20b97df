"""The steps that make an environment ready on this node."""

import errno
from collections.abc import Mapping

from openviber_daemon.environments import fingerprint
from openviber_daemon.environments.phases import Phases
from openviber_daemon.environments.prepare_place import PlacePrepare, record_place
from openviber_daemon.environments.prepare_slot import SlotPrepare
from openviber_daemon.environments.setup import UNCHANGED, Outcome, SetUp
from openviber_daemon.environments.steps import Receipt
from openviber_daemon.runner.errors import ExecutionError
from openviber_daemon.runner.execution import Execution
from openviber_daemon.workspace.claims import Workspace, record_setup, watch_of
from openviber_daemon.workspace.errors import WorkspaceError
from openviber_daemon.workspace.git import Git
from openviber_daemon.workspace.order import read_order
from openviber_daemon.workspace.slots import Slots

DISK_FULL = (errno.ENOSPC, errno.EDQUOT)


class EnvironmentManager:
    """Prepares a binding, or sets up the workspace of a run; for one execution."""

    def __init__(self, execution: Execution) -> None:
        self._execution = execution
        self._order = read_order(execution.payload)
        self._receipt = Receipt()

    def prepare(self) -> None:
        """Carry out a prepare and tell each phase, the end included, by `environment:status`."""
        phases = Phases(self._execution, self._tell)
        setup = self._set_up(phases)
        git = Git(watch_of(self._execution))
        prepare = PlacePrepare(git, setup) if self._order.in_place else SlotPrepare(git, setup)
        try:
            outcome = prepare.run()
        except ExecutionError as error:
            self._end_badly(phases, error)
        except OSError as error:
            self._end_badly(phases, _in_words(error))
        else:
            self._end_well(phases, outcome)

    def set_up(self, workspace: Workspace) -> None:
        """Run inject, set-up and check in the workspace of a run, in the run's own log.

        Raises:
            WorkspaceError: it did not work; `failing_command` tells where.
        """
        phases = Phases(self._execution, lambda _phases: None)
        setup = self._set_up(phases)
        try:
            cwd = setup.run(workspace.path, maintenance=False, new_volume=False)
        except OSError as error:
            raise _in_words(error) from error
        parts = fingerprint.build(
            self._order.spec.fingerprint, commit=workspace.base_commit, folder=cwd
        )
        workspace.cwd = cwd
        if workspace.slot is None:
            record_place(
                self._execution.home, self._order, path=workspace.path,
                commit=workspace.base_commit, parts=parts,
            )  # fmt: skip
        else:
            record_setup(self._execution.home, workspace, fingerprint=parts)
        workspace.needs_setup = False

    def _set_up(self, phases: Phases) -> SetUp:
        return SetUp(
            execution=self._execution,
            order=self._order,
            phases=phases,
            receipt=self._receipt,
        )

    # ------------------------------------------------------------ what is told

    def _tell(self, phases: Phases) -> None:
        self._execution.emit("environment:status", self._status(phases, "preparing"))

    def _end_well(self, phases: Phases, outcome: Outcome) -> None:
        told = {
            "noop": outcome.noop,
            "message": UNCHANGED if outcome.noop else "",
            "resolvedWorkingDir": str(outcome.working_dir),
            "fingerprint": outcome.fingerprint,
        }
        self._end(phases, "ready", told)

    def _end_badly(self, phases: Phases, error: ExecutionError) -> None:
        self._execution.console.say(f"Error: {error}")
        self._end(phases, "error", {"reason": error.reason, "message": str(error)})

    def _end(self, phases: Phases, status: str, told: Mapping[str, object]) -> None:
        payload = self._status(phases, status) | {
            "receipt": self._receipt.as_wire(),
            "slots": Slots(self._execution.home).report(self._order.binding_id),
        }
        self._execution.emit("environment:status", payload | dict(told), final=True)

    def _status(self, phases: Phases, status: str) -> dict[str, object]:
        return {
            "bindingId": self._order.binding_id,
            "prepareId": self._order.prepare_id,
            "status": status,
            "phase": phases.current,
            "phases": phases.as_wire(),
        }


def _in_words(error: OSError) -> WorkspaceError:
    if error.errno in DISK_FULL:
        return WorkspaceError("the node's disk is full: make room, then try again")
    return WorkspaceError(f"the node could not do that: {error}")
