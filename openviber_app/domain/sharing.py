"""What somebody may do in an environment that is shared with them."""

from collections.abc import Mapping
from enum import StrEnum

from openviber_app.domain.errors import ForbiddenError


class Access(StrEnum):
    """How somebody stands to an environment, from the least to the most."""

    VIEWER = "viewer"
    RUNNER = "runner"
    EDITOR = "editor"
    OWNER = "owner"


class Right(StrEnum):
    """Something that can be done in an environment."""

    SEE = "see"
    """Its fields, plain variables, names of secrets, bindings, prepares, threads and their logs."""
    RUN = "run"
    """Start and change threads, send messages, stop anybody's runs."""
    PREPARE = "prepare"
    """Prepare where it is mapped already, and call a prepare off."""
    EDIT = "edit"
    """Change its fields, variables and secrets, and which of its nodes is the default."""
    MAP = "map"
    """Put it on a node or take it off: nodes are their owner's machines."""
    SHARE = "share"
    DELETE = "delete"


ORDER = tuple(Access)
SHARED = (Access.VIEWER, Access.RUNNER, Access.EDITOR)
"""What an owner can give; there is one owner."""

LEAST: Mapping[Right, Access] = {
    Right.SEE: Access.VIEWER,
    Right.RUN: Access.RUNNER,
    Right.PREPARE: Access.RUNNER,
    Right.EDIT: Access.EDITOR,
    Right.MAP: Access.OWNER,
    Right.SHARE: Access.OWNER,
    Right.DELETE: Access.OWNER,
}

_WORDS: Mapping[Right, tuple[str, str]] = {
    Right.SEE: ("see this environment", "share it with you"),
    Right.RUN: ("run threads in it", "let you run threads"),
    Right.PREPARE: ("prepare it", "let you run threads"),
    Right.EDIT: ("change it", "let you edit it"),
    Right.MAP: ("map it to nodes", "do that: the nodes are theirs"),
    Right.SHARE: ("share it", "do that"),
    Right.DELETE: ("delete it", "do that"),
}
_CAN: Mapping[Access, str] = {
    Access.VIEWER: "read this environment",
    Access.RUNNER: "run threads in this environment",
    Access.EDITOR: "edit this environment",
    Access.OWNER: "do everything in this environment",
}


def at_least(access: Access) -> tuple[Access, ...]:
    """Return the accesses that hold everything this one does."""
    return ORDER[ORDER.index(access) :]


def may(access: Access, right: Right) -> bool:
    """Whether this access is enough."""
    return access in at_least(LEAST[right])


def require(access: Access, right: Right, *, owner: str) -> None:
    """Refuse what this access does not hold, in words that say whom to ask.

    Raises:
        ForbiddenError: it is not enough.
    """
    if not may(access, right):
        what, wish = _WORDS[right]
        raise ForbiddenError(f"you can {_CAN[access]}, but not {what}: ask {owner} to {wish}")
