"""Each package manager that can be had here sets a small real project up."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.git_server import GitServer
from tests.support.projects import PROOF, install_manager, write_project
from tests.support.workspaces import Environment, client_variables, prepare

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="session")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    root = tmp_path_factory.mktemp("managers")
    installed: dict[str, str] = {}

    def install(name: str) -> str:
        if name not in installed:
            installed[name] = install_manager(name, root / name)
        return installed[name]

    return install


@pytest.mark.parametrize("manager", ["uv", "poetry", "pip", "pnpm", "yarn", "yarn@1", "bun", "npm"])
def test_a_project_is_set_up_by_its_manager(
    home: Path, server: GitServer, tmp_path: Path, programs: Callable[[str], str], manager: str
) -> None:
    folder = programs(manager)
    write_project(tmp_path / "project", manager, programs=folder)
    url = server.create_repo("demo", tmp_path / "project")
    variables = client_variables() | {"PATH": f"{folder}:{os.environ['PATH']}"}
    environment = Environment(
        home, url, (server.host,), spec={"variables": variables},
        setup={"mode": "auto", "checkCommand": PROOF[manager]},
    )  # fmt: skip

    first = prepare(environment)
    again = prepare(environment)

    assert first.final.status == "ready", first.log[-4000:]
    assert first.final.receipt is not None
    assert [found.split()[0] for found in first.final.receipt.detected] == [
        manager.split("@", maxsplit=1)[0]
    ]
    assert again.final.noop
