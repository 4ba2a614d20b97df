from openviber_app.states.nodes import Nodes
from openviber_app.ui.dialogs.add_node import add_node_dialog


def test_the_dialog_is_given_no_state_of_nodes() -> None:
    shown = str(add_node_dialog())
    assert "AddNode" in shown
    assert Nodes.get_full_name() not in shown  # what it makes stays in the browser
