from openviber_app.states.nodes import Nodes


def test_the_state_holds_no_token() -> None:
    assert not {name for name in Nodes.vars if "token" in name or "command" in name}
