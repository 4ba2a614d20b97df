from openviber_app.ui.dialogs.add_node import add_node_dialog


def test_the_command_is_made_by_the_api() -> None:
    assert 'action:"/api/nodes/tokens"' in str(add_node_dialog())
