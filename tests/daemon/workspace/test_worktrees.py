from pathlib import Path

import pytest

from openviber_daemon.workspace.git import Git
from openviber_daemon.workspace.worktrees import (
    add_worktree,
    current_branch,
    has_changes,
    head_commit,
    is_work_tree,
    move_to,
    remove_worktree,
)
from tests.support.git_server import GitServer, run_git


@pytest.fixture
def mirror(server: GitServer) -> Path:
    server.create_repo("demo", {"a": "1\n", ".gitignore": "built\n"})
    return server.path("demo")


@pytest.fixture
def tree(mirror: Path, tmp_path: Path) -> Path:
    path = tmp_path / "trees" / "1"
    add_worktree(Git(), mirror=mirror, path=path, commit=run_git("rev-parse", "main", cwd=mirror))
    return path


def test_a_commit_is_checked_out_on_no_branch(tree: Path, mirror: Path) -> None:
    assert (tree / "a").read_text() == "1\n"
    assert current_branch(Git(), tree) == ""
    assert head_commit(Git(), tree) == run_git("rev-parse", "main", cwd=mirror)
    assert is_work_tree(Git(), tree)
    assert not has_changes(Git(), tree)


def test_a_folder_that_lies_in_the_way_or_went_by_hand_is_replaced(
    tree: Path, mirror: Path
) -> None:
    commit = head_commit(Git(), tree)
    (tree / ".git").unlink()
    (tree / "half").write_text("x\n")

    add_worktree(Git(), mirror=mirror, path=tree, commit=commit)

    assert not (tree / "half").exists()
    assert head_commit(Git(), tree) == commit


def test_after_a_removal_the_mirror_knows_nothing_of_it(tree: Path, mirror: Path) -> None:
    remove_worktree(Git(), mirror=mirror, path=tree)
    remove_worktree(Git(), mirror=mirror, path=tree)

    assert not tree.exists()
    assert not list((mirror / "worktrees").glob("*"))


def test_moving_overwrites_changes_but_keeps_what_is_ignored(tree: Path, server: GitServer) -> None:
    newer = server.commit("demo", {"b": "new\n"}, "Two")
    (tree / "a").write_text("changed\n")
    (tree / "b").write_text("in the way\n")
    (tree / "built").write_text("x\n")
    assert has_changes(Git(), tree)

    move_to(Git(), path=tree, commit=newer, pristine=False)

    assert (tree / "a").read_text() == "1\n"
    assert (tree / "b").read_text() == "new\n"
    assert (tree / "built").exists()
    move_to(Git(), path=tree, commit=newer, pristine=True)
    assert not (tree / "built").exists()


def test_a_folder_that_is_not_there_has_no_commit(tmp_path: Path) -> None:
    assert head_commit(Git(), tmp_path / "nothing") == ""
    assert not is_work_tree(Git(), tmp_path)
