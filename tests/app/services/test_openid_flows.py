from datetime import timedelta

from openviber_app.services import openid_flows
from openviber_app.services.openid_flows import Flow, OpenIdFlows
from tests.support.board import StillClock


def test_a_trip_is_taken_once() -> None:
    flows, flow = OpenIdFlows(StillClock()), Flow(next="/")
    flows.add(flow)
    assert flows.take(cookie=flow.cookie, state=flow.state) is flow
    assert flows.take(cookie=flow.cookie, state=flow.state) is None


def test_another_browser_or_another_state_takes_nothing_and_uses_nothing_up() -> None:
    flows, mine, other = OpenIdFlows(StillClock()), Flow(next="/"), Flow(next="/")
    flows.add(mine)
    flows.add(other)
    for cookie, state in [
        ("", mine.state),
        (other.cookie, mine.state),
        (mine.cookie, other.state),
        (mine.cookie, ""),
        (mine.cookie, "é"),
    ]:
        assert flows.take(cookie=cookie, state=state) is None
    assert flows.take(cookie=mine.cookie, state=mine.state) is mine


def test_a_trip_ends_after_ten_minutes() -> None:
    clock = StillClock()
    flows, flow = OpenIdFlows(clock), Flow(next="/")
    flows.add(flow)
    clock.move(timedelta(minutes=10))
    assert flows.take(cookie=flow.cookie, state=flow.state) is None


def test_nobody_fills_the_memory() -> None:
    flows = OpenIdFlows(StillClock())
    first = Flow(next="/")
    flows.add(first)
    last = Flow(next="/")
    for _ in range(openid_flows.MAX_FLOWS - 1):
        flows.add(Flow(next="/"))
    flows.add(last)
    assert flows.take(cookie=first.cookie, state=first.state) is None
    assert flows.take(cookie=last.cookie, state=last.state) is last


def test_a_trip_shows_none_of_its_secrets() -> None:
    flow = Flow(next="/")
    assert not [s for s in (flow.cookie, flow.state, flow.nonce, flow.verifier) if s in repr(flow)]
    assert len({flow.cookie, flow.state, flow.nonce, flow.verifier}) == 4
