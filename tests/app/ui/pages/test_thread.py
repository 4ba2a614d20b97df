from openviber_app.ui.pages.thread import thread


def test_a_thread_has_a_timeline_above_its_composer() -> None:
    shown = str(thread())
    assert shown.index("Timeline") < shown.index("Composer")
