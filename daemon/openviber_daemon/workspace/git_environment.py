"""The environment in which git runs, so that nobody's settings and no repository can steer it."""

import os
import pwd
from collections.abc import Mapping, Sequence

from openviber_daemon.config import runner_environment

NOWHERE = "/nonexistent"
PROTOCOLS = "https:ssh"

# The highest precedence that git has, the same as `-c`: above a repository's own configuration.
SETTINGS: Sequence[tuple[str, str]] = (
    ("core.hooksPath", "/dev/null"),
    ("core.fsmonitor", "false"),
    ("core.askPass", ""),
    ("core.pager", "cat"),
    ("core.quotePath", "false"),
    ("credential.interactive", "false"),
    ("http.followRedirects", "false"),
    ("http.lowSpeedLimit", "1000"),
    ("http.lowSpeedTime", "60"),
    ("protocol.version", "2"),
    ("submodule.recurse", "false"),
    ("fetch.recurseSubmodules", "false"),
    ("gc.autoDetach", "false"),
    ("maintenance.autoDetach", "false"),
    ("advice.detachedHead", "false"),
    ("commit.gpgSign", "false"),
    ("diff.external", ""),
    ("init.defaultBranch", "main"),
)

INHERITED = (
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "no_proxy",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "GIT_SSL_CAINFO",
    "TMPDIR",
)


def account_home() -> str:
    """Give the home of the user that the daemon runs as."""
    return pwd.getpwuid(os.getuid()).pw_dir


def has_proxy(scheme: str) -> bool:
    """Say whether this node reaches such addresses through a proxy."""
    inherited = runner_environment()
    names = (f"{scheme}_proxy", f"{scheme.upper()}_PROXY", "all_proxy", "ALL_PROXY")
    return any(inherited.get(name) for name in names)


def _base(attempt: str) -> dict[str, str]:
    inherited = runner_environment()
    environment = {name: inherited[name] for name in INHERITED if name in inherited}
    environment |= {
        "PATH": inherited.get("PATH", "/usr/local/bin:/usr/bin:/bin"),
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "LANGUAGE": "C",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "",
        "SSH_ASKPASS_REQUIRE": "never",
        "GIT_ALLOW_PROTOCOL": PROTOCOLS,
        "GIT_PROTOCOL_FROM_USER": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_PAGER": "cat",
        "GIT_EDITOR": "true",
    }
    if "HTTP_PROXY" in environment:
        # curl reads this one in small letters only, which nobody expects of a node's settings
        environment.setdefault("http_proxy", environment["HTTP_PROXY"])
    if attempt:
        environment["VIBER_ATTEMPT"] = attempt
    return environment


def _numbered(settings: Sequence[tuple[str, str]]) -> dict[str, str]:
    numbered = {"GIT_CONFIG_COUNT": str(len(settings))}
    for index, (name, value) in enumerate(settings):
        numbered[f"GIT_CONFIG_KEY_{index}"] = name
        numbered[f"GIT_CONFIG_VALUE_{index}"] = value
    return numbered


def guarded(
    *,
    attempt: str = "",
    settings: Sequence[tuple[str, str]] = (),
    extra: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Give the whole environment of a git command that trusts nobody's settings."""
    environment = _base(attempt) | {
        "HOME": NOWHERE,
        "XDG_CONFIG_HOME": NOWHERE,
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_ATTR_NOSYSTEM": "1",
    }
    everything = (*SETTINGS, ("credential.helper", ""), *settings)
    return environment | _numbered(everything) | dict(extra or {})


def as_account(
    *,
    attempt: str = "",
    settings: Sequence[tuple[str, str]] = (),
    extra: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Give the environment of a git command that may use the node user's own sign-in."""
    inherited = runner_environment()
    environment = _base(attempt) | {"HOME": account_home()}
    if "SSH_AUTH_SOCK" in inherited:
        environment["SSH_AUTH_SOCK"] = inherited["SSH_AUTH_SOCK"]
    return environment | _numbered((*SETTINGS, *settings)) | dict(extra or {})
