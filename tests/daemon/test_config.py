import json
import uuid
from dataclasses import replace
from pathlib import Path

import pytest

from openviber_daemon.config import (
    BadAddressError,
    BadConfigError,
    InsecureBoardError,
    NodeConfig,
    NotOnboardedError,
    check_board_url,
    home_from_environment,
    load_config,
    origin_of,
    runner_environment,
    save_config,
)
from openviber_daemon.home import Home

CONFIG = NodeConfig(
    board_url="https://board.example/ov",
    node_id=uuid.uuid4(),
    node_name="n",
    hub_key="k",
    hub_key_id="i",
    auth_token="ov_secret",
    path=("/opt/bin",),
)


def test_a_configuration_is_read_as_it_was_written(tmp_path: Path) -> None:
    home = Home(tmp_path)
    save_config(home, CONFIG)
    assert load_config(home) == CONFIG
    assert home.config_file.stat().st_mode & 0o777 == 0o600


def test_what_a_person_added_to_the_file_outlives_another_onboarding(tmp_path: Path) -> None:
    home = Home(tmp_path)
    save_config(home, CONFIG)
    written = json.loads(home.config_file.read_bytes())
    added = {"quotas": {"slotsPerBinding": 3}, "path": ["/opt/tools"], "note": "mine"}
    home.config_file.write_text(json.dumps(written | added))
    save_config(home, replace(CONFIG, node_name="other", auth_token="ov_next", path=()))
    after = json.loads(home.config_file.read_bytes())
    assert {key: after[key] for key in added} == added
    assert load_config(home) == replace(
        CONFIG, node_name="other", auth_token="ov_next", path=("/opt/tools",)
    )


def test_a_damaged_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    home = Home(tmp_path)
    for text in ("{", "[1]"):
        home.config_file.write_text(text)
        save_config(home, CONFIG)
        assert load_config(home) == CONFIG


def test_the_token_is_not_shown() -> None:
    assert "ov_secret" not in repr(CONFIG)


def test_without_onboarding_it_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(NotOnboardedError, match="openviber onboard --token"):
        load_config(Home(tmp_path))


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"boardUrl": "https://b", "nodeId": "x"}'])
def test_a_damaged_configuration_says_so(tmp_path: Path, text: str) -> None:
    home = Home(tmp_path)
    home.config_file.write_text(text)
    with pytest.raises(BadConfigError, match="cannot be used"):
        load_config(home)


def test_an_insecure_address_is_not_accepted_from_an_edited_file(tmp_path: Path) -> None:
    home = Home(tmp_path)
    save_config(home, replace(CONFIG, board_url="http://far.example"))
    with pytest.raises(InsecureBoardError):
        load_config(home)
    written = json.loads(home.config_file.read_bytes())
    home.config_file.write_text(json.dumps({**written, "allowInsecure": True}))
    assert load_config(home).allow_insecure


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:3000", "http://localhost:1", "http://[::1]:3000", "https://b.example"]
)
def test_addresses_that_need_no_leave(url: str) -> None:
    assert check_board_url(url + "/", allow_insecure=False) == url


@pytest.mark.parametrize("url", ["http://b.example", "http://10.0.0.1:3000", "http://127.evil.org"])
def test_unencrypted_addresses_elsewhere_need_leave(url: str) -> None:
    with pytest.raises(InsecureBoardError, match="--allow-insecure"):
        check_board_url(url, allow_insecure=False)
    assert check_board_url(url, allow_insecure=True) == url


@pytest.mark.parametrize(
    "url",
    ["", "board", "ftp://b", "https://", "https://u:p@b", "https://b:x", "https://b?q", "ws://b"],
)
def test_what_is_no_address_of_a_board(url: str) -> None:
    with pytest.raises(BadAddressError):
        check_board_url(url, allow_insecure=True)


def test_the_socket_is_beside_the_board() -> None:
    assert CONFIG.hub_url == "wss://board.example/ov/hub"
    assert CONFIG.origin == "https://board.example"
    assert origin_of("http://[::1]:3000/x") == "http://[::1]:3000"
    assert origin_of("https://b:443") == "https://b"


def test_the_home_can_be_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OPENVIBER_HOME", str(tmp_path / "x"))
    assert home_from_environment().root == tmp_path / "x"
    monkeypatch.delenv("OPENVIBER_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert home_from_environment().root == tmp_path / ".openviber"


def test_a_runner_inherits_no_secret_of_the_daemon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter2")
    monkeypatch.setenv("OPENVIBER_TOKEN", "hunter2")
    assert "hunter2" not in runner_environment().values()


@pytest.mark.parametrize(
    "name", ["GIT_SSL_CAINFO", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "all_proxy"]
)
def test_a_runner_inherits_how_this_machine_reaches_hosts(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "set by the node's owner")
    assert runner_environment()[name] == "set by the node's owner"
