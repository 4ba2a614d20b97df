from openviber_app.ui.sidebar.switcher import actions, switcher


def test_the_card_opens_the_list_of_environments() -> None:
    assert '"data-opens":"environments"' in str(switcher())


def test_the_way_to_a_new_thread_knows_whether_there_is_a_node() -> None:
    assert "NewThread" in str(actions())
    assert "isMapped" in str(actions())
