from openviber_app.ui.pages.environment import environment


def test_an_environment_has_its_nodes_above_the_composer() -> None:
    shown = str(environment())
    assert shown.index(" to node") < shown.index("Composer")
