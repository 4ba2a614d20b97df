import subprocess
from pathlib import Path

import pytest

from openviber_daemon.workspace.git_environment import account_home, as_account, guarded, has_proxy


def settings(environment: dict[str, str]) -> dict[str, str]:
    count = int(environment["GIT_CONFIG_COUNT"])
    return {
        environment[f"GIT_CONFIG_KEY_{n}"]: environment[f"GIT_CONFIG_VALUE_{n}"]
        for n in range(count)
    }


def test_a_guarded_git_sees_nobodys_settings_and_never_asks(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".gitconfig").write_text("[user]\n\tname = Somebody\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GIT_DIR", "/elsewhere")
    monkeypatch.setenv("GIT_SSH_COMMAND", "evil")
    monkeypatch.setenv("GIT_TRACE_CURL", "1")
    environment = guarded(attempt="a-1")

    done = subprocess.run(
        ["git", "config", "--list", "--show-scope"], env=environment, cwd=tmp_path,
        capture_output=True, check=True, text=True,
    )  # fmt: skip

    assert {line.split()[0] for line in done.stdout.splitlines()} == {"command"}
    assert environment["GIT_TERMINAL_PROMPT"] == "0"
    assert environment["GIT_ALLOW_PROTOCOL"] == "https:ssh"
    assert environment["VIBER_ATTEMPT"] == "a-1"
    assert not {"GIT_DIR", "GIT_SSH_COMMAND", "GIT_TRACE_CURL"} & environment.keys()
    assert settings(environment)["core.hooksPath"] == "/dev/null"
    assert settings(environment)["credential.helper"] == ""
    assert settings(environment)["http.followRedirects"] == "false"


def test_the_nodes_own_settings_are_used_only_when_that_was_opted_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SSH_AUTH_SOCK", "/run/agent")

    own, nobody = as_account(), guarded()

    assert own["HOME"] == account_home()
    assert own["SSH_AUTH_SOCK"] == "/run/agent"
    assert "GIT_CONFIG_GLOBAL" not in own
    assert "credential.helper" not in settings(own)
    assert settings(own)["core.hooksPath"] == "/dev/null"
    assert "SSH_AUTH_SOCK" not in nobody
    assert nobody["HOME"] == "/nonexistent"


def test_settings_and_variables_of_one_call_are_added() -> None:
    environment = guarded(settings=[("http.x", "1")], extra={"GIT_ALLOW_PROTOCOL": "http"})

    assert settings(environment)["http.x"] == "1"
    assert environment["GIT_ALLOW_PROTOCOL"] == "http"


def _without_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for scheme in ("http", "https", "all"):
        monkeypatch.delenv(f"{scheme}_proxy", raising=False)
        monkeypatch.delenv(f"{scheme.upper()}_PROXY", raising=False)


def test_a_proxy_of_the_node_is_known_by_scheme(monkeypatch: pytest.MonkeyPatch) -> None:
    _without_proxies(monkeypatch)
    assert not has_proxy("https")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy:3128")

    assert has_proxy("https")
    assert not has_proxy("http")
    assert guarded()["HTTPS_PROXY"] == "http://proxy:3128"


def test_a_proxy_for_everything_counts_for_every_scheme(monkeypatch: pytest.MonkeyPatch) -> None:
    _without_proxies(monkeypatch)
    monkeypatch.setenv("ALL_PROXY", "socks5://proxy:1080")
    assert has_proxy("https")
    assert has_proxy("http")
    assert guarded()["ALL_PROXY"] == "socks5://proxy:1080"
    monkeypatch.setenv("ALL_PROXY", "")  # set to nothing is how a person turns it off
    assert not has_proxy("https")


def test_git_gets_the_proxy_for_http_in_the_letters_that_it_reads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _without_proxies(monkeypatch)
    monkeypatch.setenv("HTTP_PROXY", "http://proxy:3128")
    assert guarded()["http_proxy"] == "http://proxy:3128"
    monkeypatch.setenv("http_proxy", "http://nearer:3128")
    assert guarded()["http_proxy"] == "http://nearer:3128"


def test_certificates_of_the_nodes_owner_reach_git(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_SSL_CAINFO", "/etc/ssl/own.pem")
    assert guarded()["GIT_SSL_CAINFO"] == as_account()["GIT_SSL_CAINFO"] == "/etc/ssl/own.pem"
