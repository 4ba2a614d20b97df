import os
from pathlib import Path

import pytest

from openviber_daemon.workspace.errors import GitError
from openviber_daemon.workspace.snapshots import diff, parse_diff, snapshot
from tests.support.git_server import run_git


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    repo = tmp_path / "repo"
    run_git("init", "--quiet", "-b", "main", str(repo), cwd=tmp_path)
    (repo / ".gitignore").write_text("ignored\n")
    (repo / "a.txt").write_text("".join(f"line {n}\n" for n in range(20)))
    run_git("add", ".", cwd=repo)
    run_git("commit", "-qm", "Start", cwd=repo)
    return repo


def taken(path: Path) -> str:
    tree = snapshot(path)
    assert tree is not None
    return tree


def test_a_folder_that_is_no_repository_has_no_snapshot(tmp_path: Path) -> None:
    assert snapshot(tmp_path) is None


def test_nothing_of_the_users_own_index_or_files_is_touched(repo: Path) -> None:
    (repo / "staged").write_text("s\n")
    run_git("add", "staged", cwd=repo)
    (repo / "new").write_text("n\n")
    index = (repo / ".git" / "index").read_bytes()
    status = run_git("status", "--porcelain", cwd=repo)

    tree = taken(repo)

    assert (repo / ".git" / "index").read_bytes() == index
    assert run_git("status", "--porcelain", cwd=repo) == status
    names = run_git("ls-tree", "-r", "--name-only", tree, cwd=repo).splitlines()
    assert names == [".gitignore", "a.txt", "new", "staged"]


def test_two_snapshots_of_the_same_files_are_equal_also_across_a_commit(repo: Path) -> None:
    (repo / "new").write_text("n\n")
    before = taken(repo)
    run_git("add", ".", cwd=repo)
    run_git("commit", "-qm", "x", cwd=repo)

    assert taken(repo) == before
    assert diff(repo, before, before) == []


def test_each_kind_of_change_is_told(repo: Path) -> None:
    (repo / "gone").write_text("x\n")
    (repo / "old name").write_text("".join(f"{n}\n" for n in range(30)))
    (repo / "bin").write_bytes(bytes(range(256)))
    (repo / "kind").write_text("x\n")
    before = taken(repo)
    (repo / "a.txt").write_text("".join(f"line {n}\n" for n in range(19)) + "other\nmore\n")
    (repo / "gone").unlink()
    (repo / "old name").rename(repo / "new\tname")
    (repo / "bin").write_bytes(bytes(reversed(range(256))))
    (repo / "kind").unlink()
    (repo / "kind").symlink_to("a.txt")
    (repo / "ignored").write_text("x\n")
    (repo / "ünï").write_text("1\n2\n")

    changes = {str(change["path"]): change for change in diff(repo, before, taken(repo))}

    def short(path: str) -> tuple[object, ...]:
        change = changes[path]
        return change["status"], change["oldPath"], change["additions"], change["deletions"]

    assert changes.keys() == {"a.txt", "gone", "new\tname", "bin", "kind", "ünï"}
    assert short("a.txt") == ("modified", "", 2, 1)
    assert short("gone") == ("deleted", "", 0, 1)
    assert short("new\tname") == ("renamed", "old name", 0, 0)
    assert short("bin") == ("modified", "", -1, -1)
    assert short("kind")[:2] == ("type_changed", "")
    assert short("ünï") == ("added", "", 2, 0)


def test_a_subfolder_gives_the_snapshot_of_its_whole_repository(repo: Path) -> None:
    (repo / "sub").mkdir()
    (repo / "sub" / "x").write_text("x\n")

    assert taken(repo / "sub") == taken(repo)


def test_objects_that_were_pruned_meanwhile_are_written_again(repo: Path) -> None:
    (repo / "new").write_text("only here\n")
    before = taken(repo)
    run_git("prune", "--expire=now", cwd=repo)

    after = taken(repo)

    assert after == before
    assert run_git("cat-file", "-p", f"{after}:new", cwd=repo) == "only here"


def test_a_file_that_cannot_be_read_is_said(repo: Path) -> None:
    if os.geteuid() == 0:
        os.mkfifo(repo / "pipe")  # git leaves such files out, for root nothing is unreadable
        assert snapshot(repo) is not None
        return
    (repo / "secret").write_text("x")
    (repo / "secret").chmod(0)
    with pytest.raises(GitError, match="read the files"):
        snapshot(repo)


def test_a_repository_without_a_commit_has_a_snapshot(tmp_path: Path) -> None:
    run_git("init", "--quiet", str(tmp_path / "new"), cwd=tmp_path)
    (tmp_path / "new" / "x").write_text("x\n")

    assert run_git("ls-tree", "--name-only", taken(tmp_path / "new"), cwd=tmp_path / "new") == "x"


def test_no_output_is_no_change() -> None:
    assert parse_diff(b"") == []
