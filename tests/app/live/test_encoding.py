"""Tests of `openviber_app.live.encoding`."""

import json
from dataclasses import fields
from datetime import UTC, datetime

import pytest

from openviber_app.api.timeline_payloads import Item, RunBody
from openviber_app.domain.ids import new_id
from openviber_app.live import encoding
from openviber_app.services.timeline_pages import FileView, ItemView, LogView, RunView

NOW = datetime(2026, 11, 23, 12, 0, 0, 5, tzinfo=UTC)

ITEM = ItemView(
    id=new_id(),
    run_id=None,
    position=1,
    seq=2,
    kind="terminal",
    status="running",
    text="ä\u2028</script>",
    fields={"tool_kind": "execute", "nested": {"a_b": 1}},
    created_at=NOW,
    updated_at=NOW,
)


def _run() -> RunView:
    values = {field.name: None for field in fields(RunView)} | {
        "id": new_id(),
        "thread_id": new_id(),
        "message_id": new_id(),
        "executor": "shell",
        "status": "failed",
        "reason": "failed",
        "message": "",
        "files": [FileView("b", "renamed", "a", 1, 2)],
        "redacted": 0,
        "log": LogView(bytes=9, lines=1, sha256="ab", truncated_bytes=0, complete=True),
        "late_result": {"exitCode": 1},
        "seq": 3,
        "created_at": NOW,
    }
    return RunView(**values)  # pyright: ignore[reportArgumentType]


def _decoded(change: ItemView | RunView) -> dict[str, object]:
    _, _, event = json.loads(encoding.encode("t", 1, encoding.change_event(change)))
    return event[event["t"]]


def test_views_look_as_they_do_in_the_rest_api() -> None:
    run = _run()
    by_rest = Item.model_validate(ITEM, by_name=True).model_dump_json()
    assert _decoded(ITEM) == json.loads(by_rest)
    by_rest = RunBody.model_validate(run, by_name=True).model_dump_json()
    assert _decoded(run) == json.loads(by_rest)


def test_a_nodes_own_field_names_are_left_as_they_are() -> None:
    assert _decoded(ITEM)["fields"] == {"tool_kind": "execute", "nested": {"a_b": 1}}


def test_bytes_that_are_no_text_survive() -> None:
    entry = json.loads(encoding.encode("log:x", 3, encoding.log_event(at=0, data=b"\xff\x00a")))
    assert entry == ["log:x", 3, {"t": "log", "at": 0, "d": "/wBh"}]


def test_what_is_no_view_is_no_event() -> None:
    with pytest.raises(TypeError, match="set has no place"):
        encoding.encode("t", 1, {"t": "item", "item": {1}})
