"""Rows of the pages: what services return, as the words and marks that are shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from openviber_app.services.environments import State
from openviber_app.services.nodes import NodeView
from openviber_app.services.thread_views import ThreadView
from openviber_app.store.bindings import Mapping
from openviber_app.store.tables import Environment, Prepare

PILL_MARKS = {
    "Unmapped": "off",
    "Preparing": "busy",
    "Ready": "ready",
    "Error": "failed",
    "Stale": "warn",
}
BINDING_PILLS = {
    "pending": "Preparing",
    "preparing": "Preparing",
    "ready": "Ready",
    "error": "Error",
    "stale": "Stale",
}
RUN_MARKS = {
    "queued": "busy",
    "running": "busy",
    "waiting_approval": "needs-you",
    "completed": "done",
    "failed": "failed",
    "stopped": "off",
    "lost": "warn",
}
RUN_WORDS = {
    "queued": "waits",
    "running": "running",
    "waiting_approval": "needs approval",
    "completed": "",
    "failed": "failed",
    "stopped": "stopped",
    "lost": "lost",
}
LINK_MARKS = {"connected": "online", "unreachable": "warn", "waiting": "off"}
GROUPS = {
    "today": "Today",
    "last_7_days": "Last 7 days",
    "older": "Older",
    "archived": "Archived",
}
ATTEMPT_ENDS = {"succeeded", "failed", "cancelled", "interrupted", "lost"}


@dataclass(frozen=True)
class EnvironmentRow:
    """An environment in the sidebar."""

    id: str = ""
    name: str = ""
    pill: str = ""
    mark: str = "off"
    source: str = ""
    note: str = ""
    is_selected: bool = False


@dataclass(frozen=True)
class NodeRow:
    """A node in the sidebar's foot."""

    id: str = ""
    name: str = ""
    link: str = ""
    mark: str = "off"
    facts: str = ""
    changed_at: str = ""


@dataclass(frozen=True)
class ThreadRow:
    """A thread in the sidebar; `heading` is set on the first one of a group."""

    id: str = ""
    title: str = ""
    mark: str = "off"
    state: str = ""
    node: str = ""
    at: str = ""
    heading: str = ""
    branch: str = ""
    waits_for: str = ""
    is_selected: bool = False


@dataclass(frozen=True)
class BindingRow:
    """An environment on a node, with its last attempt."""

    id: str = ""
    node: str = ""
    pill: str = ""
    mark: str = "off"
    note: str = ""
    path: str = ""
    prepare_id: str = ""
    phase: str = ""
    is_going_on: bool = False


def _iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def environment_row(row: Environment, state: State, *, is_selected: bool) -> EnvironmentRow:
    """Return an environment as the sidebar shows it."""
    if row.type == "github":
        source = f"{row.repo_org}/{row.repo_name}" if row.repo_org else row.repo_url
        source = f"{source} · {row.repo_branch}" if row.repo_branch else source
    else:
        source = row.local_path or row.type
    note = ""
    if state.waits_for:
        note = f"waits for {state.waits_for}"
    elif state.stale_reasons:
        note = f"stale: {', '.join(state.stale_reasons)} changed"
    elif state.error:
        note = state.error
    return EnvironmentRow(
        id=str(row.id),
        name=row.name,
        pill=state.pill.value,
        mark=PILL_MARKS[state.pill.value],
        source=source,
        note=note,
        is_selected=is_selected,
    )


def node_row(node: NodeView) -> NodeRow:
    """Return a node with its link's own truth."""
    words = {
        "connected": "connected",
        "unreachable": "unreachable since",
        "waiting": "waits for its one-time command",
    }
    return NodeRow(
        id=str(node.id),
        name=node.name,
        link=words[node.link],
        mark=LINK_MARKS[node.link],
        facts=_facts(node.capabilities),
        changed_at="" if node.link == "waiting" else _iso(node.link_changed_at),
    )


def _facts(capabilities: dict[str, Any]) -> str:
    found = [str(capabilities[name]) for name in ("os", "arch") if capabilities.get(name)]
    if cores := capabilities.get("cores"):
        found.append(f"{cores} cores")
    return " · ".join(found)


def thread_row(thread: ThreadView, *, heading: str = "", is_selected: bool = False) -> ThreadRow:
    """Return a thread with the one fact worth knowing."""
    run = thread.last_run
    state = RUN_WORDS[run.status] if run else ""
    if run and run.status == "failed" and run.exit_code is not None:
        state = f"failed: exit {run.exit_code}"
    if thread.waits_for:
        state = "waits"
    return ThreadRow(
        id=str(thread.id),
        title=thread.title,
        mark="busy" if thread.waits_for else RUN_MARKS[run.status] if run else "off",
        state=state,
        node=thread.node_name,
        at=_iso(thread.last_message_at),
        heading=heading,
        branch=thread.branch,
        waits_for=f"waits for {thread.waits_for}" if thread.waits_for else "",
        is_selected=is_selected,
    )


def thread_rows(threads: Iterable[ThreadView], *, selected: str) -> list[ThreadRow]:
    """Return the list under its headings, in the order of the headings."""
    order = list(GROUPS)
    rows: list[ThreadRow] = []
    before = ""
    for thread in sorted(threads, key=lambda thread: order.index(thread.group.value)):
        heading = GROUPS[thread.group.value]
        is_first = heading != before
        rows.append(
            thread_row(
                thread,
                heading=heading if is_first else "",
                is_selected=str(thread.id) == selected,
            )
        )
        before = heading
    return rows


def binding_row(mapping: Mapping, prepare: Prepare | None) -> BindingRow:
    """Return an environment's place on a node."""
    binding = mapping.binding
    pill = BINDING_PILLS[binding.status]
    is_going_on = prepare is not None and prepare.status not in ATTEMPT_ENDS
    note = ""
    if binding.status == "error":
        note = binding.last_error
    elif binding.status == "stale":
        note = f"{', '.join(binding.stale_reasons)} changed"
    elif prepare is not None and prepare.status == "queued":
        note = "" if mapping.node.is_connected else f"waits for {mapping.node.name}"
    return BindingRow(
        id=str(binding.id),
        node=mapping.node.name,
        pill=pill,
        mark=PILL_MARKS[pill],
        note=note,
        path=binding.resolved_working_dir,
        prepare_id=str(prepare.id) if prepare else "",
        phase=prepare.phase if prepare and is_going_on else "",
        is_going_on=is_going_on,
    )
