from pathlib import Path

import pytest

from tests.support.git_server import GitServer
from tests.support.workspaces import Environment, prepare


def test_auto_without_any_managers_files_has_nothing_to_do(home: Path, server: GitServer) -> None:
    url = server.create_repo("demo", {"README.md": "x\n"})

    end = prepare(Environment(home, url, (server.host,), setup={"mode": "auto"}))

    assert end.final.status == "ready"
    assert end.phases()["setup"] == "skipped"


def test_a_manager_that_the_node_lacks_is_named_with_what_to_do(
    home: Path, server: GitServer
) -> None:
    url = server.create_repo("demo", {"composer.lock": "{}\n", "poetry.lock": "\n"})
    environment = Environment(
        home,
        url,
        (server.host,),
        spec={"variables": {"PATH": "/usr/bin/nothing"}},
        setup={"mode": "auto"},
    )

    end = prepare(environment)

    assert end.final.status == "error"
    assert "`poetry` is not on this node, and poetry.lock needs it" in end.final.message
    assert "`composer` is not on this node" in end.final.message
    assert end.final.receipt is not None
    assert end.final.receipt.detected == ("poetry (poetry.lock)", "composer (composer.lock)")


def test_auto_shows_the_commands_that_it_runs(home: Path, server: GitServer) -> None:
    tools = home / "tools"
    tools.mkdir()
    for name in ("cargo", "go"):
        (tools / name).write_text(f'#!/bin/sh\necho "{name} says $*"\n')
        (tools / name).chmod(0o755)
    url = server.create_repo("demo", {"Cargo.lock": "\n", "go.mod": "module x\n"})
    environment = Environment(
        home,
        url,
        (server.host,),
        spec={"variables": {"PATH": f"{tools}:/usr/bin:/bin"}},
        setup={"mode": "auto"},
    )

    end = prepare(environment)

    assert "$ cargo fetch --locked\ncargo says fetch --locked\n" in end.log
    assert end.log.index("cargo says") < end.log.index("go says mod download")
    assert end.final.receipt is not None
    assert [step.command for step in end.final.receipt.steps] == [
        "cargo fetch --locked", "go mod download",
    ]  # fmt: skip


@pytest.mark.parametrize("mode", ["auto", "manual"])
def test_set_up_starts_in_the_working_directory(home: Path, server: GitServer, mode: str) -> None:
    url = server.create_repo("demo", {"app/a": "1\n"})
    environment = Environment(
        home, url, (server.host,), spec={"workingDir": "app"},
        setup={"mode": mode, "script": "pwd", "checkCommand": "pwd"},
    )  # fmt: skip

    end = prepare(environment)

    assert end.final.resolved_working_dir in end.log.splitlines()
