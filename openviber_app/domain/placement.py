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


@dataclass(frozen=True, slots=True)
class Wishes:
    """What narrows the choice, the strongest first."""

    held_binding_id: UUID | None = None
    """The binding in which the thread already has its workspace."""
    chosen_node_id: UUID | None = None
    default_binding_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Placement:
    """The choice. `waits_for` is the node whose environment is still being prepared."""

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
        if candidate.binding_id == wishes.default_binding_id:
            return candidate
    return _only_one(candidates)


def place(candidates: Sequence[Candidate], wishes: Wishes) -> Placement:
    """Choose the binding a run goes to.

    Raises:
        ConflictError: there is none, there are several, or the chosen one failed to prepare.
    """
    chosen = _choose(candidates, wishes)
    if chosen.status in COMING:
        return Placement(chosen, waits_for=chosen.node_name)
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
