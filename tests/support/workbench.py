"""Rows around a thread: an environment that is mapped to a node, and what a node reports."""

import hashlib
from dataclasses import dataclass, field
from uuid import UUID

from openviber_app.domain.actors import Actor
from openviber_app.domain.ids import new_id
from openviber_app.domain.reports import (
    Advance,
    ItemRecord,
    LogEnd,
    RunEnded,
    RunProgress,
    RunStarted,
    SlotCounts,
)
from openviber_app.services import logs, messages, runs, threads
from openviber_app.services.messages import MessageView
from openviber_app.services.runtime import Runtime
from openviber_app.services.thread_views import ThreadView
from openviber_app.store import threads as thread_rows
from openviber_app.store.tables import Binding, Command, Environment, Node, Prepare, Run, Thread


async def add_environment(runtime: Runtime, actor: Actor, *, name: str = "api") -> Environment:
    """Store an environment."""
    now = runtime.clock.now()
    environment = Environment(
        id=new_id(),
        user_id=actor.user_id,
        name=name,
        type="github",
        repo_url="https://git.example/acme/api.git",
        created_at=now,
        updated_at=now,
    )
    async with runtime.store.write() as db:
        db.add(environment)
    return environment


async def add_node(
    runtime: Runtime, actor: Actor, *, name: str = "studio-01", is_connected: bool = True
) -> Node:
    """Store a node that somebody onboarded."""
    now = runtime.clock.now()
    node = Node(
        id=new_id(),
        user_id=actor.user_id,
        name=name,
        created_at=now,
        claimed_at=now,
        is_connected=is_connected,
    )
    async with runtime.store.write() as db:
        db.add(node)
    return node


async def add_binding(
    runtime: Runtime,
    environment: Environment,
    node: Node,
    *,
    status: str = "ready",
    is_default: bool = True,
) -> Binding:
    """Map an environment to a node."""
    binding = Binding(
        id=new_id(),
        environment_id=environment.id,
        node_id=node.id,
        status=status,
        slots_ready=1,
        created_at=runtime.clock.now(),
    )
    async with runtime.store.write() as db:
        db.add(binding)
        if is_default:
            row = await db.get_one(Environment, environment.id)
            row.default_binding_id = binding.id
    return binding


async def add_prepare(runtime: Runtime, binding: Binding) -> Prepare:
    """Store a prepare that is under way."""
    prepare = Prepare(
        id=new_id(),
        binding_id=binding.id,
        command_id=new_id(),
        attempt=1,
        status="running",
        created_at=runtime.clock.now(),
    )
    async with runtime.store.write() as db:
        db.add(prepare)
    return prepare


@dataclass
class Bench:
    """An environment on a node with a thread, and the node's side of its runs."""

    runtime: Runtime
    actor: Actor
    environment: Environment
    node: Node
    binding: Binding
    thread: ThreadView
    told: list[Advance] = field(default_factory=list)

    async def say(self, text: str = "echo hi") -> MessageView:
        """Send a message to the thread."""
        view, _ = await messages.submit(
            self.runtime, self.actor, thread_id=self.thread.id, text=text
        )
        return view

    async def run_of(self, message: MessageView) -> Run:
        """Return the run that a message became."""
        async with self.runtime.store.read() as db:
            found = await thread_rows.list_messages(
                db, thread_id=message.thread_id, before=None, limit=1000
            )
            (run_id,) = {m.run_id for m in found[0] if m.id == message.id}
            assert run_id is not None, "the message is still queued"
            return await db.get_one(Run, run_id)

    async def commands(self, kind: str | None = None) -> list[Command]:
        """Return what the node was asked to do, in order."""
        return await commands_of(self.runtime, self.node.id, kind)

    async def deliver(self, run: Run, *, status: str = "accepted") -> None:
        """Let the run's command reach the node."""
        async with self.runtime.store.write() as db:
            command = await db.get_one(Command, run.command_id)
            command.status = status
            command.sent_at = self.runtime.clock.now()

    async def start(self, run: Run, *, slots: SlotCounts | None = None) -> None:
        """Report that the run's process is about to start."""
        report = RunStarted(
            thread_id=run.thread_id,
            run_id=run.id,
            working_dir="/srv/slots/1",
            branch="viber/work",
            base_commit="c0ffee",
            slots=slots,
        )
        async with self.runtime.store.write() as db:
            moved = await runs.apply_started(
                db, node_id=self.node.id, report=report, now=self.runtime.clock.now()
            )
        self._tell(moved)

    async def tell(self, run: Run, *records: ItemRecord, node_id: UUID | None = None) -> None:
        """Report timeline records."""
        report = RunProgress(thread_id=run.thread_id, run_id=run.id, records=list(records))
        async with self.runtime.store.write() as db:
            moved = await runs.apply_progress(
                db,
                node_id=node_id or self.node.id,
                report=report,
                now=self.runtime.clock.now(),
            )
        self._tell(moved)

    async def end(
        self,
        run: Run,
        *,
        exit_code: int | None = 0,
        reason: str = "",
        log: LogEnd | None = None,
        node_id: UUID | None = None,
    ) -> None:
        """Report the run's end."""
        report = RunEnded(
            thread_id=run.thread_id,
            run_id=run.id,
            exit_code=exit_code,
            duration_ms=1200,
            reason=reason,
            message=f"it was {reason}" if reason else "",
            log=log,
        )
        async with self.runtime.store.write() as db:
            moved = await runs.apply_ended(
                db,
                node_id=node_id or self.node.id,
                report=report,
                now=self.runtime.clock.now(),
            )
        self._tell(moved)

    async def log(self, execution_id: UUID, data: bytes, *, offset: int) -> None:
        """Store bytes of a log, as the hub does."""
        async with self.runtime.store.write() as db:
            moved = await logs.append(db, execution_id=execution_id, offset=offset, data=data)
        assert moved is not None
        self._tell([moved])

    async def finish(self, run: Run, data: bytes) -> None:
        """Report the end of a run whose whole log is `data`, and let the hub find it whole."""
        end = LogEnd(len(data), data.count(b"\n"), hashlib.sha256(data).hexdigest())
        await self.end(run, log=end)
        async with self.runtime.store.write() as db:
            assert await logs.verify(db, execution_id=run.id, end=end)
            (await db.get_one(Run, run.id)).log_complete = True
        self._tell([Advance(f"log:{run.id}", len(data))])

    async def row(self) -> Thread:
        """Return the thread's row as it is now."""
        async with self.runtime.store.read() as db:
            return await db.get_one(Thread, self.thread.id)

    async def reload(self, run: Run) -> Run:
        """Return a run's row as it is now."""
        async with self.runtime.store.read() as db:
            return await db.get_one(Run, run.id)

    def _tell(self, moved: list[Advance]) -> None:
        self.told += moved
        self.runtime.announce(moved)


async def commands_of(runtime: Runtime, node_id: UUID, kind: str | None = None) -> list[Command]:
    """Return what a node was asked to do, in order."""
    async with runtime.store.read() as db:
        query = Command.__table__.select().where(Command.__table__.c.node_id == node_id)  # pyright: ignore[reportAttributeAccessIssue]
        ids = [row.id for row in (await db.execute(query)).all()]
        found = [await db.get_one(Command, command_id) for command_id in sorted(ids)]
    return [command for command in found if kind in {None, command.type}]


async def make_bench(
    runtime: Runtime, actor: Actor, *, status: str = "ready", title: str = ""
) -> Bench:
    """Make an environment, a node, a binding in this status, and a thread."""
    environment = await add_environment(runtime, actor)
    node = await add_node(runtime, actor)
    binding = await add_binding(runtime, environment, node, status=status)
    thread = await threads.create_thread(runtime, actor, environment_id=environment.id, title=title)
    return Bench(runtime, actor, environment, node, binding, thread)
