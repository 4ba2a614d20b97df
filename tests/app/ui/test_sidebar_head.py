from openviber_app.ui.sidebar_head import sidebar_head


def test_the_head_leads_home_and_to_the_palette() -> None:
    shown = str(sidebar_head())
    assert 'to:"/"' in shown
    for part in ("ActivityBadge", "PaletteButton", "Watch"):
        assert part in shown
