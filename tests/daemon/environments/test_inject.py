import json
import stat
import subprocess
from pathlib import Path

import pytest

from openviber_daemon.environments.inject import Folders, script_environment, write_author
from tests.support.workspaces import Environment


def author(folders: Folders) -> str:
    done = subprocess.run(
        ["git", "config", "--file", str(folders.home / ".gitconfig"), "--list"],
        capture_output=True, check=True, text=True,
    )  # fmt: skip
    return done.stdout


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    folders = Folders(home=tmp_path / "h", volume=tmp_path / "v")
    folders.make()
    return folders


def test_a_script_sees_exactly_what_the_environment_declares(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OF_THE_DAEMON", "x")
    environment = Environment(
        home,
        spec={"variables": {"A": "1"}},
        secrets={
            "S": ("setup-secret", "setup"),
            "R": ("run-secret", "runtime"),
            "B": ("both-two", "both"),
        },
    )
    with environment.execution(environment.prepare()) as execution:
        setup = script_environment(execution, scope="setup")
        runtime = script_environment(execution, scope="runtime")

    always = {"PATH", "HOME", "LANG", "VIBER_ATTEMPT", "VIBER_VOLUME", "A", "B"}
    assert setup.keys() == always | {"S"}
    assert runtime.keys() == always | {"R"}
    assert setup["LANG"] == "C.UTF-8"
    assert setup["HOME"] == str(home / "environments" / environment.environment_id / "home")
    assert setup["VIBER_ATTEMPT"] == execution.execution_id
    volume = Path(setup["VIBER_VOLUME"])
    assert volume.name == environment.binding_id
    assert stat.S_IMODE(volume.stat().st_mode) == 0o700


def test_the_path_is_the_nodes_standard_one_and_what_its_owner_added(home: Path) -> None:
    (home / "config.json").write_text(json.dumps({"path": ["/opt/tools/bin"]}))
    environment = Environment(home)
    with environment.execution(environment.prepare()) as execution:
        path = script_environment(execution, scope="setup")["PATH"].split(":")

    assert path[0].endswith("/home/.local/bin")
    assert path[1] == "/opt/tools/bin"
    assert path[2:] == [
        "/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin",
    ]  # fmt: skip


def test_an_environment_cannot_move_what_keeps_it_in_its_place(home: Path) -> None:
    variables = {"HOME": "/root", "VIBER_ATTEMPT": "x", "VIBER_VOLUME": "/", "PATH": "/my/bin"}
    environment = Environment(home, spec={"variables": variables})
    with environment.execution(environment.prepare()) as execution:
        env = script_environment(execution, scope="setup")

    assert env["HOME"] != "/root"
    assert env["VIBER_ATTEMPT"] == execution.execution_id
    assert env["VIBER_VOLUME"] != "/"
    assert env["PATH"] == "/my/bin"


@pytest.mark.parametrize("name", ["Ada", 'A "quoted" name', "back\\slash", "a # b ; c", "Zoë"])
def test_any_name_reaches_git_as_it_is(folders: Folders, name: str) -> None:
    write_author(folders, name=name, email="a@example.org")

    assert author(folders) == f"user.name={name}\nuser.email=a@example.org\n"


def test_what_a_script_wrote_into_gits_settings_stays_and_wins(folders: Folders) -> None:
    write_author(folders, name="Ada", email="a@example.org")
    file = folders.home / ".gitconfig"
    subprocess.run(["git", "config", "--file", str(file), "pull.rebase", "true"], check=True)
    with file.open("a") as opened:
        opened.write("[user]\n\tname = Own\n")

    write_author(folders, name="Grace", email="g@example.org")

    last = subprocess.run(
        ["git", "config", "--file", str(file), "--get", "user.name"],
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    assert "pull.rebase=true" in author(folders)
    assert last == "Own\n"
    assert "Ada" not in file.read_text()
    assert file.read_text().count("user.email") + file.read_text().count("email = ") == 1
