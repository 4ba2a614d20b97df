"""What `auto` set-up runs in a working directory, found by its lockfiles.

One manager is chosen for each ecosystem, the first of its line that is there:

- Python: `uv.lock` (uv), `poetry.lock` (poetry), else `requirements*.txt`, `pyproject.toml` or
  `setup.py` (pip)
- JavaScript: `pnpm-lock.yaml` (pnpm), `yarn.lock` (yarn), `bun.lock` or `bun.lockb` (bun),
  `package-lock.json`, `npm-shrinkwrap.json` or `package.json` (npm)
- then `Cargo.lock` (cargo), `go.mod` (go), `Gemfile.lock` (bundler), `composer.lock` (composer)

All ecosystems that are there are set up, in this order. Each command may run again at any time.
"""

import shutil
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

VENV = "test -x .venv/bin/python || python3 -m venv .venv"
PIP = ".venv/bin/python -m pip install --disable-pip-version-check"
ADVICE = {
    "uv": "https://docs.astral.sh/uv/ or `pip install uv`",
    "poetry": "`pipx install poetry`",
    "python3": "the package python3",
    "pnpm": "`npm install --global pnpm`",
    "yarn": "`npm install --global yarn`",
    "bun": "`npm install --global bun`",
    "npm": "the packages nodejs and npm",
    "cargo": "https://rustup.rs",
    "go": "https://go.dev/dl or the package golang",
    "bundle": "`gem install bundler`",
    "composer": "the package composer",
}


@dataclass(frozen=True)
class Plan:
    """One manager: why it was chosen, what it runs, the program it needs."""

    manager: str
    because: str
    tool: str
    commands: tuple[str, ...]

    @property
    def shown(self) -> str:
        return f"{self.manager} ({self.because})"


def detect(folder: Path) -> list[Plan]:
    """Say what to run in a working directory; nothing when no manager's files are there."""
    found = [find(folder) for find in ECOSYSTEMS]
    return [plan for plan in found if plan is not None]


def missing_tools(plans: Sequence[Plan], *, path: str) -> list[str]:
    """Say, for each program that a plan needs and the node lacks, how to get it."""
    lacking = {plan.tool: plan for plan in plans if shutil.which(plan.tool, path=path) is None}
    return [
        f"`{tool}` is not on this node, and {plan.because} needs it: install it for the node's "
        "user "
        f"({ADVICE[tool]}), or add its folder to `path` in the node's config.json"
        for tool, plan in lacking.items()
    ]


def _python(folder: Path) -> Plan | None:
    if (folder / "uv.lock").is_file():
        return Plan("uv", "uv.lock", "uv", ("uv sync --frozen",))
    if (folder / "poetry.lock").is_file():
        command = "POETRY_VIRTUALENVS_IN_PROJECT=true poetry install --no-interaction --no-ansi"
        return Plan("poetry", "poetry.lock", "poetry", (command,))
    lists = sorted(path.name for path in folder.glob("requirements*.txt") if path.is_file())
    project = _installable(folder)
    if not lists and project is None:
        return None
    words = [PIP, *(f"-r {_quoted(name)}" for name in lists), *(["-e ."] if project else [])]
    because = ", ".join([*lists, *([project] if project else [])])
    return Plan("pip", because, "python3", (VENV, " ".join(words)))


def _installable(folder: Path) -> str | None:
    """Name the file that makes a folder a package; a pyproject.toml with only settings does not."""
    if (folder / "setup.py").is_file():
        return "setup.py"
    try:
        project = tomllib.loads((folder / "pyproject.toml").read_text())
    except (OSError, ValueError):
        return None
    return "pyproject.toml" if {"project", "build-system"} & project.keys() else None


def _javascript(folder: Path) -> Plan | None:
    if (folder / "pnpm-lock.yaml").is_file():
        command = "pnpm install --frozen-lockfile --config.confirmModulesPurge=false"
        return Plan("pnpm", "pnpm-lock.yaml", "pnpm", (command,))
    if (folder / "yarn.lock").is_file():
        with (folder / "yarn.lock").open("rb") as file:
            modern = b"__metadata:" in file.read(4096)
        options = "--immutable" if modern else "--frozen-lockfile --non-interactive"
        return Plan("yarn", "yarn.lock", "yarn", (f"yarn install {options}",))
    for name in ("bun.lock", "bun.lockb"):
        if (folder / name).is_file():
            return Plan("bun", name, "bun", ("bun install --frozen-lockfile",))
    for name in ("package-lock.json", "npm-shrinkwrap.json"):
        if (folder / name).is_file():
            return Plan("npm", name, "npm", ("npm ci --no-audit --no-fund",))
    if (folder / "package.json").is_file():
        command = "npm install --no-audit --no-fund --no-package-lock"
        return Plan("npm", "package.json", "npm", (command,))
    return None


def _single(name: str, manager: str, tool: str, *commands: str) -> Callable[[Path], Plan | None]:
    def find(folder: Path) -> Plan | None:
        return Plan(manager, name, tool, commands) if (folder / name).is_file() else None

    return find


def _quoted(name: str) -> str:
    return "'" + name.replace("'", "'\\''") + "'"


ECOSYSTEMS: Sequence[Callable[[Path], Plan | None]] = (
    _python,
    _javascript,
    _single("Cargo.lock", "cargo", "cargo", "cargo fetch --locked"),
    _single("go.mod", "go", "go", "go mod download"),
    _single(
        "Gemfile.lock", "bundler", "bundle",
        "bundle config set --local path vendor/bundle", "bundle install",
    ),
    _single(
        "composer.lock", "composer", "composer",
        "composer install --no-interaction --no-progress",
    ),
)  # fmt: skip
