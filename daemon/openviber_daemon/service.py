"""The systemd user unit that keeps a daemon running."""

import shutil
import subprocess
from pathlib import Path

from openviber_daemon.config import has_user_session, program, user_config_directory
from openviber_daemon.errors import NodeError
from openviber_daemon.home import Home

UNIT = "openviber.service"
SYSTEMCTL_SECONDS = 30

TEXT = """\
[Unit]
Description=OpenViber node
After=network-online.target
StartLimitIntervalSec=0

[Service]
ExecStart={command}
Environment={home}
Restart=always
RestartSec=5
# 78: the board does not want this node; starting again would not help.
RestartPreventExitStatus=78
# What runs goes on while the daemon is restarted, and is taken up again.
KillMode=process
TimeoutStopSec=10

[Install]
WantedBy=default.target
"""


class NoUserSystemdError(NodeError):
    """There is no systemd to hand the daemon to."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"the service cannot be installed: {reason}. "
            "Start the daemon by hand with `openviber start`, "
            "or let whatever starts programs on this machine run that command"
        )


class SystemctlError(NodeError):
    """Systemd refused."""

    def __init__(self, command: str, words: str) -> None:
        super().__init__(f"`{command}` failed: {words}")


def unit_file() -> Path:
    """Give the path of the unit."""
    return user_config_directory() / "systemd" / "user" / UNIT


def unit_text(home: Home) -> str:
    """Give the unit's text."""
    command = " ".join(quote(part) for part in (*program(), "start"))
    return TEXT.format(command=command, home=quote(f"OPENVIBER_HOME={home.root}"))


def quote(word: str) -> str:
    r"""Write one word the way systemd reads it: quotes, `\`, `%` and `$` mean something to it."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"'


def install(home: Home) -> list[str]:
    """Install, enable and start the unit; return what to tell whoever did it.

    Raises:
        NodeError: there is no systemd for this user, or it refused.
    """
    check_systemd()
    path = unit_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(unit_text(home), "utf-8")
    systemctl("daemon-reload")
    systemctl("enable", UNIT)
    systemctl("restart", UNIT)
    return [
        f"installed {path}, and started it",
        "so that it also runs while nobody is signed in: loginctl enable-linger",
        f"its log: journalctl --user -u {UNIT}, or {home.log_file}",
    ]


def remove() -> list[str]:
    """Stop and remove the unit; what runs goes on."""
    path = unit_file()
    if not path.exists():
        return [f"there is no service to remove: {path} does not exist"]
    check_systemd()
    systemctl("disable", "--now", UNIT)
    path.unlink()
    systemctl("daemon-reload")
    return [f"stopped the daemon and removed {path}"]


def check_systemd() -> None:
    """Make sure that systemd's user instance can be spoken to.

    Raises:
        NoUserSystemdError: it cannot.
    """
    if shutil.which("systemctl") is None:
        raise NoUserSystemdError("this machine has no systemd")
    if not has_user_session():
        raise NoUserSystemdError(
            "there is no systemd session for this user here "
            "(sign in directly instead of through su or sudo)"
        )
    try:
        systemctl("show-environment")
    except SystemctlError as error:
        raise NoUserSystemdError(str(error)) from error


def systemctl(*arguments: str) -> None:
    """Run `systemctl --user`.

    Raises:
        SystemctlError: it failed, with its own words.
    """
    command = ["systemctl", "--user", *arguments]
    try:
        done = subprocess.run(  # noqa: S603 - fixed arguments
            command, capture_output=True, text=True, timeout=SYSTEMCTL_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise SystemctlError(" ".join(command), "it did not answer") from None
    if done.returncode:
        raise SystemctlError(
            " ".join(command), done.stderr.strip() or f"exit code {done.returncode}"
        )
