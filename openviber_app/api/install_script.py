# ruff: noqa: T201, TID251, S310, S603 - a program of its own that runs on a machine without ours
"""The installer that a new machine fetches from the board: plain Python, nothing else needed.

It makes a virtual environment in $OPENVIBER_HOME/venv, installs the daemon's locked requirements
and its wheel after checking their hashes, claims the node, and has the daemon started.
"""

import argparse
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request

OLDEST = (3, 11)
TIMEOUT_SECONDS = 60


class CannotInstallError(Exception):
    """Something is in the way; the message says what, and what to do."""


def fetch(address):
    """Return what is at an address of the board."""
    try:
        # the address is what somebody typed on this machine
        with urllib.request.urlopen(address, timeout=TIMEOUT_SECONDS) as answer:  # nosec B310
            return answer.read()
    except urllib.error.HTTPError as error:
        try:
            said = json.loads(error.read())["detail"]
        except (ValueError, KeyError):
            said = error.reason
        raise CannotInstallError(f"the board answered {error.code} for {address}: {said}") from None
    except OSError as error:
        raise CannotInstallError(
            f"cannot reach {address}: {error}; is the address right, and is the board running?"
        ) from None


def fetch_checked(address, sha256, folder):
    """Keep a file in a folder if it has the hash that the board announced."""
    content = fetch(address)
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise CannotInstallError(
            f"{address} arrived damaged (sha256 {found}); nothing was installed"
        )
    file = folder / address.rsplit("/", 1)[-1]
    file.write_bytes(content)
    return file


def run(command, what, text=None):
    """Run a program; its own words are on the screen when it fails."""
    done = subprocess.run([str(part) for part in command], input=text, text=True, check=False)
    if done.returncode:
        raise CannotInstallError(
            f"{what} failed (exit code {done.returncode}); its words are above"
        )


def make_venv(home):
    """Make the daemon's own Python, or use the one that is there; return its bin folder."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    venv = home / "venv"
    if not (venv / "bin" / "pip").exists():
        print(f"making {venv}", flush=True)
        try:
            run([sys.executable, "-m", "venv", venv], "making a virtual environment")
        except CannotInstallError as error:
            raise CannotInstallError(
                f"{error}; on Debian and Ubuntu: apt install python3-venv, then try again"
            ) from None
    return venv / "bin"


def install(board, home):
    """Install the daemon that the board hands out; return the program `openviber`."""
    daemon = json.loads(fetch(f"{board}/api/daemon"))
    programs = make_venv(home)
    pip = [programs / "python", "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    base = f"{board}/api/daemon"
    with tempfile.TemporaryDirectory() as folder:
        parts = pathlib.Path(folder)
        wheel_name = daemon["wheel"].rsplit("/", 1)[-1]
        wheel = fetch_checked(f"{base}/{wheel_name}", daemon["sha256"], parts)
        locked = fetch_checked(f"{base}/requirements.txt", daemon["requirementsSha256"], parts)
        print(f"installing openviber {daemon['version']} and its requirements", flush=True)
        run([*pip, "--require-hashes", "-r", locked], "installing the requirements")
        run([*pip, "--no-deps", "--force-reinstall", wheel], "installing the daemon")
    return programs / "openviber"


def restart(program):
    """Have the new daemon take over where a service runs it; else say who has to."""
    unit = pathlib.Path("~/.config/systemd/user/openviber.service").expanduser()
    if unit.exists():
        start(program)
    else:
        print(f"now stop the daemon and start it again:\n  {program} start", flush=True)


def start(program):
    """Have the daemon started now and at every boot; say how to start it where that cannot be."""
    done = subprocess.run([str(program), "service", "install"], check=False)
    if done.returncode:
        print(f"start the daemon with:\n  {program} start", flush=True)


def arguments():
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="install.py", description=__doc__)
    parser.add_argument("--board", required=True, help="the board's address")
    parser.add_argument("--token", help="the one-time token; better in OPENVIBER_TOKEN")
    parser.add_argument("--allow-insecure", action="store_true", help="accept a board without TLS")
    parser.add_argument("--no-service", action="store_true", help="do not install a service")
    parser.add_argument("--update", action="store_true", help="only renew the daemon of a node")
    return parser.parse_args()


def main():
    """Install, onboard, start."""
    if sys.version_info < OLDEST:
        raise CannotInstallError(
            f"Python {OLDEST[0]}.{OLDEST[1]} or newer is needed, this is {sys.version.split()[0]};"
            " run the command with a newer python3"
        )
    asked = arguments()
    board = asked.board.rstrip("/")
    home = pathlib.Path(os.environ.get("OPENVIBER_HOME") or "~/.openviber").expanduser()
    if asked.update:
        restart(install(board, home))
        return
    token = asked.token or os.environ.pop("OPENVIBER_TOKEN", "") or input("one-time token: ")
    program = install(board, home)
    flags = ["--allow-insecure"] if asked.allow_insecure else []
    run(
        [program, "onboard", "--token", "-", "--board", board, *flags],
        "onboarding",
        text=token + "\n",
    )
    if asked.no_service:
        print(f"start the daemon with:\n  {program} start", flush=True)
    else:
        start(program)


if __name__ == "__main__":
    try:
        main()
    except CannotInstallError as error:
        sys.exit(f"cannot install the daemon: {error}")
