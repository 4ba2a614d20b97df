import json
import os
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from openviber_daemon.tails import EventTail, OpenFiles


def test_lines_are_counted_when_they_are_complete(tmp_path: Path) -> None:
    path, files = tmp_path / "events", OpenFiles()
    tail = EventTail(path, files)
    assert tail.look() == 0
    with path.open("ab", buffering=0) as file:
        file.write(b'{"n": 0}\n{"n"')
        assert tail.look() == 1
        file.write(b": 1}\n")
        assert tail.look() == 2
    assert [tail.read(n) for n in range(2)] == [{"n": 0}, {"n": 1}]
    files.close()


def test_a_torn_line_that_is_written_anew_is_read_anew(tmp_path: Path) -> None:
    path, files = tmp_path / "events", OpenFiles()
    path.write_bytes(b'{"n": 0}\n{"torn')
    tail = EventTail(path, files)
    assert tail.look() == 1
    with path.open("r+b") as file:
        file.truncate(9)
        file.seek(9)
        file.write(b'{"n": 1}\n')
    assert tail.look() == 2
    assert tail.read(1) == {"n": 1}
    files.close()


def test_a_line_longer_than_a_block_is_read(tmp_path: Path) -> None:
    path, files = tmp_path / "events", OpenFiles()
    event = {"text": "x" * 1_000_000}
    path.write_bytes(json.dumps(event).encode() + b"\n")
    tail = EventTail(path, files)
    assert tail.look() == 1
    assert tail.read(0) == event
    files.close()


def test_a_line_that_is_no_object_is_empty(tmp_path: Path) -> None:
    path, files = tmp_path / "events", OpenFiles()
    path.write_bytes(b"nonsense\n[1]\n")
    tail = EventTail(path, files)
    tail.look()
    assert [tail.read(0), tail.read(1)] == [{}, {}]
    files.close()


@given(st.lists(st.integers(min_value=1, max_value=9), max_size=20))
def test_any_pieces_give_the_same_lines(pieces: list[int]) -> None:
    whole = b'{"n": 0}\n{"n": 1}\n{"n": 2}\n{"n": 3}\n'
    path = Path(f"/proc/self/fd/{os.memfd_create('events')}")
    try:
        files = OpenFiles()
        tail = EventTail(path, files)
        rest = whole
        with path.open("ab", buffering=0) as file:
            for size in pieces:
                file.write(rest[:size])
                rest = rest[size:]
                tail.look()
            file.write(rest)
        assert tail.look() == 4
        assert [tail.read(n) for n in range(4)] == [{"n": n} for n in range(4)]
        files.close()
    finally:
        os.close(int(path.name))


def test_few_files_stay_open_however_many_are_read(tmp_path: Path) -> None:
    files = OpenFiles(limit=3)
    before = len(list(Path("/proc/self/fd").iterdir()))
    for n in range(10):
        (tmp_path / str(n)).write_text(str(n))
    for n in [*range(10), *range(10)]:
        assert files.read(tmp_path / str(n), start=0, size=9) == str(n).encode()
    assert len(list(Path("/proc/self/fd").iterdir())) - before == 3
    files.close()
    assert files.size(tmp_path / "absent") == 0
