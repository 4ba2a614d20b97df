"""The running daemon: what it is made of, what starts it, what stops it."""

import asyncio
import contextlib
import json
import signal
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from openviber_daemon import capabilities
from openviber_daemon.attempt import read_object
from openviber_daemon.background import in_background
from openviber_daemon.board_config import BoardConfig
from openviber_daemon.clock import Clock
from openviber_daemon.commands import Commands
from openviber_daemon.config import NodeConfig, load_config, save_config
from openviber_daemon.daemon_log import LOG
from openviber_daemon.doorbell import doorbell
from openviber_daemon.home import Home, write_private
from openviber_daemon.housekeeping import Housekeeping
from openviber_daemon.keys import NodeKeys
from openviber_daemon.launch import Launcher
from openviber_daemon.link import Link, LinkState
from openviber_daemon.pinning import BrokenChainError, follow, id_of
from openviber_daemon.quota import choose_excess
from openviber_daemon.relay import Relay
from openviber_daemon.rotation import finish, retire_previous
from openviber_daemon.self_test import FEATURE, SelfTest
from openviber_daemon.spool import Reply, Spool
from openviber_daemon.status import write_link
from openviber_daemon.supervisor import Supervisor
from openviber_daemon.tasks import Tasks
from openviber_daemon.version import VERSION
from openviber_protocol.closing import CloseReason
from openviber_protocol.events import CommandReceived
from openviber_protocol.frames import WelcomePayload
from openviber_protocol.node_hello import NodeIdentity
from openviber_protocol.payloads import (
    Capabilities,
    ErrorReason,
    HubKeyLink,
    NodeLoad,
    RunningExecution,
)

FOLLOW_SECONDS = 0.25
"""How long a lost ring can delay what it announced."""

KEPT_BYTES = 2 * 1024**3
TIDY_SECONDS = 60
STOPPED, GAVE_UP = 0, 78
"""Exit codes; systemd is told not to restart after the second (EX_CONFIG)."""

AGAIN = -1
"""No exit code: the identity on the disk is another one now, so start afresh with it."""

ENDING_SECONDS = 20


class AgentStoppedError(Exception):
    """Ends the daemon's task group; the runners go on."""

    def __init__(self, code: int, words: str) -> None:
        self.code, self.words = code, words
        super().__init__(words)


class Agent:
    """One daemon. It is also the host of whichever session its link has."""

    def __init__(
        self, *, home: Home, config: NodeConfig, keys: NodeKeys, clock: Clock, launcher: Launcher
    ) -> None:
        self._home, self._config, self._keys, self._clock = home, config, keys, clock
        self._launcher = launcher
        self._spool = Spool(home.state_file, clock=clock)
        self._relay = Relay(spool=self._spool, clock=clock)
        self._supervisor = Supervisor(
            home=home, spool=self._spool, clock=clock, launcher=launcher, changed=self._moved
        )
        self._link = Link(
            config=config,
            identity=NodeIdentity(
                node_id=config.node_id,
                daemon_version=VERSION,
                boot_id=str(uuid.uuid4()),
                signing_key_id=keys.signing_key_id,
                sealing_key_id=keys.sealing_key_id,
                hub_key_id=config.hub_key_id,
                features=(FEATURE,),
            ),
            relay=self._relay,
            host=self,
            clock=clock,
            changed=self._link_changed,
        )
        self._board_config = BoardConfig(home=home, config=config)
        self._path = capabilities.script_path(config.path)
        self._capabilities = Capabilities()
        self._commands: Commands | None = None
        self._stop = asyncio.Event()

    async def run(self) -> int:
        """Serve until a signal or the board ends it; return the exit code."""
        code, words = STOPPED, ""
        try:
            self._supervisor.recover()
            for execution in self._supervisor.list_executions():
                self._relay.add(execution.attempt)
            self._capabilities = self._describe(known_tools(self._home))
            with doorbell(self._home.doorbell, rung=self._rung):
                async with asyncio.TaskGroup() as tasks:
                    self._commands = self._make_commands(Tasks(tasks))
                    tasks.create_task(self._until_stopped())
                    tasks.create_task(self._supervisor.watch())
                    tasks.create_task(self._follow())
                    tasks.create_task(self._tidy())
                    tasks.create_task(self._stay_connected())
        except* AgentStoppedError as stopped:
            first = stopped.exceptions[0]
            if isinstance(first, AgentStoppedError):
                code, words = first.code, first.words
        finally:
            self._relay.close()
            self._spool.close()
        LOG.log(40 if code == GAVE_UP else 20, "%s", words)
        if code != AGAIN:
            self._link_changed(LinkState("stopped", words))
        return code

    # ------------------------------------------------------------ the loops

    async def _until_stopped(self) -> None:
        loop = asyncio.get_running_loop()
        signals = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
        for number in signals:
            loop.add_signal_handler(number, self._stop.set)
        try:
            await self._stop.wait()
        finally:
            for number in signals:
                loop.remove_signal_handler(number)
        raise AgentStoppedError(
            STOPPED, "stopped; what runs goes on and is taken up again at the next start"
        )

    async def _stay_connected(self) -> None:
        farewell = await self._link.run()
        if farewell.reason is CloseReason.AUTH and await in_background(
            self._has_new_identity, name="identity"
        ):
            raise AgentStoppedError(AGAIN, "this node's keys, or its board's, are new: connecting")
        if farewell.reason is CloseReason.REVOKED:
            await self._end_all()
        raise AgentStoppedError(GAVE_UP, farewell.words)

    def _has_new_identity(self) -> bool:
        return finish(self._home) or load_config(self._home) != self._config

    async def _end_all(self) -> None:
        """End what runs for a board that hears of it no more."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(ENDING_SECONDS):
                while running := self.running():
                    for one in running:
                        self._supervisor.stop(one.execution_id, reason=ErrorReason.LOST)
                    await asyncio.sleep(FOLLOW_SECONDS)

    async def _follow(self) -> None:
        """Look at every execution from time to time, in case a ring was lost."""
        while True:
            for execution in self._supervisor.list_executions():
                if not execution.has_ended:
                    self._relay.look(execution.job.execution_id)
            self._link.wake()
            await asyncio.sleep(FOLLOW_SECONDS)

    async def _tidy(self) -> None:
        """Learn the tools' versions once, and keep what is delivered within its quota."""
        tools = await in_background(lambda: capabilities.ask_tools(self._path), name="tools")
        write_private(self._home.tools_file, json.dumps(tools).encode())
        self._capabilities = self._describe(tools)
        while True:
            retire_previous(self._home)
            delivered = self._relay.list_delivered()
            for execution_id in choose_excess(self._home, delivered, limit_bytes=KEPT_BYTES):
                self.settled(execution_id)
            await asyncio.sleep(TIDY_SECONDS)

    # ------------------------------------------------------------ what happens

    def _rung(self, execution_id: UUID) -> None:
        self._relay.look(execution_id)
        self._link.wake()

    def _moved(self, execution_id: UUID) -> None:
        """Take note of an execution that began or ended."""
        execution = self._supervisor.find_execution(execution_id)
        if execution is not None:
            self._relay.add(execution.attempt)
        self._rung(execution_id)
        if self._relay.is_settled(execution_id):  # the hub had it all before its runner was gone
            self.settled(execution_id)

    def _answer(self, reply: Reply, command_id: UUID, attempt: int) -> None:
        self._link.reply(reply, command_id=command_id, attempt=attempt)

    def _control_changed(self) -> None:
        self._relay.look_at_control()
        self._link.wake()

    def _link_changed(self, state: LinkState) -> None:
        with contextlib.suppress(OSError):  # a full disk must not end the link
            write_link(self._home, state=state.state, detail=state.detail, at=self._clock.now())

    def _describe(self, tools: Mapping[str, str]) -> Capabilities:
        return capabilities.capabilities(home=self._home.root, path=self._path, tools=tools)

    def _make_commands(self, tasks: Tasks) -> Commands:
        return Commands(
            home=self._home,
            config=self._config,
            sealing_key_id=self._keys.sealing_key_id,
            spool=self._spool,
            supervisor=self._supervisor,
            board_config=self._board_config,
            housekeeping=Housekeeping(
                home=self._home, board_config=self._board_config, supervisor=self._supervisor
            ),
            self_test=SelfTest(self._home, self._launcher),
            tasks=tasks,
            answer=self._answer,
            control_changed=self._control_changed,
        )

    # ------------------------------------------------------------ host of a session

    def pin(self, keys: Sequence[HubKeyLink]) -> str:
        """Trust the board's present key if the pinned one leads there; say why to hang up, if so.

        A new key is written down first: the daemon then starts afresh and connects with it.
        """
        try:
            present = follow(self._config.hub_key, keys)
        except BrokenChainError as error:
            return str(error)
        if present == self._config.hub_key:
            return ""
        LOG.info("the board signs with a new key, %s, named by the old one", id_of(present))
        pinned = replace(self._config, hub_key=present, hub_key_id=id_of(present))
        save_config(self._home, pinned)
        return "the board has a new signing key, which this node has pinned: connecting again"

    def sign(self, message: bytes) -> bytes:
        return self._keys.signing.sign(message)

    def running(self) -> Sequence[RunningExecution]:
        return [
            RunningExecution(
                execution_id=execution.job.execution_id,
                kind=execution.job.kind,
                command_id=execution.job.command_id,
                attempt=execution.job.attempt,
            )
            for execution in self._supervisor.list_executions()
            if not execution.has_ended
        ]

    def capabilities(self) -> Capabilities:
        return self._capabilities

    def config_version(self) -> str:
        return self._board_config.version

    def load(self) -> NodeLoad:
        return capabilities.load(
            home=self._home.root,
            running=len(self.running()),
            spool_bytes=self._relay.unacked_bytes(),
        )

    def welcomed(self, welcome: WelcomePayload) -> None:
        LOG.info("ready: connected to %s as %s", self._config.board_url, self._config.node_name)
        self._link_changed(LinkState("connected", self._config.board_url))
        for execution_id in welcome.superseded:
            LOG.warning("the board gave %s up while this node was away: ending it", execution_id)
            self._supervisor.stop(execution_id, reason=ErrorReason.LOST)
        if self._commands is not None and welcome.config_version != self._board_config.version:
            self._commands.catch_up()

    def command(self, command: CommandReceived, *, nonce: str) -> None:
        if self._commands is not None:
            self._commands.handle(command, nonce=nonce)

    def settled(self, execution_id: UUID) -> None:
        execution = self._supervisor.find_execution(execution_id)
        if execution is None or execution.has_ended:
            self._relay.remove(execution_id)
            self._supervisor.forget(execution_id)


def known_tools(home: Home) -> dict[str, str]:
    """Find the tools of this machine, with the versions they told the last time."""
    told = read_object(home.tools_file) or {}
    path = capabilities.NODE_PATH
    return {name: str(told.get(name, "")) for name in capabilities.find_tools(path)}
