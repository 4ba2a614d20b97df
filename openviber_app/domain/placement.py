"""Where a thread's next run goes: which binding, and whether it goes now."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from openviber_app.domain.errors import ConflictError
from openviber_app.domain.statuses import BindingStatus

USABLE = {BindingStatus.READY, BindingStatus.STALE}
COMING = {BindingStatus.PENDING, BindingStatus.PREPARING}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A binding of the thread's environment."""

    binding_id: UUID
    node_id: UUID
    node_name: str
    status: BindingStatus
    stale_reasons: tuple[str, ...] = ()
    last_error: str = ""
    is_drained: bool = False
    """Its node takes no new work for now."""
    is_revoked: bool = False
    """Its node is this board's no more."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What narrows the choice, the strongest first."""

    held_binding_id: UUID | None = None
    """The binding in which the thread already has its workspace."""
    chosen_node_id: UUID | None = None
    default_binding_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Placement:
    """The choice. `waits_for` says in words what keeps the run from going now."""

    candidate: Candidate
    waits_for: str = ""
    notice: str = ""


def _only_one(candidates: Sequence[Candidate]) -> Candidate:
    for wanted in ({BindingStatus.READY}, {BindingStatus.STALE}, set(BindingStatus)):
        fitting = [c for c in candidates if c.status in wanted]
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            names = ", ".join(sorted(c.node_name for c in fitting))
            raise ConflictError(f"choose a node: this environment is mapped to {names}")
    raise ConflictError("this environment is on no node yet; map it to a node first")


def _choose(candidates: Sequence[Candidate], wishes: Wishes) -> Candidate:
    for candidate in candidates:
        if candidate.binding_id == wishes.held_binding_id:
            return candidate
    if wishes.chosen_node_id is not None:
        for candidate in candidates:
            if candidate.node_id == wishes.chosen_node_id:
                return candidate
        raise ConflictError(
            "this environment is not mapped to the thread's node; map it there or choose another"
        )
    for candidate in candidates:
        if candidate.binding_id == wishes.default_binding_id and not candidate.is_revoked:
            return candidate
    return _only_one([c for c in candidates if not c.is_revoked] or candidates)


def drained_words(node_name: str) -> str:
    """Say why nothing new begins on a drained node."""
    return f"{node_name}, which is drained: it takes no new work until it is resumed"


def place(candidates: Sequence[Candidate], wishes: Wishes) -> Placement:
    """Choose the binding a run goes to.

    Raises:
        ConflictError: there is none, there are several, or the chosen one failed to prepare.
    """
    chosen = _choose(candidates, wishes)
    if chosen.is_revoked:
        raise ConflictError(
            f"{chosen.node_name} was revoked; map the environment to another node, and choose it"
        )
    if chosen.is_drained and chosen.status in USABLE | COMING:
        return Placement(chosen, waits_for=drained_words(chosen.node_name))
    if chosen.status in COMING:
        return Placement(chosen, waits_for=f"the environment on {chosen.node_name}")
    if chosen.status not in USABLE:
        said = f" ({chosen.last_error})" if chosen.last_error else ""
        raise ConflictError(
            f"the environment could not be prepared on {chosen.node_name}{said}; "
            "fix it and prepare it again"
        )
    notice = ""
    if chosen.status is BindingStatus.STALE:
        changed = ", ".join(chosen.stale_reasons) or "its settings"
        notice = (
            f"the environment on {chosen.node_name} is older than its settings "
            f"(changed: {changed}); prepare it again to use them"
        )
    return Placement(chosen, notice=notice)
