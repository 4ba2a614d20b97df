"""How a folder becomes one that can be worked in: inject, setup, check."""

from dataclasses import dataclass, field
from pathlib import Path

from openviber_daemon.environments.auto import Plan, detect, missing_tools
from openviber_daemon.environments.inject import folders_of, renew_volume, script_environment
from openviber_daemon.environments.phases import Phases
from openviber_daemon.environments.steps import Receipt, Steps
from openviber_daemon.runner.execution import Execution
from openviber_daemon.workspace.errors import WorkspaceError
from openviber_daemon.workspace.order import Order
from openviber_daemon.workspace.places import working_directory

UNCHANGED = "nothing changed"


@dataclass(frozen=True)
class Outcome:
    """A prepare that succeeded; `noop` when there was nothing to do."""

    working_dir: Path
    fingerprint: dict[str, str]
    noop: bool


@dataclass
class SetUp:
    """The last three phases, the same for a prepare and for a run that makes its workspace."""

    execution: Execution
    order: Order
    phases: Phases
    receipt: Receipt
    plans: list[Plan] = field(default_factory=list)

    def run(self, root: Path, *, maintenance: bool, new_volume: bool) -> Path:
        """Carry out the phases in a workspace and return its working directory.

        Raises:
            WorkspaceError: one of them failed.
        """
        steps = self._inject(new_volume=new_volume)
        self._setup(root, steps, maintenance=maintenance)
        return self._check(root, steps)

    def _inject(self, *, new_volume: bool) -> Steps:
        spec = self.order.spec
        with self.phases.during("inject") as note:
            if new_volume and not spec.persist_volume:
                renew_volume(folders_of(self.order, node_home=self.execution.home))
            env = script_environment(self.execution, scope="setup")
            secrets = self.execution.secrets(scope="setup").keys()
            note.detail = _counted(len(spec.variables), len(secrets))
            names = sorted({*spec.variables, *secrets})
            return Steps(self.execution, self.receipt, env, names, spec.setup.time_limit)

    def _setup(self, root: Path, steps: Steps, *, maintenance: bool) -> None:
        setup = self.order.spec.setup
        with self.phases.during("setup") as note:
            cwd = self._starting_directory(root)
            if maintenance:
                note.detail = "maintenance script"
                steps.run(
                    setup.maintenance_script,
                    phase="setup",
                    cwd=cwd,
                    called="the maintenance script",
                )
            elif setup.mode == "manual":
                if setup.script.strip():
                    note.detail = "set-up script"
                    steps.run(setup.script, phase="setup", cwd=cwd, called="the set-up script")
                else:
                    note.skip("no set-up script")
            else:
                self.plans = detect(cwd)
                self.receipt.detected = [plan.shown for plan in self.plans]
                if not self.plans:
                    note.skip("no package manager's files were found")
                    return
                note.detail = ", ".join(self.receipt.detected)
                self._auto(steps, cwd)

    def _auto(self, steps: Steps, cwd: Path) -> None:
        self._require_tools(steps)
        for plan in self.plans:
            self.execution.console.say(f"Found {plan.shown}")
            for command in plan.commands:
                self.execution.console.say(f"$ {command}")
                steps.run(command, phase="setup", cwd=cwd, called=f"{plan.manager}'s set-up")

    def _check(self, root: Path, steps: Steps) -> Path:
        with self.phases.during("check") as note:
            cwd = working_directory(root, self.order.spec.working_dir)
            if not cwd.is_dir():
                raise WorkspaceError(
                    f"the working directory `{self.order.spec.working_dir}` does not exist: "
                    "correct it in the environment, or let the set-up script make it"
                )
            self._require_tools(steps)
            command = self.order.spec.setup.check_command.strip()
            if command:
                self.execution.console.say(f"$ {command}")
                steps.run(command, phase="check", cwd=cwd, called="the check command")
                note.detail = f"`{command.splitlines()[0]}` passed"
            return cwd

    def _require_tools(self, steps: Steps) -> None:
        missing = missing_tools(self.plans, path=steps.env["PATH"])
        if missing:
            raise WorkspaceError("; ".join(missing))

    def _starting_directory(self, root: Path) -> Path:
        """Give the working directory; a manual script may still have to make it."""
        cwd = working_directory(root, self.order.spec.working_dir)
        if cwd.is_dir():
            return cwd
        if self.order.spec.setup.mode == "manual":
            return root
        raise WorkspaceError(
            f"the working directory `{self.order.spec.working_dir}` is not in the repository: "
            "correct it in the environment, or name another branch"
        )


def _counted(variables: int, secrets: int) -> str:
    one = "1 variable" if variables == 1 else f"{variables} variables"
    two = "1 secret" if secrets == 1 else f"{secrets} secrets"
    return f"{one}, {two}"
