from openviber_app.ui.settings.components import settings_part


def test_the_part_is_loaded_from_its_published_file() -> None:
    assert "Settings" in str(settings_part())
