from openviber_app.services.audit import Deed, Target, record
from openviber_app.services.runtime import Runtime
from openviber_app.store import audit


async def test_events_come_newest_first_page_by_page(runtime: Runtime) -> None:
    for number in range(5):
        async with runtime.store.write() as db:
            action = "node.revoked" if number % 2 else "node_x.revoked"
            target = Target(kind="node", name=str(number))
            record(runtime, db, Deed(action=action, target=target))
    async with runtime.store.read() as db:
        first = await audit.list_events(db, before=None, limit=3)
        rest = await audit.list_events(db, before=first[-1].id, limit=3)
        chosen = await audit.list_events(db, before=None, limit=9, action="node.")
        underscore = await audit.list_events(db, before=None, limit=9, action="node_")
    assert [row.target_name for row in [*first, *rest]] == ["4", "3", "2", "1", "0"]
    assert [row.target_name for row in chosen] == ["3", "1"]
    assert [row.target_name for row in underscore] == ["4", "2", "0"]
