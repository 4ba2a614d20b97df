from dataclasses import dataclass, field, replace

import pytest

from openviber_app.domain.fingerprints import changed_parts, config_parts, is_board_part


@dataclass
class Facts:
    type: str = "github"
    repo_url: str = "https://git.example/a/b"
    repo_branch: str = "main"
    local_path: str = ""
    working_dir: str = ""
    setup_mode: str = "manual"
    setup_script: str = "make"
    check_command: str = ""
    submodules: bool = False
    container_image: str = ""
    network_access: bool = True
    persist_volume: bool = False


@dataclass
class Variable:
    key: str
    value: str = field(repr=False)


@dataclass
class SecretRow:
    key: str
    version: int
    scope: str = "both"


NODE_PARTS = {"commit": "abc", "lockfile uv.lock": "def"}


def test_parts_have_the_names_that_a_person_knows_and_no_plaintext_value() -> None:
    parts = config_parts(Facts(), [Variable("FOO", "plain-value")], [SecretRow("BAR", 3)])
    assert set(parts) == {
        "type", "repository", "branch", "setup mode", "setup script", "variable FOO", "secret BAR",
    }  # fmt: skip
    assert parts["secret BAR"] == "v3 both"
    assert "plain-value" not in repr(parts)
    assert parts["setup script"] != "make"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"repo_url": "https://git.example/a/c"}, ["repository"]),
        ({"repo_branch": "dev"}, ["branch"]),
        ({"setup_script": "make all"}, ["setup script"]),
        ({"setup_mode": "auto"}, ["setup mode", "setup script"]),
        ({"check_command": "true"}, ["check command"]),
        ({"working_dir": "sub"}, ["working directory"]),
        ({"container_image": "python:3.12"}, ["image"]),
        ({"network_access": False}, ["network access"]),
        ({"persist_volume": True}, ["persistent volume"]),
        ({"submodules": True}, ["submodules"]),
        (
            {"type": "local", "local_path": "/srv", "repo_url": ""},
            ["type", "repository", "local path"],
        ),
    ],
)
def test_a_change_is_named(change: dict[str, str | bool], named: list[str]) -> None:
    then = config_parts(Facts(), [], []) | NODE_PARTS
    assert changed_parts(then, config_parts(replace(Facts(), **change), [], [])) == named


def test_variables_and_secrets_are_named_one_by_one_whether_new_changed_or_gone() -> None:
    then = config_parts(Facts(), [Variable("A", "1"), Variable("B", "1")], [SecretRow("S", 1)])
    now = config_parts(
        Facts(), [Variable("B", "2"), Variable("C", "1")], [SecretRow("S", 2), SecretRow("T", 2)]
    )
    assert changed_parts(then | NODE_PARTS, now) == [
        "secret S", "secret T", "variable A", "variable B", "variable C",
    ]  # fmt: skip


def test_the_scope_of_a_secret_counts() -> None:
    then = config_parts(Facts(), [], [SecretRow("S", 1)])
    assert changed_parts(then, config_parts(Facts(), [], [SecretRow("S", 1, "setup")])) == [
        "secret S"
    ]


def test_what_only_the_node_knows_is_no_change_of_the_environment() -> None:
    parts = config_parts(Facts(), [], [])
    assert changed_parts(parts | NODE_PARTS, parts) == []
    assert not any(is_board_part(name) for name in NODE_PARTS)
    assert all(is_board_part(name) for name in parts)


def test_an_unused_script_does_not_count() -> None:
    auto = replace(Facts(), setup_mode="auto")
    assert config_parts(auto, [], []) == config_parts(replace(auto, setup_script="x"), [], [])
