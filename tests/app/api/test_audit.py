"""Tests of `openviber_app.api.audit`."""

from openviber_app.api import audit, nodes
from openviber_app.services.accounts import start_session
from openviber_app.services.runtime import Runtime
from openviber_app.services.visitors import COOKIE
from tests.support.board import People, api_client


async def test_the_log_is_paged_by_the_server(runtime: Runtime, people: People) -> None:
    async with api_client(runtime, audit.router, nodes.router, person=people.alice) as api:
        for name in ("one", "two", "three"):
            await api.post("/api/nodes/tokens", json={"name": name})
        query = {"limit": 2, "action": "node."}
        first = (await api.get("/api/audit", params=query)).json()
        assert [event["targetName"] for event in first["events"]] == ["three", "two"]
        assert first["events"][0]["actorName"] == "Alice"
        assert first["events"][0]["client"] == "127.0.0.1"
        query["before"] = first["next"]
        second = (await api.get("/api/audit", params=query)).json()
        assert [event["targetName"] for event in second["events"]] == ["one"]
        assert second["next"] is None
        refused = await api.get("/api/audit", headers=people.bob.headers)
        assert refused.status_code == 403
        assert "no scope admin" in refused.json()["detail"]


async def test_a_members_browser_reads_nothing_of_it(runtime: Runtime, people: People) -> None:
    """Their tokens have no scope for it, so only a session can show that the role decides."""
    async with api_client(runtime, audit.router) as api:
        for person, status in ((people.bob, 403), (people.alice, 200)):
            grant = await start_session(runtime, person.actor)
            cookie = {"Cookie": f"{COOKIE}={grant.value}"}
            answer = await api.get("/api/audit", headers=cookie)
            assert answer.status_code == status
            assert ("as a member you may not" in answer.text) is (status == 403)
