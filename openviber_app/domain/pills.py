"""The word that the sidebar shows for an environment."""

from enum import StrEnum

from openviber_app.domain.statuses import BindingStatus


class Pill(StrEnum):
    """Derived from the environment's default binding; never stored."""

    UNMAPPED = "Unmapped"
    PREPARING = "Preparing"
    READY = "Ready"
    ERROR = "Error"
    STALE = "Stale"


_PILLS = {
    BindingStatus.PENDING: Pill.PREPARING,
    BindingStatus.PREPARING: Pill.PREPARING,
    BindingStatus.READY: Pill.READY,
    BindingStatus.ERROR: Pill.ERROR,
    BindingStatus.STALE: Pill.STALE,
}


def pill_of(status: BindingStatus | None) -> Pill:
    """Return the pill of an environment whose default binding has this status."""
    return Pill.UNMAPPED if status is None else _PILLS[status]
