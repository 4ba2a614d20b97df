import os
from pathlib import Path

from openviber_daemon.workspace.removal import remove_tree, size_of


def test_a_read_only_tree_goes(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    (tree / "inner").mkdir(parents=True)
    (tree / "inner" / "file").write_text("x")
    (tree / "inner" / "file").chmod(0o400)
    (tree / "inner").chmod(0o500)

    remove_tree(tree)

    assert not tree.exists()


def test_a_link_goes_without_what_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "file").write_text("x")
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "link").symlink_to(tmp_path / "real")
    (tmp_path / "link").symlink_to(tmp_path / "real")

    remove_tree(tmp_path / "tree")
    remove_tree(tmp_path / "link")

    assert (tmp_path / "real" / "file").exists()
    assert not (tmp_path / "link").is_symlink()


def test_a_hard_link_counts_once(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(os.urandom(100_000))
    before = size_of(tmp_path)
    os.link(tmp_path / "a", tmp_path / "b")

    assert before >= 100_000
    assert size_of(tmp_path) == before
    assert size_of(tmp_path / "nothing") == 0
