from collections.abc import AsyncIterator

import httpx2
import pytest

from openviber_app.api import thread_lists, threads
from openviber_app.domain.errors import InvalidInputError
from openviber_app.domain.ids import new_id
from openviber_app.services.runtime import Runtime
from tests.support.board import People, api_client
from tests.support.workbench import make_bench


@pytest.fixture
async def api(runtime: Runtime, people: People) -> AsyncIterator[httpx2.AsyncClient]:
    async with api_client(
        runtime, thread_lists.router, threads.router, person=people.alice
    ) as client:
        yield client


async def test_lists_are_paged_by_their_cursor(
    runtime: Runtime, people: People, api: httpx2.AsyncClient
) -> None:
    bench = await make_bench(runtime, people.alice.actor, title="one")
    for title in ("two", "three"):
        body = {"environmentId": str(bench.environment.id), "title": title}
        await api.post("/api/threads", json=body)
    query = {"environmentId": str(bench.environment.id), "limit": "2"}
    first = (await api.get("/api/threads", params=query)).json()
    second = (await api.get("/api/threads", params={**query, "before": first["next"]})).json()
    titles = [t["title"] for t in first["threads"] + second["threads"]]
    assert titles == ["three", "two", "one"]
    assert (second["next"], second["counts"]) == (None, None)
    none = (await api.get("/api/threads", params={"status": "archived"})).json()
    assert none == {"threads": [], "next": None, "counts": None}


async def test_a_section_is_read_from_any_place_with_the_counts_of_all(
    runtime: Runtime, people: People, api: httpx2.AsyncClient
) -> None:
    bench = await make_bench(runtime, people.alice.actor, title="one")
    environment = str(bench.environment.id)
    ids = [str(bench.thread.id)]
    for title in ("two", "three", "four"):
        body = {"environmentId": environment, "title": title}
        ids.append((await api.post("/api/threads", json=body)).json()["id"])
    await api.patch(f"/api/threads/{ids[1]}", json={"isPinned": True})
    await api.patch(f"/api/threads/{ids[2]}", json={"status": "archived"})

    async def section(name: str, **more: str) -> list[str]:
        query = {"environmentId": environment, "section": name, **more}
        answer = (await api.get("/api/threads", params=query)).json()
        assert answer["counts"] == {
            "pinned": 1,
            "today": 2,
            "last7Days": 0,
            "older": 0,
            "archived": 1,
        }
        return [row["title"] for row in answer["threads"]]

    assert await section("recent") == ["four", "one"]
    assert await section("recent", offset="1") == ["one"]
    assert await section("pinned") == ["two"]
    assert await section("archived") == ["three"]
    mixed = await api.get("/api/threads", params={"section": "recent", "search": "one"})
    assert mixed.json()["errors"][0]["pointer"] == "#query/section"


async def test_a_search_says_where_the_words_stand(
    runtime: Runtime, people: People, api: httpx2.AsyncClient
) -> None:
    bench = await make_bench(runtime, people.alice.actor, title="Fix the webhook")
    await bench.say("make test # Webhooks are flaky")
    answer = (await api.get("/api/threads", params={"search": "WEBH fla"})).json()
    (row,) = answer["threads"]
    assert row["id"] == str(bench.thread.id)
    assert row["found"]["title"] == ["Fix the ", "webh", "ook"]
    assert row["found"]["snippet"] == ["make test # ", "Webh", "ooks are ", "fla", "ky"]
    page = {"search": "webhook", "limit": "1"}
    first = (await api.get("/api/threads", params=page)).json()
    again = await api.get("/api/threads", params={**page, "before": first["next"] or "0"})
    assert again.json()["next"] is None
    wrong = await api.get("/api/threads", params={**page, "before": "MS4x"})
    assert wrong.json()["errors"][0]["pointer"] == "#query/before"


async def test_the_first_page_of_a_long_list_is_under_twenty_kilobytes(
    runtime: Runtime, people: People, api: httpx2.AsyncClient
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    for n in range(40):
        title = f"Find out why the retry of webhook {n} fails in one run of ten"
        body = {"environmentId": str(bench.environment.id), "title": title}
        made = (await api.post("/api/threads", json=body)).json()
        await api.post(f"/api/threads/{made['id']}/messages", json={"text": "make test"})
    query = {"environmentId": str(bench.environment.id)}
    for more in ({}, {"section": "recent"}, {"search": "retry"}):
        answer = await api.get("/api/threads", params={**query, **more})
        assert len(answer.json()["threads"]) == 30
        assert len(answer.content) < 20_000


def test_a_cursor_is_read_back_exactly_and_nothing_else_is_one() -> None:
    moment, thread_id = thread_lists.EPOCH + 1234567890123456 * thread_lists.MICROSECOND, new_id()
    cursor = thread_lists.cursor_of((moment, thread_id))
    assert thread_lists.place_of(cursor) == (moment, thread_id)
    for bad in ("x", "ä", "AAAA", "MS4x", cursor + "x" if cursor else "", "9" * 100):
        with pytest.raises(InvalidInputError):
            thread_lists.place_of(bad)


def test_a_place_in_a_search_is_a_number() -> None:
    assert thread_lists.found_place_of(None) is None
    assert thread_lists.found_place_of("12") == 12
    for bad in ("-1", "x", "1.5", "²", "9" * 30, ""):
        with pytest.raises(InvalidInputError):
            thread_lists.found_place_of(bad)
