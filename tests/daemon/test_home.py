from pathlib import Path

from openviber_daemon.home import Home, write_private


def test_folders_are_for_their_owner_only(tmp_path: Path) -> None:
    home = Home(tmp_path / "deep" / "home")
    home.create()
    home.root.chmod(0o755)
    home.create()
    for folder in (home.root, home.attempts, home.signing_key_file.parent, home.log_file.parent):
        assert folder.stat().st_mode & 0o777 == 0o700


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_text("old")
    path.chmod(0o644)
    write_private(path, b"new")
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]
