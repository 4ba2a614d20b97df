"""The executions of this node: each is started once, watched, ended, forgotten."""

import asyncio
import contextlib
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from openviber_daemon import verdict
from openviber_daemon.attempt import Attempt, Job, Runner, find_attempt, make_attempt
from openviber_daemon.background import in_background
from openviber_daemon.clock import Clock
from openviber_daemon.daemon_log import LOG
from openviber_daemon.home import Home
from openviber_daemon.launch import Launcher
from openviber_daemon.runner.killing import kill_all
from openviber_daemon.spool import Reply, Spool

LOG_LIMIT_BYTES = 256 * 1024 * 1024
LOOK_SECONDS = 0.5
LAST_WORDS_BYTES = 4096
GRACE_SECONDS = 2.0
"""What a dead runner's children get: nobody waits for their work, people wait for the news."""


@dataclass
class Execution:
    """One execution that the hub has not settled."""

    attempt: Attempt
    process: subprocess.Popen[bytes] | None = None
    runner: Runner | None = None
    is_signalled: bool = False
    has_ended: bool = False

    @property
    def job(self) -> Job:
        return self.attempt.job


class Supervisor:
    """Owns `attempts/`; calls `changed` with an execution's id when it began or ended."""

    def __init__(
        self,
        *,
        home: Home,
        spool: Spool,
        clock: Clock,
        launcher: Launcher,
        changed: Callable[[UUID], None],
    ) -> None:
        self._home, self._spool, self._clock, self._launcher = home, spool, clock, launcher
        self._changed = changed
        self._executions: dict[UUID, Execution] = {}
        self._finishing: set[UUID] = set()
        self._stopped_early: dict[UUID, str] = {}
        self._look = asyncio.Event()

    def list_executions(self) -> list[Execution]:
        return list(self._executions.values())

    def find_execution(self, execution_id: UUID) -> Execution | None:
        return self._executions.get(execution_id)

    def is_binding_busy(self, binding_id: UUID) -> bool:
        """Say whether anything still runs for a binding."""
        return any(
            execution.job.binding_id == str(binding_id) and not execution.has_ended
            for execution in self._executions.values()
        )

    # ------------------------------------------------------------ start

    def recover(self) -> None:
        """Take up what an earlier daemon left: adopt what began, remove what never did."""
        for path in sorted(self._home.attempts.iterdir()):
            if path.name.startswith("."):
                shutil.rmtree(path, ignore_errors=True)
                continue
            attempt = find_attempt(path)
            if attempt is None or not self._adopt(attempt):
                LOG.info("removed %s, which never began", path.name)
                self._remove(path)

    def start(self, job: Job, *, bundle: bytes) -> Reply:
        """Carry out a job unless it was begun before. The folder is the fence.

        The reply is kept by the caller; whatever happens before that is found again by `recover`.
        """
        path = self._home.attempt(job.execution_id)
        known = self._executions.get(job.execution_id)
        if known is not None:
            if (known.job.command_id, known.job.attempt) == (job.command_id, job.attempt):
                return Reply(accepted=True, message="it had begun before")
            return Reply(accepted=False, message="this execution belongs to another command")
        try:
            attempt = make_attempt(path, job, home=self._home.root, log_limit_bytes=LOG_LIMIT_BYTES)
            early = self._stopped_early.pop(job.execution_id, None)
            if early is not None:
                attempt.ask_to_stop(early)
            process = self._launcher.launch(attempt.path, bundle)
        except OSError as error:
            self._remove(path)
            return Reply(
                accepted=False,
                message=f"the node could not begin: {error.strerror or error} ({path})",
            )
        self._executions[job.execution_id] = Execution(attempt=attempt, process=process)
        LOG.info("began %s %s as process %d", job.kind, job.execution_id, process.pid)
        self._changed(job.execution_id)
        return Reply(accepted=True)

    def _adopt(self, attempt: Attempt) -> bool:
        """Take an execution up; say whether there is one."""
        job = attempt.job
        reply = self._spool.find_reply(command_id=job.command_id, attempt=job.attempt)
        if attempt.runner() is None and reply is None:
            with attempt.held() as is_free:
                if is_free:
                    return False
        # Without this a redelivery could find the folder deleted and begin again.
        self._spool.store_reply(
            Reply(accepted=True), command_id=job.command_id, attempt=job.attempt
        )
        self._executions[job.execution_id] = Execution(
            attempt=attempt, runner=attempt.runner(), has_ended=attempt.has_ended()
        )
        LOG.info("took up %s %s again", job.kind, job.execution_id)
        return True

    # ------------------------------------------------------------ stop

    def stop(self, execution_id: UUID, *, reason: str) -> Reply:
        """Ask an execution to end; harmless when it is over or was never here."""
        execution = self._executions.get(execution_id)
        if execution is None:
            self._stopped_early[execution_id] = reason
            return Reply(accepted=True, message="the node does not carry this out: nothing to stop")
        if execution.has_ended:
            return Reply(accepted=True, message="it had already ended")
        execution.attempt.ask_to_stop(reason)
        self._signal(execution)
        return Reply(accepted=True)

    def _signal(self, execution: Execution) -> None:
        """Tell the runner to read its `cancel` file, once it can be told without killing it."""
        execution.runner = execution.runner or execution.attempt.runner()
        if execution.runner is not None and not execution.is_signalled:
            execution.is_signalled = execution.runner.send(signal.SIGTERM)

    # ------------------------------------------------------------ watch

    def look_soon(self) -> None:
        """Look at the processes now, instead of at the next round."""
        self._look.set()

    async def watch(self) -> None:
        """End what has lost its runner, for as long as the daemon lives."""
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGCHLD, self.look_soon)
        try:
            async with asyncio.TaskGroup() as tasks:
                while True:
                    for execution in self._list_dead():
                        self._finishing.add(execution.job.execution_id)
                        tasks.create_task(self._finish(execution))
                    self._look.clear()
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(LOOK_SECONDS):
                            await self._look.wait()
        finally:
            loop.remove_signal_handler(signal.SIGCHLD)

    def _list_dead(self) -> Iterator[Execution]:
        for execution in self.list_executions():
            if execution.has_ended or execution.job.execution_id in self._finishing:
                continue
            if self._is_alive(execution):
                if execution.attempt.is_asked_to_stop():
                    self._signal(execution)
            else:
                yield execution

    def _is_alive(self, execution: Execution) -> bool:
        if execution.process is not None and execution.process.poll() is None:
            return True
        execution.runner = execution.runner or execution.attempt.runner()
        if execution.runner is not None:
            return execution.runner.is_alive()
        if execution.process is not None:
            return False
        with (
            execution.attempt.held() as is_free
        ):  # begun by an earlier daemon, not yet in state.json
            return not is_free

    async def _finish(self, execution: Execution) -> None:
        """Write the last word of an execution whose runner is gone, unless it did itself."""
        job = execution.job
        try:
            spoke = await in_background(
                lambda: self._conclude(execution), name=f"end {job.execution_id}"
            )
        except OSError as error:
            LOG.error("could not end %s %s: %s; trying again", job.kind, job.execution_id, error)
            await asyncio.sleep(LOOK_SECONDS)
            return
        finally:
            self._finishing.discard(job.execution_id)
        if spoke is None:
            return
        execution.has_ended = True
        LOG.info("%s %s has ended%s", job.kind, job.execution_id, "" if spoke else ", interrupted")
        self._changed(job.execution_id)

    def _conclude(self, execution: Execution) -> bool | None:
        """Return whether the runner had the last word; `None` while its lock is held."""
        attempt = execution.attempt
        with attempt.held() as is_free:
            if not is_free:  # a process it started has kept the lock's descriptor
                kill_all(mark=str(execution.job.execution_id), grace_seconds=GRACE_SECONDS)
                return None
            if attempt.has_ended():
                return True
            self._report(execution)
            kill_all(mark=str(execution.job.execution_id), grace_seconds=GRACE_SECONDS)
            message = self._explain(execution)
            attempt.append_final(
                verdict.interrupted(attempt, message=message, at=self._clock.now())
            )
            return False

    def _report(self, execution: Execution) -> None:
        """Leave the runner's own last words in the log: its folder goes once the hub has it all."""
        with contextlib.suppress(FileNotFoundError):
            words = (execution.attempt.path / "runner.err").read_bytes()[-LAST_WORDS_BYTES:]
            if words:
                shown = words.decode("utf-8", "replace")
                LOG.error("the runner of %s said: %s", execution.job.execution_id, shown)

    def _explain(self, execution: Execution) -> str:
        if execution.attempt.runner() is None:
            return (
                "the process that should have carried this out ended before it began. "
                "Run `openviber doctor` on the node, and look into its logs/daemon.log"
            )
        return (
            "the process that carried this out was killed, or the machine was restarted. "
            "Nothing was run again by itself: start it again when you want to"
        )

    # ------------------------------------------------------------ forget

    def forget(self, execution_id: UUID) -> None:
        """Delete an execution that the hub holds completely."""
        execution = self._executions.get(execution_id)
        if execution is None or not execution.has_ended:
            return
        del self._executions[execution_id]
        self._remove(execution.attempt.path)

    def _remove(self, path: Path) -> None:
        """Make a folder vanish in one step, so that a late process finds no half of it."""
        gone = path.with_name(f".gone-{path.name}")
        with contextlib.suppress(FileNotFoundError):
            path.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)
