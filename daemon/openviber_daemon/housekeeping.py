"""Giving back workspaces that the board no longer wants."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from openviber_daemon.board_config import BoardConfig
from openviber_daemon.daemon_log import LOG
from openviber_daemon.home import Home
from openviber_daemon.supervisor import Supervisor
from openviber_daemon.workspace import archive
from openviber_daemon.workspace.errors import BusyError
from openviber_daemon.workspace.slots import Slots

SLOTS = "environment:slots"


@dataclass(frozen=True, kw_only=True)
class Housekeeping:
    """Runs on a thread. Its results are control records for the hub."""

    home: Home
    board_config: BoardConfig
    supervisor: Supervisor

    def archive(
        self, *, thread_id: UUID, binding_id: UUID
    ) -> list[tuple[str, Mapping[str, object]]]:
        """Keep a thread's work under a hidden ref, then release its slot."""
        report = archive.archive_thread(
            self.home.root, thread_id=str(thread_id), binding_id=str(binding_id)
        )
        return [(SLOTS, {"slots": report})]

    def sync(self, *, also_wanted: frozenset[str]) -> list[tuple[str, Mapping[str, object]]]:
        """Bring the configuration up to date, then release bindings that are not in it.

        A command may be delivered late, so what it lists is never a reason to release anything:
        only what the board says now is.
        """
        self.board_config.pull()
        wanted = self.board_config.list_bindings() | also_wanted
        held = {slot.binding_id for slot in Slots(self.home.root).list_all()}
        for binding_id in sorted(held - wanted):
            if self.supervisor.is_binding_busy(UUID(binding_id)):
                LOG.info("binding %s is no longer wanted but still at work", binding_id)
                continue
            try:
                archive.release_binding(self.home.root, binding_id=binding_id)
            except BusyError as error:
                LOG.info("binding %s is no longer wanted but busy: %s", binding_id, error)
        return []
