from pathlib import Path

from openviber_daemon.environments.fingerprint import (
    board_parts,
    build,
    changed,
    lockfile_parts,
    lockfiles,
)


def test_it_joins_the_boards_parts_the_commit_and_the_lockfiles(tmp_path: Path) -> None:
    (tmp_path / "uv.lock").write_text("x")
    (tmp_path / "requirements-dev.txt").write_text("y")
    parts = build({"setup script": "1"}, commit="abc", folder=tmp_path)

    assert parts.keys() == {
        "setup script", "commit", "lockfile uv.lock", "lockfile requirements-dev.txt",
    }  # fmt: skip
    assert board_parts(parts) == {"setup script": "1"}
    assert lockfile_parts(parts) == lockfiles(tmp_path)


def test_a_folder_that_is_not_there_yet_has_no_lockfiles(tmp_path: Path) -> None:
    assert build({}, commit="", folder=tmp_path / "later") == {}


def test_a_change_is_named_also_when_a_part_came_or_went() -> None:
    old = {"setup script": "1", "variable A": "1", "commit": "x"}
    new = {"setup script": "1", "variable B": "1", "commit": "y"}

    assert changed(old, new) == ["commit", "variable A", "variable B"]
    assert changed(old, old) == []


def test_another_content_gives_another_hash(tmp_path: Path) -> None:
    (tmp_path / "uv.lock").write_text("one")
    before = lockfiles(tmp_path)
    (tmp_path / "uv.lock").write_text("two")

    assert changed(before, lockfiles(tmp_path)) == ["lockfile uv.lock"]
