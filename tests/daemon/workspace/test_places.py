import os
from pathlib import Path

import pytest

from openviber_daemon.workspace.errors import WorkspaceError
from openviber_daemon.workspace.order import read_order
from openviber_daemon.workspace.places import check_place, find_place, is_inside, working_directory
from tests.support.workspaces import Environment


def test_a_link_leads_to_the_real_folder(home: Path, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")

    assert check_place(str(tmp_path / "link"), home=home) == tmp_path / "real"


@pytest.mark.parametrize("inside", ["", "keys", "workspaces/x"])
def test_what_the_node_keeps_cannot_be_worked_in_also_by_way_of_a_link(
    home: Path, tmp_path: Path, inside: str
) -> None:
    (home / inside).mkdir(parents=True, exist_ok=True)
    (tmp_path / "link").symlink_to(home / inside)

    with pytest.raises(WorkspaceError, match="what the node itself keeps"):
        check_place(str(tmp_path / "link"), home=home)


def test_a_folder_that_holds_the_nodes_own_is_refused_too(home: Path) -> None:
    with pytest.raises(WorkspaceError, match="what the node itself keeps"):
        check_place(str(home.parent), home=home)


@pytest.mark.parametrize("named", ["/tmp", "/usr", "/var", "/dev/shm", "/run"])
def test_what_belongs_to_the_machine_is_refused(tmp_path: Path, named: str) -> None:
    elsewhere = Path("/nonexistent/home")

    with pytest.raises(WorkspaceError, match="belongs to the machine"):
        check_place(named, home=elsewhere)


def test_a_loop_of_links_is_said(home: Path, tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")

    with pytest.raises(WorkspaceError, match=r"cannot be reached|does not exist"):
        check_place(str(tmp_path / "loop"), home=home)


def test_a_path_with_a_zero_byte_or_too_long_is_refused(home: Path) -> None:
    for named in ("/tmp/\0x", "/" + "a" * 5000):
        with pytest.raises(WorkspaceError, match="zero byte"):
            check_place(named, home=home)


def test_a_manual_environment_gets_its_own_folder_unless_a_path_is_named(
    home: Path, tmp_path: Path
) -> None:
    environment = Environment(home, spec={"type": "manual"})
    (tmp_path / "named").mkdir()

    own = find_place(read_order(environment.prepare()), home=home)
    payload = environment.prepare(strategy="existing_path", existing_path=str(tmp_path / "named"))
    named = find_place(read_order(payload), home=home)

    assert own == home / "workspaces" / environment.environment_id / "0"
    assert own.is_dir()
    assert named == tmp_path / "named"


@pytest.mark.parametrize("working_dir", ["", ".", "/", "./"])
def test_without_a_working_directory_it_is_the_root(tmp_path: Path, working_dir: str) -> None:
    assert working_directory(tmp_path, working_dir) == tmp_path


@pytest.mark.parametrize("working_dir", ["..", "../x", "a/../../x", "link/x", "link"])
def test_a_working_directory_stays_inside(tmp_path: Path, working_dir: str) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "link").symlink_to(tmp_path)

    with pytest.raises(WorkspaceError, match="leads out of the workspace") as raised:
        working_directory(root, working_dir)

    assert raised.value.reason == "refused"


def test_a_working_directory_may_be_a_link_inside_or_not_there_yet(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")

    assert working_directory(tmp_path, "link") == tmp_path / "real"
    assert working_directory(tmp_path, "/later/on/") == tmp_path / "later" / "on"


def test_inside_is_not_a_matter_of_letters() -> None:
    assert is_inside(Path("/a/b"), Path("/a"))
    assert is_inside(Path("/a"), Path("/a"))
    assert not is_inside(Path("/ab"), Path("/a"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_written_is_said(home: Path, tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o500)

    with pytest.raises(WorkspaceError, match="may not be read and written"):
        check_place(str(tmp_path / "closed"), home=home)
