from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from openviber_app.domain.node_commands import door_at
from openviber_app.services.deliveries_seen import Seen
from openviber_app.services.node_details import NodeDetails, Nodes
from openviber_app.services.nodes import NodeView
from openviber_app.states.node_rows import NodeCard, node_cards, skew_words
from openviber_app.store.bindings import Mapping
from openviber_app.store.node_work import OpenRun
from openviber_app.store.tables import Binding, Environment, Node, Prepare, Run

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
GIB = 1024**3
VIEW = NodeView(
    id=uuid4(),
    name="studio-01",
    link="connected",
    link_changed_at=NOW,
    last_seen_at=NOW,
    daemon_version="0.1.0",
    capabilities={"os": "Debian 12", "arch": "x86_64", "cores": 8, "memoryBytes": 64 * GIB},
    load={"load1M": 0.5, "memoryFreeBytes": 38 * GIB, "diskFreeBytes": int(5.5 * GIB)},
    created_at=NOW,
    claimed_at=NOW,
    bindings=1,
    prepares=0,
    runs=0,
)


def card(view: NodeView = VIEW, *, daemon: str = "0.1.0", **parts: object) -> NodeCard:
    details = replace(NodeDetails(view, [], {}, [], []), **parts)
    (found,) = node_cards(Nodes([details], daemon, door_at("https://board.example")))
    return found


def mapping(status: str, **fields: object) -> Mapping:
    node = Node(id=VIEW.id, user_id=uuid4(), name="studio-01", created_at=NOW)
    environment = Environment(
        id=uuid4(), user_id=uuid4(), name="api", type="github", created_at=NOW, updated_at=NOW
    )
    binding = Binding(
        id=uuid4(), environment_id=environment.id, node_id=node.id, status=status, created_at=NOW
    ).model_copy(update=fields)
    return Mapping(binding, environment, node)


def test_a_connected_node_says_what_it_has_and_how_busy_it_is() -> None:
    shown = card()
    assert (shown.words, shown.mark) == ("Connected", "online")
    assert (shown.system, shown.cores) == ("Debian 12 · x86_64", 8)
    assert (shown.load, shown.memory, shown.disk) == ("0.50", "38 GB of 64 GB", "5.5 GB")
    assert shown.newer_version == ""


def test_a_waiting_node_has_no_time_of_a_link_but_one_of_its_command() -> None:
    shown = card(replace(VIEW, link="waiting", token_expires_at=NOW, load={}, capabilities={}))
    assert (shown.changed_at, shown.token_expires_at) == ("", NOW.isoformat())
    assert (shown.load, shown.memory, shown.disk, shown.system) == ("", "", "", "")


def test_an_old_daemon_comes_with_the_command_that_renews_it() -> None:
    shown = card(daemon="0.2.0")
    assert shown.newer_version == "0.2.0"
    assert shown.update_command.endswith("--board https://board.example --update")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(None, ""), (-0.2, ""), (90.4, "90 s ahead of the board's"), (-7, "7 s behind the board's")],
)
def test_a_clock_is_worth_a_word_when_it_is_off(seconds: float | None, words: str) -> None:
    assert skew_words(replace(VIEW, clock_skew_seconds=seconds)) == words


def test_environments_stand_with_their_marks_and_what_is_the_matter() -> None:
    stale = mapping("stale", stale_reasons=["setup script"], resolved_working_dir="/w/api")
    failed = mapping("error", last_error="make: no rule")
    waits = mapping("preparing")
    prepare = Prepare(
        id=uuid4(), binding_id=waits.binding.id, command_id=uuid4(), attempt=1, status="queued"
    )
    shown = card(mappings=[stale, failed, waits], prepares={waits.binding.id: prepare})
    assert [(p.pill, p.mark, p.note) for p in shown.places] == [
        ("Stale", "warn", "setup script changed since it was prepared"),
        ("Error", "failed", "make: no rule"),
        ("Preparing", "busy", "its prepare waits for studio-01"),
    ]
    assert shown.places[0].path == "/w/api"
    (work,) = shown.work
    assert (work.title, work.words) == ("api", "prepare: waits")
    assert work.href == f"/environments/{waits.environment.id}"


def test_runs_link_to_their_threads() -> None:
    run = Run(
        id=uuid4(), thread_id=uuid4(), message_id=uuid4(), command_id=uuid4(), status="running"
    )
    (work,) = card(runs=[OpenRun(run, "Fix it")]).work
    assert (work.title, work.words) == ("Fix it", "run: running")
    assert work.href == f"/threads/{run.thread_id}"


def test_a_self_test_is_told_as_a_score_and_what_got_through() -> None:
    told = {"tried": 44, "masked": 43, "missed": ["hex"], "at": "2026-11-23T12:00:00+00:00"}
    shown = card(replace(VIEW, self_test=told, capabilities={"features": ["redaction-test"]}))

    assert (shown.test_words, shown.test_at) == ("43 of 44 masked", told["at"])
    assert (shown.test_missed, shown.can_test, shown.is_testing) == (["hex"], True, False)


def test_a_node_that_was_never_tested_says_so_and_an_old_one_cannot_be() -> None:
    assert (card().test_words, card().can_test) == ("never run", False)


def test_a_test_that_goes_on_is_told_only_while_the_node_is_there() -> None:
    going_on = replace(VIEW, self_test={"going_on": "x"})

    assert card(going_on).is_testing
    assert not card(replace(going_on, link="unreachable")).is_testing


def test_a_revoked_node_lists_what_it_has_seen_and_what_is_to_be_rotated() -> None:
    def seen(key: str, current: int | None) -> Seen:
        return Seen(uuid4(), "checkout", uuid4(), key, 2, current, NOW)

    view = replace(VIEW, link="revoked", revoked_at=NOW)
    found = card(view, seen=[seen("A", 2), seen("B", 3), seen("C", None)])
    assert (found.words, found.mark, found.changed_at) == ("Revoked", "failed", NOW.isoformat())
    assert [(row.name, row.words, row.is_open) for row in found.seen] == [
        ("A", "version 2: to be rotated", True),
        ("B", "rotated since: version 3", False),
        ("C", "removed since", False),
    ]
