"""Why a connection ends: every close code, and whether it is worth a retry."""

from dataclasses import dataclass
from enum import StrEnum


class CloseReason(StrEnum):
    """The ends of a connection, by name."""

    NORMAL = "normal"
    GOING_AWAY = "going_away"
    NO_STATUS = "no_status"
    ABNORMAL = "abnormal"
    INTERNAL = "internal"
    RESTART = "restart"
    BUSY = "busy"
    BAD_FRAME = "bad_frame"
    AUTH = "auth"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"
    UPGRADE = "upgrade"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ClosePolicy:
    """What a node does after a close. `slow` means a back-off of `SLOW_SECONDS` at least."""

    code: int
    reason: CloseReason
    retry: bool
    meaning: str
    slow: bool = False


SLOW_SECONDS = 300
"""A node of the wrong version asks again no sooner: only an upgrade can help."""

MAX_REASON_BYTES = 123
"""RFC 6455: a close frame holds 125 bytes, two of which are the code."""

CLOSE_POLICIES: dict[CloseReason, ClosePolicy] = {
    policy.reason: policy
    for policy in (
        ClosePolicy(1000, CloseReason.NORMAL, retry=True, meaning="the other side said goodbye"),
        ClosePolicy(1001, CloseReason.GOING_AWAY, retry=True, meaning="the other side is leaving"),
        ClosePolicy(
            1005,
            CloseReason.NO_STATUS,
            retry=True,
            meaning="closed without a code",
        ),
        ClosePolicy(
            1006,
            CloseReason.ABNORMAL,
            retry=True,
            meaning="the connection broke without a word",
        ),
        ClosePolicy(1011, CloseReason.INTERNAL, retry=True, meaning="the other side failed"),
        ClosePolicy(1012, CloseReason.RESTART, retry=True, meaning="the board is restarting"),
        ClosePolicy(1013, CloseReason.BUSY, retry=True, meaning="the board is too busy; try later"),
        ClosePolicy(
            4400,
            CloseReason.BAD_FRAME,
            retry=True,
            meaning="a frame broke the protocol; the session resumes from what was committed",
        ),
        ClosePolicy(
            4401, CloseReason.AUTH, retry=False, meaning="the node's credentials were not accepted"
        ),
        ClosePolicy(
            4403,
            CloseReason.REVOKED,
            retry=False,
            meaning="the node was removed or revoked on the board",
        ),
        ClosePolicy(
            4409,
            CloseReason.SUPERSEDED,
            retry=False,
            meaning="another daemon connected with this node's identity",
        ),
        ClosePolicy(
            4426,
            CloseReason.UPGRADE,
            retry=True,
            slow=True,
            meaning="board and node share no protocol version; the reason holds the board's range",
        ),
    )
}

_BY_CODE = {policy.code: policy for policy in CLOSE_POLICIES.values()}


def policy_for(code: int | None) -> ClosePolicy:
    """Find what a close code asks for; a code that nobody declared is worth a retry."""
    if code is None:
        return CLOSE_POLICIES[CloseReason.ABNORMAL]
    known = _BY_CODE.get(code)
    if known is not None:
        return known
    return ClosePolicy(code, CloseReason.UNKNOWN, retry=True, meaning=f"closed with code {code}")


def code_of(reason: CloseReason) -> int:
    """Return the code that is sent for a reason."""
    return CLOSE_POLICIES[reason].code


def fit_reason(text: str) -> str:
    """Cut a close reason to what a close frame can hold, on a character's edge."""
    return text.encode()[:MAX_REASON_BYTES].decode(errors="ignore")
