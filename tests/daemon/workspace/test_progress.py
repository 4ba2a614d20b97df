from openviber_daemon.workspace.progress import Progress


def test_whole_lines_pass_and_overwritten_ones_are_thinned_out() -> None:
    kept: list[bytes] = []
    progress = Progress(kept.append)
    updates = b"".join(b"Receiving objects: %d%%\r" % n for n in range(100))

    for start in range(0, len(updates), 7):
        progress.feed(updates[start : start + 7])
    progress.feed(b"Receiving objects: 100%, done.\nFrom x\n")
    progress.feed(b"the end")
    progress.finish()

    assert kept[-3:] == [b"Receiving objects: 100%, done.\n", b"From x\n", b"the end\n"]
    assert len(kept) < 20


def test_empty_lines_are_left_out() -> None:
    kept: list[bytes] = []
    progress = Progress(kept.append)
    progress.feed(b"\n\r\n  \n")
    progress.finish()

    assert kept == []
