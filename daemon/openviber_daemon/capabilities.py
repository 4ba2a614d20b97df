"""What this machine has to offer, and how busy it is."""

import getpass
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from openviber_protocol.payloads import Capabilities, NodeLoad

TOOLS: Mapping[str, tuple[str, ...]] = {
    "bash": ("--version",),
    "uv": ("--version",),
    "pip": ("--version",),
    "poetry": ("--version",),
    "node": ("--version",),
    "npm": ("--version",),
    "pnpm": ("--version",),
    "yarn": ("--version",),
    "bun": ("--version",),
    "deno": ("--version",),
    "cargo": ("--version",),
    "go": ("version",),
    "ruby": ("--version",),
    "bundle": ("--version",),
    "php": ("--version",),
    "composer": ("--version",),
    "java": ("-version",),
    "make": ("--version",),
    "gcc": ("--version",),
    "docker": ("--version",),
    "podman": ("--version",),
    "ssh": ("-V",),
}
"""The programs that set-up can use, and how each tells its version."""

NODE_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""Where scripts look for programs, unless the node's configuration adds folders."""

ANSWER_SECONDS = 5
LONGEST_VERSION = 80


def script_path(folders: tuple[str, ...]) -> str:
    """Give the PATH that scripts get on this node."""
    return ":".join((*folders, NODE_PATH))


def find_tools(path: str) -> dict[str, str]:
    """Find which programs are there, by name alone: cheap enough for every start."""
    return {name: "" for name in TOOLS if shutil.which(name, path=path)}


def ask_tools(path: str) -> dict[str, str]:
    """Ask every program that is there for its version; slow, for a thread."""
    found = list(find_tools(path))
    with ThreadPoolExecutor(max_workers=2) as pool:
        versions = pool.map(lambda name: ask_version(name, *TOOLS[name], path=path), found)
        return dict(zip(found, versions, strict=True))


def ask_version(program: str, *arguments: str, path: str) -> str:
    """Give the first line with a digit that a program says of itself; empty when it says none."""
    found = shutil.which(program, path=path)
    if found is None:
        return ""
    try:
        answer = subprocess.run(  # noqa: S603 - fixed arguments, no shell
            [found, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={"PATH": path, "LANG": "C.UTF-8", "HOME": "/nonexistent"},
            timeout=ANSWER_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    for line in answer.stdout.decode("utf-8", "replace").splitlines():
        if re.search(r"\d", line):
            return line.strip()[:LONGEST_VERSION]
    return ""


def capabilities(*, home: Path, path: str, tools: Mapping[str, str]) -> Capabilities:
    """Describe this machine; `tools` comes from `find_tools`, later from `ask_tools`."""
    return Capabilities(
        os=os_name(),
        arch=platform.machine(),
        cores=len(os.sched_getaffinity(0)),
        memory_bytes=memory("MemTotal"),
        disk_free_bytes=shutil.disk_usage(home).free,
        python=platform.python_version(),
        git=ask_version("git", "--version", path=path).removeprefix("git version "),
        tools=dict(tools),
        sandbox=("native",),
        user=user_name(),
        home=str(home),
    )


def load(*, home: Path, running: int, spool_bytes: int) -> NodeLoad:
    """Say how busy this machine is."""
    return NodeLoad(
        load_1m=os.getloadavg()[0],
        memory_free_bytes=memory("MemAvailable"),
        disk_free_bytes=shutil.disk_usage(home).free,
        running=running,
        spool_bytes=spool_bytes,
    )


def memory(field: str) -> int:
    """Read one figure of /proc/meminfo in bytes; 0 where there is no such file."""
    try:
        for line in Path("/proc/meminfo").read_text("ascii").splitlines():
            name, _, rest = line.partition(":")
            if name == field:
                return int(rest.split()[0]) * 1024
    except OSError:
        pass
    return 0


def os_name() -> str:
    """Give the system's name for people, for instance `Debian GNU/Linux 12 (bookworm)`."""
    try:
        return platform.freedesktop_os_release().get("PRETTY_NAME", sys.platform)
    except OSError:
        return platform.platform(terse=True)


def user_name() -> str:
    """Give the name of the user that scripts run as."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())
