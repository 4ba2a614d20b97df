import base64
import os
from pathlib import Path

import pytest

from openviber_app.domain.hosts import AddressError, RepoAddress, parse_repo_url
from openviber_app.services import git_access

TOKEN = {"kind": "token", "secret": "ov-secret-1", "username": "me", "known_hosts": ""}


def address(url: str) -> RepoAddress:
    return parse_repo_url(url, named_hosts=["127.0.0.1", "localhost:99", "[::1]:99", "localhost"])


def settings_of(environment: dict[str, str]) -> dict[str, str]:
    count = int(environment["GIT_CONFIG_COUNT"])
    return {
        environment[f"GIT_CONFIG_KEY_{at}"]: environment[f"GIT_CONFIG_VALUE_{at}"]
        for at in range(count)
    }


async def test_a_host_that_leads_into_a_private_network_is_refused_unless_it_is_named() -> None:
    with pytest.raises(AddressError, match=r"private address 127\.0\.0\.1|::1"):
        await git_access.reach(address("https://localhost:99/a/b"), is_allowed=False)
    reached = await git_access.reach(address("https://localhost:99/a/b"), is_allowed=True)
    assert (reached.name, reached.port, reached.where) == ("localhost", 99, "localhost:99")


async def test_an_address_in_brackets_is_understood() -> None:
    reached = await git_access.reach(address("https://[::1]:99/a/b"), is_allowed=True)
    assert (reached.name, reached.port, reached.resolved) == ("::1", 99, ("::1",))


async def test_git_speaks_only_to_the_addresses_that_were_judged() -> None:
    reached = await git_access.reach(address("https://localhost:99/a/b"), is_allowed=True)
    with git_access.environment_of(reached, None) as environment:
        pinned = settings_of(environment)["http.curloptResolve"]
    assert pinned.startswith("localhost:99:")
    assert "127.0.0.1" in pinned or "[::1]" in pinned


async def test_git_gets_nobodys_settings_and_asks_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_ASKPASS", "/bin/evil")
    monkeypatch.setenv("GIT_SSH_COMMAND", "/bin/evil")
    monkeypatch.setenv("SSH_AUTH_SOCK", "/tmp/agent")
    monkeypatch.setenv("https_proxy", "http://proxy.test:3128")
    reached = await git_access.reach(address("https://127.0.0.1/a/b"), is_allowed=True)
    with git_access.environment_of(reached, None) as environment:
        assert "evil" not in str(environment)
        assert "SSH_AUTH_SOCK" not in environment
        assert environment["GIT_ALLOW_PROTOCOL"] == "https:ssh"
        assert environment["GIT_TERMINAL_PROMPT"] == "0"
        assert environment["HOME"] != os.environ["HOME"]
        assert environment["https_proxy"] == "http://proxy.test:3128"
        assert settings_of(environment)["http.followRedirects"] == "false"


async def test_plain_http_is_allowed_for_a_named_host_only() -> None:
    reached = await git_access.reach(address("http://127.0.0.1/a/b"), is_allowed=True)
    with git_access.environment_of(reached, None) as environment:
        assert environment["GIT_ALLOW_PROTOCOL"] == "https:ssh:http"


async def test_a_token_goes_to_its_own_host_in_a_header() -> None:
    reached = await git_access.reach(address("https://127.0.0.1/a/b"), is_allowed=True)
    with git_access.environment_of(reached, TOKEN) as environment:
        header = settings_of(environment)["http.https://127.0.0.1:443/.extraHeader"]
    encoded = base64.b64encode(b"me:ov-secret-1").decode()
    assert header == f"Authorization: Basic {encoded}"
    assert set(git_access.hidden_words(TOKEN)) == {"ov-secret-1", encoded}
    assert git_access.hidden_words(None) == ()


async def test_a_deploy_key_is_lent_in_memory_and_ssh_reads_nobodys_settings() -> None:
    key = {
        "kind": "deploy_key",
        "secret": "the-key\r\n",
        "username": "",
        "known_hosts": "h ssh-x A\n",
    }
    reached = await git_access.reach(address("git@localhost:a/b"), is_allowed=True)
    with git_access.environment_of(reached, key) as environment:
        command = environment["GIT_SSH_COMMAND"]
        assert "the-key" not in str(environment)
        assert "-F /dev/null" in command
        assert "StrictHostKeyChecking=yes" in command
        assert "HostKeyAlias=localhost" in command
        path = Path(command.partition("-i ")[2].partition(" ")[0])
        assert path.read_text() == "the-key\n"
    assert not path.exists()
