"""What the nodes page tells, in one call."""

from openviber_app.services import node_details
from openviber_app.services.runtime import Runtime
from tests.support.board import People
from tests.support.workbench import add_node, add_prepare, make_bench


async def test_a_node_comes_with_what_is_on_it_and_what_goes_on(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor, title="Fix the test")
    prepare = await add_prepare(runtime, bench.binding)
    run = await bench.run_of(await bench.say())
    empty = await add_node(runtime, people.alice.actor, name="studio-02", is_connected=False)
    theirs = await make_bench(runtime, people.bob.actor)
    found = await node_details.list_details(runtime, people.alice.actor)
    busy, idle = found.nodes
    assert (busy.node.id, idle.node.id) == (bench.node.id, empty.id)
    assert [m.environment.id for m in busy.mappings] == [bench.environment.id]
    assert busy.prepares[bench.binding.id].id == prepare.id
    assert [(entry.run.id, entry.title) for entry in busy.runs] == [(run.id, "Fix the test")]
    assert (idle.mappings, idle.prepares, idle.runs) == ([], {}, [])
    (other,) = (await node_details.list_details(runtime, people.bob.actor)).nodes
    assert other.node.id == theirs.node.id
    assert not other.runs
