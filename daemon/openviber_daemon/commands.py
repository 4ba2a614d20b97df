"""What the node does for each command of its board."""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import assert_never
from uuid import UUID

from openviber_daemon.attempt import Job
from openviber_daemon.background import in_background
from openviber_daemon.board_config import BoardConfig
from openviber_daemon.config import NodeConfig
from openviber_daemon.daemon_log import LOG
from openviber_daemon.errors import NodeError
from openviber_daemon.home import Home
from openviber_daemon.housekeeping import Housekeeping
from openviber_daemon.rotation import rotate
from openviber_daemon.self_test import SelfTest
from openviber_daemon.spool import Reply, Spool
from openviber_daemon.supervisor import Supervisor
from openviber_daemon.tasks import Tasks
from openviber_daemon.workspace.errors import WorkspaceError
from openviber_protocol.canonical import bundle_info
from openviber_protocol.events import CommandReceived
from openviber_protocol.frames import (
    Command,
    EnvironmentCancel,
    EnvironmentPrepare,
    EnvironmentSync,
    KeysRotate,
    RedactionTest,
    ThreadArchive,
    ThreadStop,
    ThreadSubmit,
)

Records = list[tuple[str, Mapping[str, object]]]
Answer = Callable[[Reply, UUID, int], None]


@dataclass(frozen=True, kw_only=True)
class Commands:
    """Answers each command once; `answer` takes a reply to whichever connection there is."""

    home: Home
    config: NodeConfig
    sealing_key_id: str
    spool: Spool
    supervisor: Supervisor
    board_config: BoardConfig
    housekeeping: Housekeeping
    self_test: SelfTest
    tasks: Tasks
    answer: Answer
    control_changed: Callable[[], None]

    def handle(self, command: CommandReceived, *, nonce: str) -> None:
        """Carry a command out, or repeat the reply that its first copy got."""
        key = command.command_id, command.attempt
        known = self.spool.find_reply(command_id=key[0], attempt=key[1])
        if known is not None:
            self.answer(known, *key)
            return
        frame: Command = command.frame
        match frame:
            case EnvironmentPrepare():
                self._start(frame, prepare_job(frame, *key), nonce=nonce)
            case ThreadSubmit():
                self._start(frame, run_job(frame, *key), nonce=nonce)
            case EnvironmentCancel():
                self._stop(*key, execution_id=frame.payload.prepare_id, reason=frame.payload.reason)
            case ThreadStop():
                self._stop(*key, execution_id=frame.payload.run_id, reason=frame.payload.reason)
            case EnvironmentSync():
                wanted = frozenset(str(binding.binding_id) for binding in frame.payload.bindings)
                self._slowly(*key, lambda: self.housekeeping.sync(also_wanted=wanted))
            case ThreadArchive():
                payload = frame.payload
                self._slowly(
                    *key,
                    lambda: self.housekeeping.archive(
                        thread_id=payload.thread_id, binding_id=payload.binding_id
                    ),
                )
            case KeysRotate():
                self._slowly(*key, self._rotate)
            case RedactionTest():
                self._slowly(*key, lambda: self.self_test.run(frame.payload.test_id))
            case _:
                assert_never(frame)

    def _rotate(self) -> Records:
        """Change the identity; the board then ends this session, and the daemon starts afresh."""
        rotate(self.home)
        return []

    def catch_up(self) -> None:
        """Pull the configuration because the hub's welcome named another version."""
        self.tasks.start(self._catch_up(), name="sync")

    async def _catch_up(self) -> None:
        try:
            await in_background(
                lambda: self.housekeeping.sync(also_wanted=frozenset()), name="sync"
            )
        except (NodeError, WorkspaceError, OSError) as error:
            LOG.warning("could not bring the configuration up to date: %s", error)

    def _start(self, frame: EnvironmentPrepare | ThreadSubmit, job: Job, *, nonce: str) -> None:
        reply = self.supervisor.start(job, bundle=self._runner_input(frame, job, nonce=nonce))
        self._keep(reply, job.command_id, job.attempt)

    def _stop(self, command_id: UUID, attempt: int, *, execution_id: UUID, reason: str) -> None:
        self._keep(self.supervisor.stop(execution_id, reason=reason), command_id, attempt)

    def _slowly(self, command_id: UUID, attempt: int, work: Callable[[], Records]) -> None:
        """Do work that takes a while; a copy that arrives meanwhile changes nothing."""
        self.tasks.start(
            self._work(command_id, attempt, work), name=f"command {command_id} {attempt}"
        )

    async def _work(self, command_id: UUID, attempt: int, work: Callable[[], Records]) -> None:
        records: Records = []
        try:
            records = await in_background(work, name=f"command {command_id}")
            reply = Reply(accepted=True)
        except (NodeError, WorkspaceError, OSError) as error:
            LOG.warning("command %s: %s", command_id, error)
            reply = Reply(accepted=False, message=str(error)[:4000])
        self._keep(reply, command_id, attempt, records)

    def _keep(
        self, reply: Reply, command_id: UUID, attempt: int, records: Records | None = None
    ) -> None:
        kept = self.spool.store_reply(
            reply, command_id=command_id, attempt=attempt, records=records or []
        )
        if records:
            self.control_changed()
        self.answer(kept, command_id, attempt)

    def _runner_input(
        self, frame: EnvironmentPrepare | ThreadSubmit, job: Job, *, nonce: str
    ) -> bytes:
        """Give what the runner reads: the bundle as it came, sealed, and what it is bound to."""
        bundle = frame.payload.bundle
        info = b""
        if bundle is not None:
            info = bundle_info(
                nonce=nonce,
                node_id=self.config.node_id,
                node_key_id=self.sealing_key_id,
                environment_id=frame.payload.environment_id,
                binding_id=frame.payload.binding_id,
                command_id=job.command_id,
                attempt=job.attempt,
                expires_at=bundle.expires_at,
            )
        words = {
            "bundle": None if bundle is None else bundle.model_dump(mode="json", by_alias=True),
            "info": base64.b64encode(info).decode(),
            "hubKey": self.config.hub_key,
            "sealingKeyFile": str(self.home.sealing_key_file),
        }
        return json.dumps(words).encode() + b"\n"


def prepare_job(frame: EnvironmentPrepare, command_id: UUID, attempt: int) -> Job:
    """Read the job of a prepare."""
    payload = frame.payload.model_dump(mode="json", by_alias=True, exclude={"bundle"})
    return Job(
        kind="prepare",
        execution_id=frame.payload.prepare_id,
        command_id=command_id,
        attempt=attempt,
        payload=payload,
    )


def run_job(frame: ThreadSubmit, command_id: UUID, attempt: int) -> Job:
    """Read the job of a run."""
    payload = frame.payload.model_dump(mode="json", by_alias=True, exclude={"bundle"})
    return Job(
        kind="run",
        execution_id=frame.payload.run_id,
        command_id=command_id,
        attempt=attempt,
        payload=payload,
    )
