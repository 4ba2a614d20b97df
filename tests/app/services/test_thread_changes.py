"""Tests of `openviber_app.services.thread_changes`."""

import pytest

from openviber_app.domain.errors import NotFoundError
from openviber_app.services.runtime import Runtime
from openviber_app.services.thread_changes import get_changes, sum_of
from openviber_app.services.timeline_pages import FileView
from tests.support.board import People
from tests.support.workbench import make_bench


def file(path: str, status: str = "modified", *, old: str = "", lines: int = 1) -> FileView:
    return FileView(path=path, status=status, old_path=old, additions=lines, deletions=lines)


def test_the_lines_of_a_path_add_up_over_the_runs() -> None:
    assert sum_of([[file("b"), file("a")], [file("a", lines=2)]]) == [
        file("a", lines=3),
        file("b"),
    ]


def test_a_file_that_came_and_went_is_none() -> None:
    assert sum_of([[file("a", "added")], [file("a", "deleted")]]) == []


def test_a_renamed_file_is_followed_to_its_new_name() -> None:
    (found,) = sum_of([[file("a")], [file("b", "renamed", old="a")]])
    assert (found.path, found.old_path, found.additions) == ("b", "a", 2)


def test_a_file_that_was_added_stays_an_added_one() -> None:
    (found,) = sum_of([[file("a", "added")], [file("a")]])
    assert found.status == "added"


def test_a_file_that_was_binary_once_has_no_lines() -> None:
    (found,) = sum_of([[file("a", lines=-1)], [file("a", lines=5)]])
    assert found.additions == -1


async def test_the_changes_of_another_persons_thread_are_not_there(
    runtime: Runtime, people: People
) -> None:
    bench = await make_bench(runtime, people.alice.actor)
    with pytest.raises(NotFoundError, match=r"^no such thread$"):
        await get_changes(runtime, people.bob.actor, thread_id=bench.thread.id, limit=5)
    found = await get_changes(runtime, bench.actor, thread_id=bench.thread.id, limit=5)
    assert (found.files, found.runs, found.more) == ([], [], False)
