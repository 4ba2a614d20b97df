from openviber_app.ui.kit.choice import choice


def test_a_choice_sends_its_value_under_its_name() -> None:
    shown = str(choice("Branch", "branch", [{"value": "main", "label": "main"}]))
    assert 'name:"branch"' in shown
    assert 'label:"Branch"' in shown
    assert '"value"' in shown
