"""Tests of `openviber_app.services.audit_pages`."""

from dataclasses import replace

import pytest

from openviber_app.domain.errors import ForbiddenError
from openviber_app.domain.scopes import USUAL_SCOPES
from openviber_app.services import audit_pages, nodes
from openviber_app.services.runtime import Runtime
from tests.support.board import People


async def test_owner_and_admins_read_it_page_by_page_and_nobody_else(
    runtime: Runtime, people: People
) -> None:
    alice, bob = people.alice.actor, replace(people.bob.actor, client="192.0.2.7")
    names = ["studio", "attic", "cellar"]
    made = [await nodes.make_token(runtime, bob, name=name) for name in names]
    await nodes.rename_node(runtime, bob, node_id=made[0].node_id, name="loft")
    await nodes.delete_node(runtime, bob, node_id=made[1].node_id)
    page, more = await audit_pages.list_events(runtime, alice, limit=2, action="node.")
    assert [(one.action, one.target_name) for one in page] == [
        ("node.removed", "attic"),
        ("node.renamed", "loft"),
    ]
    assert more
    assert {(one.actor_name, one.client) for one in page} == {("Bob", "192.0.2.7")}
    rest, more = await audit_pages.list_events(
        runtime, alice, before=page[-1].id, action="node.added"
    )
    assert [one.target_name for one in rest] == names[::-1]
    assert not more
    found, _ = await audit_pages.list_events(runtime, replace(bob, role="admin"), text="CELL")
    assert [one.target_name for one in found] == ["cellar"]
    with pytest.raises(ForbiddenError, match="as a member you may not read the audit log"):
        await audit_pages.list_events(runtime, bob)
    with pytest.raises(ForbiddenError, match="no scope admin"):
        await audit_pages.list_events(runtime, replace(alice, scopes=USUAL_SCOPES))
