"""What could keep a node from working, looked at one by one."""

import shutil
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from openviber_daemon import capabilities
from openviber_daemon.board_client import (
    BoardClient,
    BoardRefusedError,
    BoardUnreachableError,
    OddAnswerError,
)
from openviber_daemon.clock import Clock
from openviber_daemon.config import NodeConfig, is_loopback, load_config
from openviber_daemon.errors import NodeError
from openviber_daemon.home import Home
from openviber_daemon.keys import load_keys
from openviber_daemon.status import find_daemon

OLDEST_GIT = (2, 31)
"""The first with GIT_CONFIG_COUNT, by which credentials stay off the disk."""

LOW_DISK_BYTES = 2 * 1024**3
TOLERATED_SKEW = timedelta(seconds=60)


class Verdict(StrEnum):
    """How one check went."""

    GOOD = "ok"
    DOUBTFUL = "warn"
    BAD = "fail"


@dataclass(frozen=True)
class Finding:
    """The result of one check, in words."""

    name: str
    verdict: Verdict
    words: str


def examine(home: Home, *, clock: Clock) -> list[Finding]:
    """Run every check that can be run; some make no sense before onboarding."""
    findings = [check_python(), check_git(), check_home(home), check_disk(home)]
    try:
        config = load_config(home)
    except NodeError as error:
        return [*findings, Finding("onboarded", Verdict.BAD, str(error))]
    findings.append(
        Finding("onboarded", Verdict.GOOD, f"as {config.node_name}, of {config.board_url}")
    )
    findings.extend((check_keys(home), check_encryption(config)))
    findings.extend(check_board(config, clock=clock))
    findings.extend((check_daemon(home), check_sandbox()))
    return findings


def check_python() -> Finding:
    """Name the Python that runs this; an older one could not."""
    return Finding("python", Verdict.GOOD, sys.version.split()[0])


def check_git() -> Finding:
    """Look for a git that can be given credentials safely."""
    version = capabilities.ask_version("git", "--version", path=capabilities.NODE_PATH)
    number = version.removeprefix("git version ")
    parts = tuple(int(part) for part in number.split(".")[:2] if part.isdigit())
    if not version:
        return Finding("git", Verdict.BAD, "not found: install git")
    if parts < OLDEST_GIT:
        wanted = ".".join(str(part) for part in OLDEST_GIT)
        return Finding("git", Verdict.BAD, f"{number} is too old: install {wanted} or later")
    return Finding("git", Verdict.GOOD, number)


def check_home(home: Home) -> Finding:
    """A node's home holds keys: nobody else may look into it."""
    if not home.root.exists():
        return Finding("home", Verdict.DOUBTFUL, f"{home.root} does not exist yet")
    private = [home.root, home.config_file, home.signing_key_file, home.sealing_key_file]
    open_to_others = [path for path in private if path.exists() and path.stat().st_mode & 0o077]
    if open_to_others:
        listed = " ".join(str(path) for path in open_to_others)
        return Finding("home", Verdict.BAD, f"others can read it; run: chmod go= {listed}")
    return Finding("home", Verdict.GOOD, str(home.root))


def check_disk(home: Home) -> Finding:
    """Look for room for environments."""
    present = next(path for path in (home.root, *home.root.parents) if path.exists())
    free = shutil.disk_usage(present).free
    words = f"{free / 1024**3:.1f} GiB free at {present}"
    if free < LOW_DISK_BYTES:
        return Finding("disk", Verdict.DOUBTFUL, f"{words}: environments may not fit")
    return Finding("disk", Verdict.GOOD, words)


def check_keys(home: Home) -> Finding:
    """Try the node's keys."""
    try:
        keys = load_keys(home)
    except NodeError as error:
        return Finding("keys", Verdict.BAD, str(error))
    return Finding("keys", Verdict.GOOD, f"{keys.signing_key_id}, {keys.sealing_key_id}")


def check_encryption(config: NodeConfig) -> Finding:
    """Say what protects the way to the board."""
    parts = urlsplit(config.board_url)
    if parts.scheme == "https":
        return Finding("encryption", Verdict.GOOD, "TLS")
    if is_loopback(parts.hostname or ""):
        return Finding("encryption", Verdict.GOOD, "none needed: the board is on this machine")
    return Finding(
        "encryption",
        Verdict.DOUBTFUL,
        "none: anyone between here and the board can read and change what it sends",
    )


def check_board(config: NodeConfig, *, clock: Clock) -> list[Finding]:
    """Ask the board for this node's configuration, as the daemon does."""
    client = BoardClient(config.board_url)
    try:
        answer = client.node_config(node_id=config.node_id, auth_token=config.auth_token, etag="")
    except BoardUnreachableError as error:
        return [Finding("board", Verdict.BAD, str(error))]
    except BoardRefusedError as error:
        advice = (
            " (was this node removed? then onboard again)"
            if error.status in (401, 403, 404)
            else ""
        )
        return [Finding("board", Verdict.BAD, f"{error}{advice}")]
    except OddAnswerError as error:
        return [Finding("board", Verdict.BAD, str(error))]
    reached = Finding("board", Verdict.GOOD, f"answers in {answer.seconds * 1000:.0f} ms")
    return [reached, *check_clock(answer.date, clock.now())]


def check_clock(theirs: datetime | None, ours: datetime) -> list[Finding]:
    """Compare with the board's clock; secrets are sealed with an expiry."""
    if theirs is None:
        return []
    skew = ours - theirs
    seconds = skew.total_seconds()
    words = f"{abs(seconds):.0f} s {'ahead of' if seconds > 0 else 'behind'} the board"
    if abs(skew) > TOLERATED_SKEW:
        return [Finding("clock", Verdict.BAD, f"{words}: secrets will look expired; set the clock")]
    return [Finding("clock", Verdict.GOOD, words)]


def check_daemon(home: Home) -> Finding:
    """Say whether the daemon runs."""
    pid = find_daemon(home)
    if pid is None:
        return Finding("daemon", Verdict.DOUBTFUL, "not running; start it with: openviber start")
    return Finding("daemon", Verdict.GOOD, f"runs as process {pid}")


def check_sandbox() -> Finding:
    """Say what holds scripts back on this node."""
    return Finding(
        "sandbox",
        Verdict.DOUBTFUL,
        "native only: what the board starts here can do what this user can do",
    )
