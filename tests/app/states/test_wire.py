import logging

import pytest

from openviber_app.openviber_app import app
from openviber_app.states import wire
from openviber_app.states.wire import ARGUMENTS, COMPLAINTS_PER_MINUTE, ROOT, is_of_a_page
from openviber_app.states.workspace import Workspace

LOAD = f"{Workspace.get_full_name()}.load"
OPEN = f"{Workspace.get_full_name()}.open_thread"
CONNECT = f"{ROOT}.hydrate_and_load"


@pytest.mark.parametrize("name", ARGUMENTS)
def test_what_a_page_sends_passes(name: str) -> None:
    payload = {} if name == CONNECT else dict.fromkeys(ARGUMENTS[name], "x")
    assert is_of_a_page({"name": name, "payload": payload, "router_data": {"pathname": "/"}})


def test_a_page_that_connects_tells_which_parts_it_has() -> None:
    assert is_of_a_page({"name": CONNECT, "payload": {"hashes": ["a", "b"], "vars": {}}})
    assert is_of_a_page({"name": CONNECT})


@pytest.mark.parametrize(
    "data",
    [
        None,
        "text",
        [],
        {},
        {"name": 7},
        {"name": "no.such.handler"},
        {"name": LOAD, "payload": []},
        {"name": LOAD, "payload": {"self": 1}},
        {"name": LOAD, "router_data": "x"},
        {"name": OPEN, "payload": {}},
        {"name": OPEN, "payload": {"thread_id": 7}},
        {"name": OPEN, "payload": {"thread_id": "x" * 9000}},
        {"name": CONNECT, "payload": {"vars": {"a.b": 1}}},
        {"name": CONNECT, "payload": {"hashes": "x"}},
        {"name": CONNECT, "payload": {"hashes": [7]}},
        {"name": CONNECT, "payload": {"hashes": ["x"] * 101}},
        {"name": CONNECT, "payload": {"surprise": 1}},
        *({"name": name, "payload": {}} for name in sorted(wire.NOT_FOR_BROWSERS)),
    ],
    ids=lambda data: repr(data)[:80],
)
def test_what_no_page_sends_does_not(data: object) -> None:
    assert not is_of_a_page(data)


def test_the_application_is_guarded() -> None:
    namespace = app.event_namespace
    assert namespace is not None
    assert {"on_event", "emit_update"} <= vars(namespace).keys()
    assert app.frontend_exception_handler is wire.note_complaint


def test_complaints_of_pages_are_one_line_each_and_bounded(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.WARNING):
        for _ in range(COMPLAINTS_PER_MINUTE + 30):
            wire.note_complaint(Exception("one\ntwo \x1b[31m" + "x" * 5000))
    assert 0 < len(caplog.records) <= COMPLAINTS_PER_MINUTE
    for record in caplog.records:
        assert "\n" not in record.getMessage()
        assert "\x1b" not in record.getMessage()
        assert len(record.getMessage()) < 400
