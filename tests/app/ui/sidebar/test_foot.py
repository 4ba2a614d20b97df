from openviber_app.ui.sidebar.foot import nodes


def test_the_summary_opens_to_the_nodes_and_leads_to_their_page() -> None:
    shown = str(nodes())
    assert 'jsx("details"' in shown
    assert '"/nodes"' in shown
