"""What a browser may ask of Reflex's socket: the handlers that pages use, and nothing else.

Reflex hands every event that names a registered handler to it, with whatever arguments came. Here
an event passes only if a page of ours could have sent it; anything else goes no further, and its
text reaches no log.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import reflex as rx
from reflex.state import StateUpdate

from openviber_app.domain.clock import SystemClock
from openviber_app.domain.errors import TooManyRequestsError
from openviber_app.services.tries import Tries
from openviber_app.states.first_load import asking
from openviber_app.states.nodes import Nodes
from openviber_app.states.session import Door
from openviber_app.states.workspace import Workspace

LOG = logging.getLogger(__name__)

ROOT = "reflex___state____state"
TEXT_MAX = 8000
HASHES_MAX = 100
LOGGED_MAX = 300
COMPLAINTS_PER_MINUTE = 20

_CONNECT = f"{ROOT}.hydrate_and_load"
_COMPLAIN = f"{ROOT}.reflex___state____frontend_event_exception_state.handle_frontend_exception"

ARGUMENTS: Mapping[str, frozenset[str]] = {
    _CONNECT: frozenset({"vars", "hashes"}),
    f"{ROOT}.reflex___state____on_load_internal_state.on_load_internal": frozenset(),
    _COMPLAIN: frozenset({"info", "component_stack"}),
    f"{Workspace.get_full_name()}.load": frozenset(),
    f"{Workspace.get_full_name()}.open_thread": frozenset({"thread_id"}),
    f"{Nodes.get_full_name()}.load": frozenset(),
    f"{Door.get_full_name()}.enter_setup": frozenset(),
    f"{Door.get_full_name()}.enter_sign_in": frozenset(),
    f"{Door.get_full_name()}.enter_by_link": frozenset(),
}
"""The handlers that pages call, with the names of the arguments they send."""

NOT_FOR_BROWSERS = frozenset(
    {
        # of Reflex: set variables from outside, or call what is named set_...
        *(f"{ROOT}.{name}" for name in ("setvar", "set_is_hydrated", "hydrate")),
        *(
            f"{ROOT}.{state}.setvar"
            for state in (
                "reflex___istate___shared____shared_state_base_internal",
                "reflex___state____frontend_event_exception_state",
                "reflex___state____on_load_internal_state",
                "reflex___state____update_vars_internal_state",
            )
        ),
        *(f"{state.get_full_name()}.setvar" for state in (Workspace, Nodes, Door)),
        f"{ROOT}.reflex___state____on_load_internal_state.set_is_hydrated",
        # nothing of ours is kept in a browser's storage for the state
        f"{ROOT}.reflex___state____update_vars_internal_state.update_vars_internal",
    }
)
"""Every other handler that Reflex registers: told here so that a new one is decided about."""

Handle = Callable[[str, Any], Awaitable[None]]


def is_of_a_page(data: object) -> bool:
    """Whether a page could have sent this event."""
    if not isinstance(data, dict):
        return False
    name, payload = data.get("name"), data.get("payload", {})
    if not isinstance(name, str) or name not in ARGUMENTS or not isinstance(payload, dict):
        return False
    if not isinstance(data.get("router_data", {}), dict):
        return False
    if name == _CONNECT:
        return _is_connect(payload)
    return set(payload) == ARGUMENTS[name] and all(_is_text(one) for one in payload.values())


def _is_connect(payload: Mapping[str, Any]) -> bool:
    """Whether a page connects: it tells which parts it has, and no variable."""
    hashes = payload.get("hashes") or []
    return (
        set(payload) <= ARGUMENTS[_CONNECT]
        and not payload.get("vars")
        and isinstance(hashes, list)
        and len(hashes) <= HASHES_MAX
        and all(_is_text(one) for one in hashes)
    )


def _is_text(value: object) -> bool:
    return isinstance(value, str) and len(value) <= TEXT_MAX


def guard(app: rx.App) -> None:
    """Let only events of pages in, and what came of them out to none but who asked."""
    namespace = app.event_namespace
    assert namespace is not None  # noqa: S101 - the application has states
    forward: Handle = namespace.on_event

    async def on_event(sid: str, data: object) -> None:
        if is_of_a_page(data):
            await forward(sid, data)
        else:
            LOG.debug("dropped an event that no page sends")

    namespace.on_event = on_event
    emit = namespace.emit_update

    def cookie_of(sid: str) -> str:
        environ = app.sio.get_environ(sid, namespace.namespace) if app.sio else None
        return (environ or {}).get("HTTP_COOKIE", "")

    async def emit_update(update: StateUpdate, token: str) -> None:
        # a token finds whoever has the tab by now: what others asked for is not for them
        asked, sid = asking.get(), namespace.token_to_sid.get(token)
        if asked is None or sid is None or asked == cookie_of(sid):
            await emit(update, token)
        else:
            LOG.debug("dropped an update that somebody else asked for")

    namespace.emit_update = emit_update


_COMPLAINTS = Tries(SystemClock(), limit=COMPLAINTS_PER_MINUTE, window_seconds=60)


def note_complaint(exception: Exception) -> None:
    """Put what went wrong in a page into the board's log: bounded, and in one line."""
    try:
        _COMPLAINTS.add("pages")
    except TooManyRequestsError:
        return
    LOG.warning("a page stumbled: %r", str(exception)[:LOGGED_MAX])
