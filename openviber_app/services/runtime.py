"""What every service works with, and the one that this process runs on."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field

from openviber_app.bus import Bus
from openviber_app.domain.clock import Clock
from openviber_app.domain.reports import Advance
from openviber_app.services.check_turns import CheckTurns
from openviber_app.services.kept_logs import KeptLogs
from openviber_app.services.openid_flows import OpenIdFlows
from openviber_app.services.openid_provider import OpenIdProvider
from openviber_app.services.tries import Tries
from openviber_app.settings import Settings
from openviber_app.store.engine import Store
from openviber_app.vault.vault import Vault


@dataclass(frozen=True, slots=True)
class Runtime:
    """The parts of one board process; built at start-up and closed at its end."""

    settings: Settings
    store: Store
    vault: Vault
    bus: Bus
    clock: Clock
    tries: Tries = field(init=False)
    checks: CheckTurns = field(default_factory=CheckTurns, init=False)
    kept_logs: KeptLogs = field(default_factory=KeptLogs, init=False)
    rotation_wanted: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    """Wakes whoever wraps the secrets' keys anew."""

    openid_flows: OpenIdFlows = field(init=False)
    openid_provider: OpenIdProvider | None = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tries", Tries(self.clock))  # frozen, yet derived
        object.__setattr__(self, "openid_flows", OpenIdFlows(self.clock))
        provider = OpenIdProvider.of(self.settings, self.clock)
        object.__setattr__(self, "openid_provider", provider)

    def announce(self, advances: Iterable[Advance]) -> None:
        """Tell the bus what a committed transaction moved."""
        for advance in advances:
            self.bus.advanced(advance.topic, advance.position)


class _Slot:
    runtime: Runtime | None = None


def install(runtime: Runtime | None) -> None:
    """Make `runtime` the one of this process; None at the end."""
    _Slot.runtime = runtime


def current() -> Runtime:
    """Return the runtime of this process.

    Raises:
        RuntimeError: the board has not started.
    """
    if _Slot.runtime is None:
        raise RuntimeError("the board has not started yet")
    return _Slot.runtime
