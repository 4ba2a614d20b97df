"""Tests of `openviber_app.services.dispatch`."""

import json

from openviber_app.services import dispatch, threads
from openviber_app.services.runtime import Runtime
from openviber_app.services.timeline_pages import get_page
from openviber_app.store.tables import Binding, Environment, EnvironmentVar
from openviber_app.store.threads import ThreadQuery
from openviber_protocol.frames import SubmitPayload
from tests.support.board import People
from tests.support.workbench import Bench, add_binding, add_node, make_bench


async def _set_binding(bench: Bench, status: str, *, reasons: tuple[str, ...] = ()) -> None:
    async with bench.runtime.store.write() as db:
        binding = await db.get_one(Binding, bench.binding.id)
        binding.status, binding.stale_reasons = status, list(reasons)


async def _become_ready(bench: Bench) -> None:
    await _set_binding(bench, "ready")
    async with bench.runtime.store.write() as db:
        binding = await db.get_one(Binding, bench.binding.id)
        moved = await dispatch.dispatch_ready(db, binding=binding, now=bench.runtime.clock.now())
    bench.runtime.announce(moved)


async def test_a_command_is_what_the_protocol_calls_a_submit(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor, title="Fix it")
    run = await bench.run_of(await bench.say("make test"))
    (command,) = await bench.commands()
    assert (command.id, command.type, command.status) == (
        run.command_id,
        "thread:submit",
        "pending",
    )
    payload = SubmitPayload.model_validate(command.payload)
    assert payload.thread_id == bench.thread.id
    assert payload.environment_id == bench.environment.id
    assert payload.binding_id == bench.binding.id
    assert payload.run_id == run.id
    assert payload.text == "make test"
    assert payload.branch.startswith("viber/fix-it-")
    assert payload.spec.repo_url == bench.environment.repo_url


async def test_the_nodes_outbox_is_woken_after_the_commit(runtime: Runtime, people: People) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    with runtime.bus.listening(f"outbox:{bench.node.id}") as listener:
        await bench.say()
        assert listener.take()


async def test_one_run_at_a_time_and_the_others_in_their_order(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    sent = [await bench.say(f"echo {n}") for n in range(3)]
    assert [message.status for message in sent] == ["sent", "queued", "queued"]
    for done, message in enumerate(sent, start=1):
        assert len(await bench.commands()) == done
        await bench.end(await bench.run_of(message))
    assert [c.payload["text"] for c in await bench.commands()] == ["echo 0", "echo 1", "echo 2"]


async def test_a_message_waits_until_the_environment_is_ready(
    runtime: Runtime, people: People
) -> None:
    for status in ("pending", "preparing"):
        bench = await make_bench(runtime, people.alice.actor, status=status)
        message = await bench.say()
        assert message.status == "queued"
        assert await bench.commands() == []
        view = await threads.get_thread(runtime, bench.actor, thread_id=bench.thread.id)
        assert view.waits_for == "the environment on studio-01"
        await _become_ready(bench)
        assert (await bench.run_of(message)).status == "queued"
        assert len(await bench.commands("thread:submit")) == 1


async def test_becoming_ready_starts_nothing_twice(runtime: Runtime, people: People) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    await bench.say()
    await bench.say()
    await _become_ready(bench)
    assert len(await bench.commands()) == 1


async def test_a_thread_that_chose_another_node_waits_for_that_one(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor, status="preparing")
    other = await add_node(runtime, people.alice.actor, name="studio-02")
    await add_binding(runtime, bench.environment, other, status="pending", is_default=False)
    bench.thread = await threads.create_thread(
        runtime, bench.actor, environment_id=bench.environment.id, node_id=other.id
    )
    await bench.say()
    await _become_ready(bench)
    assert await bench.commands() == []


async def test_a_stale_environment_runs_anyway_and_says_so(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    await _set_binding(bench, "stale", reasons=("setup script",))
    run = await bench.run_of(await bench.say())
    page = await get_page(runtime, bench.actor, thread_id=bench.thread.id)
    assert [item.kind for item in page.items] == ["user_message", "notice"]
    assert "changed: setup script" in page.items[1].text
    assert page.items[1].run_id == run.id


async def test_a_message_no_frame_could_carry_fails_and_the_next_one_runs(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    first = await bench.run_of(await bench.say())
    async with runtime.store.write() as db:
        for n in range(2):
            value = "x" * 60_000
            db.add(EnvironmentVar(environment_id=bench.environment.id, key=f"V{n}", value=value))
    long = await bench.say("#" * 60_000)
    short = await bench.say("true")
    await bench.end(first)
    refused = await bench.run_of(long)
    assert (refused.status, refused.reason) == ("failed", "refused")
    assert "a run can carry 160 KiB" in refused.message
    assert (await bench.run_of(short)).status == "queued"
    sizes = [len(json.dumps(command.payload)) for command in await bench.commands()]
    assert len(sizes) == 2
    assert max(sizes) <= dispatch.MAX_COMMAND_BYTES


async def test_a_command_holds_the_settings_of_the_moment_it_was_made(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    await bench.say()
    async with runtime.store.write() as db:
        environment = await db.get_one(Environment, bench.environment.id)
        environment.setup_script = "later"
    (command,) = await bench.commands()
    assert command.payload["spec"]["setup"]["script"] == ""


async def test_the_list_shows_what_its_owner_has_running(runtime: Runtime, people: People) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    await bench.say()
    page = await threads.list_threads(runtime, ThreadQuery(people.alice.actor.user_id))
    (view,) = page.threads
    assert view.last_run is not None
    assert (view.last_run.id, view.last_run.status) == (run.id, "queued")
    assert (view.node_name, view.queued_messages) == ("studio-01", 1)
