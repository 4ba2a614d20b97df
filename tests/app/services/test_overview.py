from uuid import uuid4

from openviber_app.services import environment_marks, overview, threads
from openviber_app.services.runtime import Runtime
from tests.support.board import People
from tests.support.workbench import add_binding, add_environment, add_node


async def test_an_empty_board_has_nothing_selected(runtime: Runtime, people: People) -> None:
    found = await overview.get_overview(runtime, people.alice.actor)
    assert (found.environments, found.nodes, found.current_id) == ([], [], None)
    assert found.environment_id is None
    assert not found.is_missing


async def test_a_selected_thread_selects_its_environment(runtime: Runtime, people: People) -> None:
    actor = people.alice.actor
    first = await add_environment(runtime, actor, name="a")
    second = await add_environment(runtime, actor, name="b")
    node = await add_node(runtime, actor)
    await add_binding(runtime, second, node)
    made = await threads.create_thread(runtime, actor, environment_id=second.id, title="work")
    by_default = await overview.get_overview(runtime, actor)
    by_thread = await overview.get_overview(runtime, actor, thread_id=made.id)
    assert by_default.environment_id == first.id
    assert by_thread.environment_id == second.id
    assert by_thread.thread is not None
    assert by_thread.thread.title == "work"
    assert [mapping.node.name for mapping, _ in by_thread.mappings] == [node.name]


async def test_what_is_not_there_and_what_is_not_yours_look_alike(
    runtime: Runtime, people: People
) -> None:
    foreign = await add_environment(runtime, people.bob.actor, name="bob's")
    thread = await threads.create_thread(
        runtime, people.bob.actor, environment_id=foreign.id, title="private"
    )
    actor = people.alice.actor
    answers = [
        await overview.get_overview(runtime, actor, environment_id=foreign.id),
        await overview.get_overview(runtime, actor, environment_id=uuid4()),
        await overview.get_overview(runtime, actor, thread_id=thread.id),
        await overview.get_overview(runtime, actor, thread_id=uuid4()),
    ]
    assert all(answer == answers[0] for answer in answers)
    assert answers[0].is_missing
    assert answers[0].environments == []


async def test_pinned_environments_come_first_and_then_the_ones_used_last(
    runtime: Runtime, people: People
) -> None:
    actor = people.alice.actor
    one, two, three, four = [await add_environment(runtime, actor, name=n) for n in "abcd"]
    for row in (three, two):
        await environment_marks.change_mark(runtime, actor, environment_id=row.id, is_current=True)
    await environment_marks.change_mark(runtime, actor, environment_id=four.id, is_pinned=True)
    found = await overview.get_overview(runtime, actor)
    assert [row.name for row, _ in found.environments] == ["d", "b", "c", "a"]
    assert found.environment_id == found.current_id == two.id
    asked = await overview.get_overview(runtime, actor, environment_id=one.id)
    assert (asked.environment_id, asked.current_id) == (one.id, two.id)
