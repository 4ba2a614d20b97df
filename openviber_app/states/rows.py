"""Rows of the pages: what services return, as the words and marks that are shown."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from openviber_app.domain.sharing import Right, may
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
LINK_MARKS = {"connected": "online", "unreachable": "warn", "waiting": "off", "revoked": "failed"}
ATTEMPT_ENDS = {"succeeded", "failed", "cancelled", "interrupted", "lost"}


@dataclass(frozen=True)
class EnvironmentRow:
    """An environment in the sidebar."""

    id: str = ""
    name: str = ""
    pill: str = ""
    mark: str = "off"
    source: str = ""
    node: str = ""
    note: str = ""
    prepared_at: str = ""
    binding_id: str = ""
    is_mapped: bool = False
    is_pinned: bool = False
    is_selected: bool = False
    shared_by: str = ""
    """Its owner's name, when that is somebody else."""
    can_run: bool = True
    can_edit: bool = True


@dataclass(frozen=True)
class NodeRow:
    """A node in the sidebar's foot."""

    id: str = ""
    name: str = ""
    link: str = ""
    mark: str = "off"
    facts: str = ""
    changed_at: str = ""
    last_seen_at: str = ""


@dataclass(frozen=True)
class ThreadRow:
    """The selected thread."""

    id: str = ""
    title: str = ""
    mark: str = "off"
    state: str = ""
    node: str = ""
    at: str = ""
    branch: str = ""
    waits_for: str = ""


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


def environment_row(
    row: Environment, state: State, *, is_pinned: bool = False, is_selected: bool = False
) -> EnvironmentRow:
    """Return an environment as the sidebar shows it."""
    if row.type == "github":
        source = f"{row.repo_org}/{row.repo_name}" if row.repo_org else row.repo_url
        source = f"{source} · {row.repo_branch}" if row.repo_branch else source
        if row.metadata_.get("sample") is True:
            source = "ships with this board"
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
        node=state.node,
        note=note,
        prepared_at=_iso(state.prepared_at),
        binding_id=str(state.binding_id) if state.binding_id else "",
        is_mapped=state.binding_id is not None,
        is_pinned=is_pinned,
        is_selected=is_selected,
        shared_by="" if may(state.access, Right.SHARE) else state.owner,
        can_run=may(state.access, Right.RUN),
        can_edit=may(state.access, Right.EDIT),
    )


def node_row(node: NodeView) -> NodeRow:
    """Return a node with its link's own truth."""
    words = {
        "connected": "connected",
        "unreachable": "unreachable since",
        "waiting": "waits for its one-time command",
        "revoked": "revoked",
    }
    return NodeRow(
        id=str(node.id),
        name=node.name,
        link=words[node.link],
        mark=LINK_MARKS[node.link],
        facts=" · ".join(part for part in (_facts(node.capabilities), _load(node)) if part),
        last_seen_at="" if node.link == "connected" else _iso(node.last_seen_at),
        changed_at="" if node.link == "waiting" else _iso(node.link_changed_at),
    )


def _facts(capabilities: dict[str, Any]) -> str:
    found = [str(capabilities[name]) for name in ("os", "arch") if capabilities.get(name)]
    if cores := capabilities.get("cores"):
        found.append(f"{cores} cores")
    return " · ".join(found)


def _load(node: NodeView) -> str:
    """Say how busy a connected node is."""
    if node.link != "connected" or "load_1m" not in node.load:
        return ""
    return f"load {node.load['load_1m']:.2f}"


def nodes_words(*, online: int, offline: int) -> str:
    """Count nodes by their link."""
    if not online and not offline:
        return "No nodes yet"
    words = f"{online} {'node' if online == 1 else 'nodes'} online"
    return f"{words} · {offline} offline" if offline else words


def thread_row(thread: ThreadView) -> ThreadRow:
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
        branch=thread.branch,
        waits_for=f"waits for {thread.waits_for}" if thread.waits_for else "",
    )


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
