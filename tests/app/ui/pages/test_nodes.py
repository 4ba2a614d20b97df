from openviber_app.ui.pages.nodes import nodes


def test_the_page_is_read_again_when_anything_changes() -> None:
    shown = str(nodes())
    assert shown.count("Watch") >= 2  # the sidebar's, and the page's own
    assert "NodesPage" in shown
