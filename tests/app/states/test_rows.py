from datetime import UTC, datetime
from uuid import uuid4

import pytest

from openviber_app.domain.grouping import ThreadGroup
from openviber_app.domain.pills import Pill
from openviber_app.domain.statuses import BindingStatus, PrepareStatus, RunStatus, is_final
from openviber_app.services.environments import State
from openviber_app.services.nodes import NodeView
from openviber_app.services.thread_views import LastRun, ThreadView
from openviber_app.states import rows
from openviber_app.store.bindings import Mapping
from openviber_app.store.tables import Binding, Environment, Node, Prepare

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def environment(**fields: object) -> Environment:
    return Environment(
        id=uuid4(), user_id=uuid4(), name="api", type="github", created_at=NOW, updated_at=NOW
    ).model_copy(update=fields)


def thread(title: str, group: ThreadGroup, run: LastRun | None = None) -> ThreadView:
    return ThreadView(
        id=uuid4(),
        environment_id=uuid4(),
        title=title,
        status="active",
        group=group,
        branch="",
        working_dir="",
        base_commit="",
        node_id=None,
        node_name="studio-01",
        node_connected=True,
        binding_id=None,
        last_run=run,
        queued_messages=0,
        waits_for="",
        timeline_seq=0,
        last_message_at=NOW,
        created_at=NOW,
        updated_at=NOW,
    )


def run(status: str, exit_code: int | None = None) -> LastRun:
    return LastRun(uuid4(), status, "", exit_code, None, NOW, None)


def mapping(status: str, *, is_connected: bool = True, **fields: object) -> Mapping:
    node = Node(id=uuid4(), user_id=uuid4(), name="studio-01", created_at=NOW)
    node.is_connected = is_connected
    row = environment()
    binding = Binding(
        id=uuid4(), environment_id=row.id, node_id=node.id, status=status, created_at=NOW
    ).model_copy(update=fields)
    return Mapping(binding, row, node)


def prepare(status: str, phase: str = "") -> Prepare:
    return Prepare(
        id=uuid4(),
        binding_id=uuid4(),
        command_id=uuid4(),
        attempt=1,
        status=status,
        phase=phase,
        created_at=NOW,
    )


def test_every_status_has_a_mark_and_a_word() -> None:
    assert set(rows.PILL_MARKS) == {pill.value for pill in Pill}
    assert set(rows.BINDING_PILLS) == {status.value for status in BindingStatus}
    assert set(rows.RUN_MARKS) == set(rows.RUN_WORDS) == {status.value for status in RunStatus}
    assert {status.value for status in PrepareStatus if is_final(status)} == rows.ATTEMPT_ENDS


@pytest.mark.parametrize(
    ("state", "note"),
    [
        (State(pill=Pill.PREPARING, waits_for="studio-01"), "waits for studio-01"),
        (State(pill=Pill.STALE, stale_reasons=("setup script",)), "stale: setup script changed"),
        (State(pill=Pill.ERROR, error="make: no rule"), "make: no rule"),
        (State(pill=Pill.READY), ""),
    ],
)
def test_an_environment_says_what_is_the_matter(state: State, note: str) -> None:
    row = rows.environment_row(
        environment(repo_org="acme", repo_name="api", repo_branch="main"),
        state,
        is_selected=True,
    )
    assert (row.source, row.note, row.pill) == ("acme/api · main", note, state.pill.value)


def test_the_sample_shows_no_address() -> None:
    sample = environment(repo_url="http://board.test/sample.git", metadata_={"sample": True})
    row = rows.environment_row(sample, State(pill=Pill.UNMAPPED), is_selected=False)
    assert row.source == "ships with this board"


def test_a_node_that_was_never_claimed_has_no_time_of_a_link() -> None:
    view = NodeView(uuid4(), "n", "waiting", NOW, None, "", {}, {}, NOW, None, 0, 0, 0)
    assert rows.node_row(view).changed_at == ""


def test_a_failed_thread_says_its_exit_code() -> None:
    row = rows.thread_row(thread("t", ThreadGroup.TODAY, run("failed", 3)))
    assert (row.mark, row.state) == ("failed", "failed: exit 3")


def test_a_binding_that_waits_for_its_node_says_so() -> None:
    row = rows.binding_row(mapping("preparing", is_connected=False), prepare("queued"))
    assert (row.note, row.is_going_on) == ("waits for studio-01", True)


def test_a_phase_is_shown_only_while_its_attempt_goes_on() -> None:
    assert rows.binding_row(mapping("preparing"), prepare("running", "setup")).phase == "setup"
    assert rows.binding_row(mapping("error"), prepare("failed", "setup")).phase == ""


def test_nodes_are_counted_by_their_link() -> None:
    assert rows.nodes_words(online=0, offline=0) == "No nodes yet"
    assert rows.nodes_words(online=1, offline=0) == "1 node online"
    assert rows.nodes_words(online=2, offline=1) == "2 nodes online · 1 offline"
