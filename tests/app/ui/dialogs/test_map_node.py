from openviber_app.ui.dialogs.map_node import map_node_dialog


def test_the_form_asks_for_the_node() -> None:
    assert 'name:"nodeId"' in str(map_node_dialog())
