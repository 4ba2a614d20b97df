from pathlib import Path

import pytest

from openviber_daemon.environments.auto import detect, missing_tools

PROJECT = '[project]\nname = "x"\nversion = "1"\n'


def write(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).write_text("")


@pytest.mark.parametrize(
    ("names", "manager"),
    [
        (["uv.lock", "poetry.lock", "requirements.txt", "pyproject.toml"], "uv"),
        (["poetry.lock", "requirements.txt", "pyproject.toml"], "poetry"),
        (["requirements.txt"], "pip"),
        (["requirements-dev.txt"], "pip"),
        (["setup.py"], "pip"),
        (["pnpm-lock.yaml", "yarn.lock", "bun.lock", "package-lock.json", "package.json"], "pnpm"),
        (["yarn.lock", "bun.lock", "package-lock.json", "package.json"], "yarn"),
        (["bun.lock", "package-lock.json", "package.json"], "bun"),
        (["bun.lockb", "package.json"], "bun"),
        (["package-lock.json", "package.json"], "npm"),
        (["npm-shrinkwrap.json"], "npm"),
        (["package.json"], "npm"),
        (["Cargo.lock"], "cargo"),
        (["go.mod"], "go"),
        (["Gemfile.lock"], "bundler"),
        (["composer.lock"], "composer"),
    ],
)
def test_the_first_file_of_an_ecosystem_decides(
    tmp_path: Path, names: list[str], manager: str
) -> None:
    write(tmp_path, *names)

    assert [plan.manager for plan in detect(tmp_path)] == [manager]


def test_several_ecosystems_are_set_up_in_a_stated_order(tmp_path: Path) -> None:
    write(tmp_path, "composer.lock", "go.mod", "package.json", "requirements.txt", "Cargo.lock")

    managers = [plan.manager for plan in detect(tmp_path)]

    assert managers == ["pip", "npm", "cargo", "go", "composer"]


def test_nothing_is_found_in_a_folder_without_such_files(tmp_path: Path) -> None:
    write(tmp_path, "README.md")

    assert detect(tmp_path) == []


def test_pip_installs_every_list_and_the_project_itself(tmp_path: Path) -> None:
    write(tmp_path, "requirements.txt", "requirements-it's.txt")
    (tmp_path / "pyproject.toml").write_text(PROJECT)

    [plan] = detect(tmp_path)

    assert plan.shown == "pip (requirements-it's.txt, requirements.txt, pyproject.toml)"
    assert plan.commands[1].endswith("-r 'requirements-it'\\''s.txt' -r 'requirements.txt' -e .")


@pytest.mark.parametrize("content", ["[tool.ruff]\n", "not toml ["])
def test_a_pyproject_that_only_holds_settings_is_no_package(tmp_path: Path, content: str) -> None:
    (tmp_path / "pyproject.toml").write_text(content)

    assert detect(tmp_path) == []


def test_a_modern_yarn_gets_its_own_option(tmp_path: Path) -> None:
    (tmp_path / "yarn.lock").write_text("__metadata:\n  version: 8\n")
    [modern] = detect(tmp_path)
    (tmp_path / "yarn.lock").write_text("# yarn lockfile v1\n")
    [classic] = detect(tmp_path)

    assert modern.commands == ("yarn install --immutable",)
    assert classic.commands == ("yarn install --frozen-lockfile --non-interactive",)


def test_a_tool_that_is_there_is_not_missed(tmp_path: Path) -> None:
    write(tmp_path, "go.mod")
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    plans = detect(tmp_path)
    assert (
        "`go` is not on this node, and go.mod needs it"
        in missing_tools(plans, path=str(bin_folder))[0]
    )
    (bin_folder / "go").write_text("#!/bin/sh\n")
    (bin_folder / "go").chmod(0o755)

    assert missing_tools(plans, path=str(bin_folder)) == []
