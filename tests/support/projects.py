"""Tiny real projects, one for each package manager, and the managers to make them with."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

PYPROJECT = """\
[project]
name = "demo"
version = "1.0.0"
requires-python = ">=3.9"
dependencies = ["six"]
"""
PACKAGE = {
    "name": "demo",
    "version": "1.0.0",
    "private": True,
    "dependencies": {"is-number": "7.0.0"},
}
LOCKING = {
    "uv": ["uv", "lock"],
    "poetry": ["poetry", "lock", "--no-interaction"],
    "npm": ["npm", "install", "--package-lock-only", "--no-audit", "--no-fund"],
    "pnpm": ["pnpm", "install", "--lockfile-only"],
    "yarn": ["yarn", "install"],
    "yarn@1": ["yarn", "install", "--ignore-scripts", "--non-interactive"],
    "bun": ["bun", "install", "--lockfile-only"],
}
PROOF = {
    "uv": ".venv/bin/python -c 'import six; print(six.__name__)'",
    "poetry": ".venv/bin/python -c 'import six; print(six.__name__)'",
    "pip": ".venv/bin/python -c 'import six; print(six.__name__)'",
    "npm": "node -e \"console.log(require('is-number')(5))\"",
    "pnpm": "node -e \"console.log(require('is-number')(5))\"",
    "yarn": "node -e \"console.log(require('is-number')(5))\"",
    "yarn@1": "node -e \"console.log(require('is-number')(5))\"",
    "bun": "node -e \"console.log(require('is-number')(5))\"",
}
"""A command that only works when the manager did its work."""


class NotInstallableError(Exception):
    """A package manager cannot be had on this machine."""


def install_manager(name: str, root: Path) -> str:
    """Install a package manager below `root` from its registry; returns where its programs are."""
    if name in ("pip", "npm"):
        found = shutil.which("python3" if name == "pip" else "npm")
        if found is None:
            raise NotInstallableError(f"{name} is not on this machine")
        return str(Path(found).parent)
    if name in ("uv", "poetry"):
        _run([sys.executable, "-m", "venv", str(root)], cwd=root.parent)
        _run([str(root / "bin" / "pip"), "install", "--quiet", name], cwd=root)
        return str(root / "bin")
    if shutil.which("npm") is None:
        raise NotInstallableError("npm is not on this machine")
    root.mkdir()
    _run(["npm", "install", "--silent", "--prefix", str(root), name], cwd=root)
    return str(root / "node_modules" / ".bin")


def write_project(folder: Path, manager: str, *, programs: str) -> None:
    """Write a project with one small dependency, locked by its manager where that has a lock."""
    folder.mkdir()
    (folder / ".gitignore").write_text("node_modules/\n.venv/\n")
    if manager in ("uv", "poetry"):
        extra = _poetry_settings(programs) if manager == "poetry" else ""
        (folder / "pyproject.toml").write_text(PYPROJECT + extra)
    elif manager == "pip":
        (folder / "requirements.txt").write_text("six\n")
    else:
        (folder / "package.json").write_text(json.dumps(PACKAGE))
        (folder / ".yarnrc.yml").write_text("nodeLinker: node-modules\n")
    if manager in LOCKING:
        path = f"{programs}:{os.environ['PATH']}"
        _run(LOCKING[manager], cwd=folder, path=path)
        for made in ("node_modules", ".yarn", ".pnp.js", ".pnp.cjs"):
            shutil.rmtree(folder / made, ignore_errors=True)


def _poetry_settings(programs: str) -> str:
    """Let poetry ask the index that pip asks: its own way needs more than a mirror may have."""
    ask = "from pip._internal.models.index import PyPI; print(PyPI.simple_url)"
    python = Path(programs) / "python"
    configured = subprocess.run(
        [python, "-m", "pip", "config", "get", "global.index-url"],
        capture_output=True,
        text=True,
        check=False,
    )
    default = subprocess.run([python, "-c", ask], capture_output=True, text=True, check=True)
    index = configured.stdout.strip() or default.stdout.strip()
    return (
        "\n[tool.poetry]\npackage-mode = false\n"
        f'\n[[tool.poetry.source]]\nname = "of-this-machine"\nurl = "{index}"\n'
        'priority = "primary"\n'
    )


def _run(argv: list[str], *, cwd: Path, path: str | None = None) -> None:
    environment = os.environ | ({"PATH": path} if path else {})
    program = shutil.which(argv[0], path=environment["PATH"])
    done = subprocess.run(
        [program or argv[0], *argv[1:]],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise NotInstallableError(f"{' '.join(argv)}: {done.stderr[-2000:]}{done.stdout[-1000:]}")
