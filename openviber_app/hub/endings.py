"""Why a node's link ended, in the words of the nodes page."""

from openviber_protocol.closing import CloseReason, policy_for
from openviber_protocol.events import Close

_BROKE = (
    "the connection broke without a word: the daemon was killed, its machine stopped, or the "
    "network between failed"
)
_LEFT = {
    CloseReason.NORMAL: "the daemon was stopped",
    CloseReason.GOING_AWAY: "the daemon was stopped",
    CloseReason.ABNORMAL: _BROKE,
    CloseReason.NO_STATUS: _BROKE,  # what uvicorn says of a connection that was lost
}


def left(code: int) -> str:
    """Say why a node went, by the code that it closed with."""
    policy = policy_for(code)
    return _LEFT.get(policy.reason, policy.meaning)


def sent_away(verdict: Close) -> str:
    """Say why the board closed the link."""
    if verdict.reason is CloseReason.UPGRADE:
        return f"the daemon's version does not fit the board's: {verdict.detail}"
    return verdict.detail
