"""Tests of `openviber_app.states.first_load`; a killed board is in tests/browser."""

from reflex.state import State
from reflex_base.event import Event

from openviber_app.openviber_app import app
from openviber_app.services import accounts
from openviber_app.services.runtime import Runtime
from openviber_app.services.visitors import COOKIE
from openviber_app.states.first_load import FirstLoad
from openviber_app.states.workspace import Workspace
from tests.support.board import People
from tests.support.workbench import add_environment


async def _first_event(cookie: str) -> Workspace:
    """Return the workspace of a fresh state as it is when its first event is handled."""
    root = State(_reflex_internal_init=True)  # pyright: ignore[reportCallIssue]
    data = {"pathname": "/", "asPath": "/", "headers": {"cookie": cookie, "origin": "http://a"}}
    root._update_router_vars(data, {})
    assert await FirstLoad().preprocess(app, root, Event(name="any", payload={})) is None
    return await root.get_state(Workspace)


async def test_a_fresh_state_is_filled_before_its_first_event(
    runtime: Runtime, people: People
) -> None:
    actor = people.alice.actor
    await add_environment(runtime, actor, name="checkout-api")
    grant = await accounts.start_session(runtime, actor)
    filled = await _first_event(f"{COOKIE}={grant.value}")
    assert filled.is_loaded
    assert [row.name for row in filled.environments] == ["checkout-api"]


async def test_the_state_of_somebody_who_is_not_signed_in_stays_empty(
    runtime: Runtime, people: People
) -> None:
    await add_environment(runtime, people.alice.actor)
    for cookie in ("", f"{COOKIE}=made-up"):
        empty = await _first_event(cookie)
        assert (empty.is_loaded, empty.environments) == (False, [])


async def test_a_tab_whose_session_was_ended_gets_nothing_from_its_open_socket(
    runtime: Runtime, people: People
) -> None:
    grant = await accounts.start_session(runtime, people.alice.actor)
    tab = await _first_event(f"{COOKIE}={grant.value}")
    await accounts.end_session(runtime, grant.value)
    await add_environment(runtime, people.alice.actor, name="made-since")
    assert await Workspace.load.fn(tab) is not None  # sent to the door
    assert (tab.is_loaded, tab.person, tab.environments) == (False, "", [])


def test_the_application_fills_a_state_before_anything_else_is_done_with_it() -> None:
    assert isinstance(app._middlewares[0], FirstLoad)


async def test_a_state_of_somebody_else_is_emptied_before_anything_of_it_is_sent(
    runtime: Runtime, people: People
) -> None:
    alice, bob = people.alice.actor, people.bob.actor
    await add_environment(runtime, alice, name="checkout-api")
    root = State(_reflex_internal_init=True)  # pyright: ignore[reportCallIssue]
    grants = [await accounts.start_session(runtime, actor) for actor in (alice, bob)]
    cookies = [f"{COOKIE}={grant.value}" for grant in grants]
    seen: list[tuple[str, list[str]]] = []
    for cookie in (cookies[0], cookies[1], cookies[0], ""):
        data = {"pathname": "/", "asPath": "/", "headers": {"cookie": cookie, "origin": "http://a"}}
        root._update_router_vars(data, {})
        await FirstLoad().preprocess(app, root, Event(name="any", payload={}))
        workspace = await root.get_state(Workspace)
        seen.append((workspace.person, [row.name for row in workspace.environments]))
    assert seen == [
        ("Alice", ["checkout-api"]),
        ("Bob", []),
        ("Alice", ["checkout-api"]),
        ("", []),
    ]
