"""Rows of the nodes page: what is known of a node, as the words and marks that are shown."""

from dataclasses import dataclass, field
from datetime import datetime

from openviber_app.domain.node_commands import is_older
from openviber_app.services.deliveries_seen import Seen
from openviber_app.services.node_details import NodeDetails, Nodes
from openviber_app.services.nodes import NodeView
from openviber_app.services.self_tests import FEATURE
from openviber_app.states.rows import (
    BINDING_PILLS,
    LINK_MARKS,
    PILL_MARKS,
    RUN_MARKS,
    RUN_WORDS,
)
from openviber_app.store.bindings import Mapping
from openviber_app.store.node_work import OpenRun
from openviber_app.store.tables import Prepare

GIB = 1024**3
MIB = 1024**2
WHOLE_FROM = 10
"""From here on a figure is told without a decimal."""

TOLERATED_SKEW_SECONDS = 5.0
"""A busy machine's hello takes a moment; less than this says nothing about its clock."""

LINK_WORDS = {
    "connected": "Connected",
    "unreachable": "Unreachable",
    "waiting": "Waits for its one-time command",
    "revoked": "Revoked",
}


@dataclass(frozen=True)
class PlaceRow:
    """An environment on a node."""

    id: str
    name: str
    pill: str
    mark: str
    path: str
    note: str


@dataclass(frozen=True)
class WorkRow:
    """A prepare or a run that has not ended."""

    title: str
    href: str
    mark: str
    words: str


@dataclass(frozen=True)
class SeenRow:
    """A secret that a revoked node was sent; `words` say what is to be done about it."""

    href: str
    name: str
    environment: str
    words: str
    is_open: bool


@dataclass(frozen=True)
class NodeCard:
    """A node with all that its details show."""

    id: str = ""
    name: str = ""
    link: str = ""
    words: str = ""
    mark: str = "off"
    changed_at: str = ""
    last_seen_at: str = ""
    reason: str = ""
    token_expires_at: str = ""
    version: str = ""
    newer_version: str = ""
    update_command: str = ""
    system: str = ""
    cores: int = 0
    load: str = ""
    memory: str = ""
    disk: str = ""
    unsent: str = ""
    skew: str = ""
    facts: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    tools: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    places: list[PlaceRow] = field(default_factory=list[PlaceRow])
    work: list[WorkRow] = field(default_factory=list[WorkRow])
    prepares: int = 0
    runs: int = 0
    is_drained: bool = False
    fenced_at: str = ""
    key_id: str = ""
    keys_since: str = ""
    rotation: str = ""
    seen: list[SeenRow] = field(default_factory=list[SeenRow])
    can_test: bool = False
    is_testing: bool = False
    test_words: str = ""
    test_at: str = ""
    test_missed: list[str] = field(default_factory=list[str])
    test_problem: str = ""


def node_cards(found: Nodes) -> list[NodeCard]:
    """Return every node of the page."""
    return [_card(details, found) for details in found.nodes]


def _card(details: NodeDetails, found: Nodes) -> NodeCard:
    node = details.node
    has, load = node.capabilities, node.load
    is_old = is_older(node.daemon_version, found.daemon_version)
    return NodeCard(
        id=str(node.id),
        name=node.name,
        link=node.link,
        words=LINK_WORDS[node.link],
        mark=LINK_MARKS[node.link],
        changed_at=_changed_at(node),
        last_seen_at=_iso(node.last_seen_at),
        reason=node.link_reason,
        token_expires_at=_iso(node.token_expires_at),
        version=node.daemon_version,
        newer_version=found.daemon_version if is_old else "",
        update_command=found.door.update() if is_old else "",
        system=" · ".join(str(has[name]) for name in ("os", "arch") if has.get(name)),
        cores=int(has.get("cores") or 0),
        load=f"{load['load1M']:.2f}" if "load1M" in load else "",
        memory=_part(load.get("memoryFreeBytes"), has.get("memoryBytes")),
        disk=_size(load.get("diskFreeBytes") or has.get("diskFreeBytes")),
        unsent=_size(load.get("spoolBytes")),
        skew=skew_words(node),
        facts=_facts(node),
        tools=[(name, said) for name, said in sorted(dict(has.get("tools") or {}).items())],
        places=[_place(m, details.prepares.get(m.binding.id)) for m in details.mappings],
        work=_work(details),
        prepares=node.prepares,
        runs=node.runs,
        is_drained=node.drained_at is not None,
        fenced_at=_iso(node.fenced_at),
        key_id=node.signing_key_id,
        keys_since=_iso(node.keys_since),
        rotation=node.rotation,
        seen=[_seen(one) for one in details.seen],
        can_test=node.link == "connected" and FEATURE in has.get("features", ()),
        is_testing=node.link == "connected" and "going_on" in node.self_test,
        test_words=_test_words(node),
        test_at=node.self_test.get("at", ""),
        test_missed=list(node.self_test.get("missed", ())),
        test_problem=node.self_test.get("problem", ""),
    )


def _seen(one: Seen) -> SeenRow:
    if one.is_open:
        words = f"version {one.version}: to be rotated"
    elif one.current_version is None:
        words = "removed since"
    else:
        words = f"rotated since: version {one.current_version}"
    return SeenRow(
        href=f"/environments/{one.environment_id}",
        name=one.key,
        environment=one.environment,
        words=words,
        is_open=one.is_open,
    )


def _changed_at(node: NodeView) -> str:
    if node.link == "waiting":
        return ""
    return _iso(node.revoked_at or node.link_changed_at)


def _test_words(node: NodeView) -> str:
    told = node.self_test
    return f"{told['masked']} of {told['tried']} masked" if "tried" in told else "never run"


def skew_words(node: NodeView) -> str:
    """Say how far a node's clock is off, if it is."""
    skew = node.clock_skew_seconds
    if skew is None or abs(skew) < TOLERATED_SKEW_SECONDS:
        return ""
    return f"{abs(skew):.0f} s {'ahead of' if skew > 0 else 'behind'} the board's"


def _facts(node: NodeView) -> list[tuple[str, str]]:
    """Name what is only worth knowing when something is wrong, or odd."""
    has = node.capabilities
    named = {"Scripts run as": "user", "Home": "home", "Python": "python", "Git": "git"}
    facts = [(label, str(has[name])) for label, name in named.items() if has.get(name)]
    if sandbox := has.get("sandbox"):
        facts.append(("Isolation", ", ".join(sandbox)))
    return facts


def _place(mapping: Mapping, prepare: Prepare | None) -> PlaceRow:
    binding = mapping.binding
    pill = BINDING_PILLS[binding.status]
    note = ""
    if binding.status == "error":
        note = binding.last_error
    elif binding.status == "stale":
        changed = ", ".join(binding.stale_reasons)
        is_gone = mapping.node.revoked_at is not None
        note = changed if is_gone else f"{changed} changed since it was prepared"
    elif prepare is not None and prepare.status == "queued":
        if mapping.node.drained_at is not None:
            note = f"its prepare waits until {mapping.node.name} is resumed"
        elif not mapping.node.is_connected:
            note = f"its prepare waits for {mapping.node.name}"
    return PlaceRow(
        id=str(mapping.environment.id),
        name=mapping.environment.name,
        pill=pill,
        mark=PILL_MARKS[pill],
        path=binding.resolved_working_dir,
        note=note,
    )


def _work(details: NodeDetails) -> list[WorkRow]:
    names = {m.binding.id: m.environment for m in details.mappings}
    return [
        *(_prepare(p, names[key].name, str(names[key].id)) for key, p in details.prepares.items()),
        *(_run(entry) for entry in details.runs),
    ]


def _prepare(prepare: Prepare, name: str, environment_id: str) -> WorkRow:
    what = "prepare" if prepare.kind == "prepare" else "spare"
    doing = prepare.phase or ("waits" if prepare.status == "queued" else "begins")
    return WorkRow(name, f"/environments/{environment_id}", "busy", f"{what}: {doing}")


def _run(entry: OpenRun) -> WorkRow:
    run = entry.run
    href = f"/threads/{run.thread_id}"
    return WorkRow(entry.title, href, RUN_MARKS[run.status], f"run: {RUN_WORDS[run.status]}")


def _iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def _size(count: int | None) -> str:
    if not count:
        return ""
    for unit, name in ((GIB, "GB"), (MIB, "MB")):
        if count >= unit:
            figure = count / unit
            return f"{figure:.0f} {name}" if figure >= WHOLE_FROM else f"{figure:.1f} {name}"
    return f"{count} bytes"


def _part(free: int | None, whole: int | None) -> str:
    if not free:
        return ""
    return f"{_size(free)} of {_size(whole)}" if whole else _size(free)
