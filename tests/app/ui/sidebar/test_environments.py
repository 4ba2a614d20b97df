from openviber_app.ui.sidebar.environments import environment_list, environments


def test_both_lists_lead_to_the_mappings_and_show_the_environments() -> None:
    for shown in (str(environments()), str(environment_list())):
        assert '"/mappings"' in shown
    assert "EnvironmentNav" in str(environments())
    assert "EnvironmentChoice" in str(environment_list())
