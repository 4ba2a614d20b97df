from openviber_app.ui.pages.mappings import mappings_page


def test_the_page_lists_every_mapping() -> None:
    assert "Mappings" in str(mappings_page())
