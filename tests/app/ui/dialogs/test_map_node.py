from openviber_app.ui.dialogs.map_node import map_node_dialog


def test_the_dialog_is_wide_and_has_its_own_head() -> None:
    shown = str(map_node_dialog())
    assert "wide:true" in shown
    assert "bare:true" in shown
    assert "MapDialog" in shown
