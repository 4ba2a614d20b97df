from openviber_app.ui.pages.thread import thread


def test_a_thread_is_read_by_the_page_itself_and_not_from_the_state() -> None:
    shown = str(thread())
    main = shown[shown.index('"main"') :]
    assert "ThreadPage" in main
    assert "workspace" not in main[: main.index("ThreadPage")]
