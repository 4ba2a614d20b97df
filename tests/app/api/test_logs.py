"""Tests of `openviber_app.api.logs`."""

import os

import pytest

from openviber_app.api import logs
from openviber_app.domain.ids import new_id
from openviber_app.services.runtime import Runtime
from tests.support.board import People, api_client
from tests.support.workbench import add_prepare, make_bench


async def test_a_log_is_read_by_byte_offset_until_it_is_complete(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    data = os.urandom(150_000)
    await bench.log(run.id, data, offset=0)
    url, found, offset = f"/api/runs/{run.id}/log", b"", 0
    async with api_client(runtime, logs.router, person=people.alice) as api:
        while offset < len(data):
            answer = await api.get(url, params={"offset": offset, "limit": 40_000})
            assert answer.headers["content-type"] == "application/octet-stream"
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["x-log-complete"] == "false"
            found += answer.content
            offset = int(answer.headers["x-log-next-offset"])
        assert found == data
        await bench.finish(run, data)
        last = await api.get(url, params={"offset": offset})
        assert (last.content, last.headers["x-log-complete"]) == (b"", "true")
        first = await api.get(url, params={"limit": 10})
        assert first.headers["x-log-complete"] == "false"  # there is more to ask for


async def test_a_prepares_log_is_downloaded_as_a_file_no_browser_runs(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    prepare = await add_prepare(runtime, bench.binding)
    data = b"<script>alert(1)</script>\xff\n" * 100_000
    await bench.log(prepare.id, data, offset=0)
    async with api_client(runtime, logs.router, person=people.alice) as api:
        answer = await api.get(f"/api/prepares/{prepare.id}/log", params={"download": "1"})
    assert answer.content == data
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"] == (
        f'attachment; filename="prepare-{prepare.id}.log"'
    )


async def test_a_foreign_log_answers_like_one_that_is_not_there(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    prepare = await add_prepare(runtime, bench.binding)
    for execution, kind in ((run, "runs"), (prepare, "prepares")):
        await bench.log(execution.id, b"private", offset=0)
        async with api_client(runtime, logs.router, person=people.bob) as api:
            for query in ("", "?download=1"):
                foreign = await api.get(f"/api/{kind}/{execution.id}/log{query}")
                missing = await api.get(f"/api/{kind}/{new_id()}/log{query}")
                assert foreign.status_code == missing.status_code == 404
                assert foreign.content == missing.content
    async with api_client(runtime, logs.router, person=people.alice) as api:
        assert (await api.get(f"/api/prepares/{run.id}/log")).status_code == 404


async def test_the_last_bytes_come_with_what_is_known_of_the_whole_log(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    run = await bench.run_of(await bench.say())
    data = b"".join(b"line %d\n" % n for n in range(500))
    url = f"/api/runs/{run.id}/log"
    async with api_client(runtime, logs.router, person=people.alice) as api:
        nothing = await api.get(url, params={"tail": 100})
        assert (nothing.content, nothing.headers["x-log-offset"]) == (b"", "0")
        await bench.log(run.id, data, offset=0)
        early = await api.get(url, params={"tail": 100})
        assert early.content == data[-100:]
        assert early.headers["x-log-offset"] == str(len(data) - 100)
        assert early.headers["x-log-next-offset"] == early.headers["x-log-bytes"] == str(len(data))
        assert "x-log-lines" not in early.headers
        await bench.finish(run, data)
        late = await api.get(url, params={"tail": 1_000_000})
        assert late.content == data
        assert late.headers["x-log-lines"] == "500"
        assert late.headers["x-log-complete"] == "true"


@pytest.mark.parametrize("query", ["offset=-1", "limit=0", "limit=1048577", "offset=x", "tail=0"])
async def test_bad_numbers_are_pointed_at(runtime: Runtime, people: People, query: str) -> None:
    async with api_client(runtime, logs.router, person=people.alice) as api:
        answer = await api.get(f"/api/runs/{new_id()}/log?{query}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "#query/" + query.split("=", maxsplit=1)[0]
