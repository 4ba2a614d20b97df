from openviber_app.domain.found_words import terms_of
from openviber_app.services import thread_lists
from openviber_app.services.runtime import Runtime
from openviber_app.services.threads import ThreadChange, change_thread, create_thread
from openviber_app.store.thread_search import WordQuery
from openviber_app.store.thread_sections import Section, SectionQuery
from tests.support.board import People
from tests.support.workbench import make_bench


async def test_a_search_gives_each_thread_once_page_by_page(
    runtime: Runtime, people: People
) -> None:
    alice = people.alice.actor
    bench = await make_bench(runtime, alice, title="word of the first")
    for n in range(5):
        await bench.say(f"echo word {n}")
    others = [
        await create_thread(runtime, alice, environment_id=bench.environment.id, title=f"word {n}")
        for n in range(3)
    ]
    seen: list[object] = []
    before = None
    for _ in range(10):
        query = WordQuery(alice.user_id, terms_of("word"), before=before, limit=2)
        page = await thread_lists.find_threads(runtime, query, limit=2)
        seen += [found.thread.id for found in page.found]
        before = page.next
        if before is None:
            break
    assert before is None
    assert set(seen) == {bench.thread.id, *(view.id for view in others)}
    assert set(seen[:2]) == {others[1].id, others[2].id}


async def test_a_text_says_more_than_the_title_beside_it(runtime: Runtime, people: People) -> None:
    bench = await make_bench(runtime, people.alice.actor, title="retry")
    await bench.say("retry it twice")
    query = WordQuery(people.alice.actor.user_id, terms_of("retry"))
    (found,) = (await thread_lists.find_threads(runtime, query, limit=9)).found
    assert found.snippet == ("", "retry", " it twice")
    assert found.title == ("", "retry", "")
    nothing = WordQuery(people.alice.actor.user_id, terms_of("%"))
    assert (await thread_lists.find_threads(runtime, nothing, limit=9)).found == []


async def test_a_section_comes_with_the_counts(runtime: Runtime, people: People) -> None:
    alice = people.alice.actor
    bench = await make_bench(runtime, alice, title="a")
    await change_thread(
        runtime, alice, thread_id=bench.thread.id, change=ThreadChange(is_pinned=True)
    )
    query = SectionQuery(alice.user_id, bench.environment.id, Section.PINNED)
    page = await thread_lists.list_section(runtime, query)
    assert [view.is_pinned for view in page.threads] == [True]
    assert (page.counts.pinned, page.counts.today) == (1, 0)
