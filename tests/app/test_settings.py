from pathlib import Path

import pytest

from openviber_app.settings import load_settings, node_environment, outward_environment

NAMES = (
    "PORT",
    "HOST",
    "DATA",
    "PUBLIC_URL",
    "DATABASE_URL",
    "OPENVIBER_GIT_HOSTS",
    "LOG_QUOTA_BYTES",
    "OIDC_ISSUER",
    "OIDC_CLIENT_ID",
    "OIDC_CLIENT_SECRET",
    "OIDC_CLIENT_SECRET_FILE",
    "OIDC_NAME",
    "OIDC_SIGNUP",
    "OIDC_ALLOWED_DOMAINS",
)


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def test_nothing_set_is_this_machine_only() -> None:
    settings = load_settings()
    assert (settings.host, settings.port) == ("127.0.0.1", 3000)
    assert settings.public_url == "http://localhost:3000"
    assert settings.git_hosts == ()


def test_an_empty_value_counts_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.setenv(name, "")
    assert load_settings().port == 3000


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", "3000 "])
def test_a_port_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    monkeypatch.setenv("PORT", port)
    with pytest.raises(ValueError, match=f"PORT={port} is not a port"):
        load_settings()


def test_the_data_folder_holds_the_database(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATA", str(tmp_path))
    assert load_settings().database_url == f"sqlite+aiosqlite:///{tmp_path / 'board.sqlite3'}"


def test_ten_gibibytes_of_logs_are_kept_unless_told_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert load_settings().log_quota_bytes == 10 * 1024**3
    monkeypatch.setenv("LOG_QUOTA_BYTES", "5000")
    assert load_settings().log_quota_bytes == 5000


@pytest.mark.parametrize("quota", ["0", "-1", "10GiB", "1e9", "\u0663"])
def test_a_quota_that_is_no_number_of_bytes_is_named(
    monkeypatch: pytest.MonkeyPatch, quota: str
) -> None:
    monkeypatch.setenv("LOG_QUOTA_BYTES", quota)
    with pytest.raises(ValueError, match=f"LOG_QUOTA_BYTES={quota} is not a number of bytes"):
        load_settings()


def test_the_boards_own_node_reaches_hosts_the_way_this_machine_does(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy:3128")
    assert node_environment(tmp_path)["HTTPS_PROXY"] == "http://proxy:3128"


def test_a_node_gets_nothing_of_the_boards_own_settings(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://board:secret@db/board")
    monkeypatch.setenv("PATH", "/usr/bin")
    environment = node_environment(tmp_path)
    assert environment["OPENVIBER_HOME"] == str(tmp_path)
    assert environment["PATH"] == "/usr/bin"
    assert not set(environment) & set(NAMES)


def test_a_program_that_speaks_to_others_knows_the_way_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy.test")
    monkeypatch.setenv("HOME", "/home")
    monkeypatch.setenv("DATABASE_URL", "sqlite:///x")
    given = outward_environment()
    assert given["https_proxy"] == "http://proxy.test"
    assert "PATH" in given
    assert not given.keys() & {"HOME", "LANG", "USER", "DATABASE_URL"}


def test_the_sample_lies_at_the_boards_own_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_URL", "https://Board.Example/here/")
    monkeypatch.setenv("OPENVIBER_GIT_HOSTS", "git.internal")
    settings = load_settings()
    assert settings.sample_url == "https://board.example/here/sample.git"
    assert settings.git_places == ("git.internal", "https://board.example/here/sample.git")


def _with_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OIDC_ISSUER", "https://id.example.org")
    monkeypatch.setenv("OIDC_CLIENT_ID", "board")


def test_a_provider_is_read_and_its_secret_is_shown_nowhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert load_settings().openid is None
    _with_provider(monkeypatch)
    monkeypatch.setenv("OIDC_CLIENT_SECRET", "hunter2 hunter2")
    settings = load_settings()
    assert settings.openid is not None
    assert settings.openid.client_secret.open() == "hunter2 hunter2"
    assert "hunter2" not in repr(settings)


def test_a_providers_secret_may_lie_in_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _with_provider(monkeypatch)
    file = tmp_path / "secret"
    monkeypatch.setenv("OIDC_CLIENT_SECRET_FILE", str(file))
    with pytest.raises(ValueError, match=r"OIDC_CLIENT_SECRET_FILE=.* cannot be read"):
        load_settings()
    file.write_text("hunter2 hunter2\n")
    settings = load_settings()
    assert settings.openid is not None
    assert settings.openid.client_secret.open() == "hunter2 hunter2"
    monkeypatch.setenv("OIDC_CLIENT_SECRET", "another")
    with pytest.raises(ValueError, match="not both"):
        load_settings()


def test_proxies_are_trusted_only_when_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRUSTED_PROXIES", raising=False)
    assert load_settings().trusted_proxies == ()
    monkeypatch.setenv("TRUSTED_PROXIES", "127.0.0.1 10.0.0.0/8")
    assert load_settings().trusted_proxies == ("127.0.0.1", "10.0.0.0/8")
    monkeypatch.setenv("TRUSTED_PROXIES", "everyone")
    with pytest.raises(ValueError, match="TRUSTED_PROXIES=everyone is not a list of addresses"):
        load_settings()
