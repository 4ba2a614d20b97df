"""The rules of the house that no linter knows."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAX_LINES = 400
PACKAGES = (
    (ROOT / "openviber_app", ROOT / "tests" / "app"),
    (ROOT / "daemon" / "openviber_daemon", ROOT / "tests" / "daemon"),
    (ROOT / "daemon" / "openviber_protocol", ROOT / "tests" / "protocol"),
)
NO_TWIN = {
    "openviber_app/__main__.py": "three lines; every board process of the tests runs them",
    "daemon/openviber_daemon/__main__.py": "likewise for every daemon process",
    "daemon/openviber_daemon/runner/__main__.py": "likewise for every runner process",
}
TEXT = {".py", ".md", ".toml", ".txt", ".in", ".js", ".jsx", ".json", ".lock", ".css", ".ini", ""}


def tracked() -> list[Path]:
    """Return what a commit of the working tree would hold."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [file for name in listed.split("\0") if name and (file := ROOT / name).is_file()]


def modules() -> list[Path]:
    """Return every module of the three packages."""
    return [
        file
        for package, _ in PACKAGES
        for file in sorted(package.rglob("*.py"))
        if not file.is_relative_to(package / "_frontend")
        and not file.is_relative_to(package / "_daemon")
        and not file.is_relative_to(package / "sample")  # a program of its own, with its tests
    ]


def name_of(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def test_a_module_opens_with_one_sentence_that_says_what_it_owns() -> None:
    wrong = []
    for file in modules():
        source = file.read_text()
        if not source and file.name == "__init__.py":
            continue
        first = (ast.get_docstring(ast.parse(source)) or "").partition("\n")[0]
        if not first.endswith((".", ":")):
            wrong.append(f"{name_of(file)}: {first!r}")
    assert not wrong, "\n".join(wrong)


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    too_long = {
        name_of(file): count
        for file in tracked()
        if file.suffix in {".py", ".js", ".jsx"}
        and (count := len(file.read_text().splitlines())) > MAX_LINES
    }
    assert not too_long


def test_every_module_has_a_twin_test() -> None:
    missing = []
    for package, tests in PACKAGES:
        for file in package.rglob("*.py"):
            inner = file.relative_to(package)
            if file.name == "__init__.py" or name_of(file) in NO_TWIN:
                continue
            if inner.parts[0] in {"_frontend", "_daemon", "sample"}:
                continue
            twin = tests / inner.with_name(f"test_{file.name}")
            if not twin.exists():
                missing.append(f"{name_of(file)} -> {name_of(twin)}")
    assert not missing, "\n".join(sorted(missing))


def test_tests_and_migrations_are_no_packages() -> None:
    folders = (ROOT / "tests", ROOT / "alembic")
    assert not [name_of(file) for folder in folders for file in folder.rglob("__init__.py")]


def imports_of(file: Path) -> set[str]:
    """Return the modules that a module imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def test_no_import_goes_in_a_circle() -> None:
    names = {}
    for file in modules():
        above = ROOT / "daemon" if file.is_relative_to(ROOT / "daemon") else ROOT
        inside = file.relative_to(above)
        dotted = ".".join(inside.with_suffix("").parts).removesuffix(".__init__")
        names[dotted] = file
    graph = {name: imports_of(file) & names.keys() - {name} for name, file in names.items()}
    done: set[str] = set()

    def visit(name: str, above: tuple[str, ...]) -> None:
        if name in above:
            pytest.fail(" -> ".join((*above[above.index(name) :], name)))
        if name in done:
            return
        for other in sorted(graph[name]):
            visit(other, (*above, name))
        done.add(name)

    for name in graph:
        visit(name, ())


def test_every_frame_is_documented() -> None:
    text = (ROOT / "docs" / "protocol.md").read_text()
    source = (ROOT / "daemon" / "openviber_protocol" / "frames.py").read_text()
    types = set(re.findall(r'type: Literal\["([a-z:._-]+)"\]', source))
    assert types
    assert not {name for name in types if f"`{name}`" not in text}


PATTERNS = {
    "a path of one machine": re.compile(
        r"(?<![\w.])/(?:home/\w+/|root/|Users/|work/(?:main|shared))"
    ),
    "the address of a registry": re.compile(
        r"https?://(?:[\w.-]*pypi\.org/simple|files\.pythonhosted\.org|registry\.\w+\.org/\S+\.tgz"
        r"|[\w.-]*mirror[\w.-]*)"
    ),
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----\n[A-Za-z0-9+/=]{40}"),
    "a token": re.compile(
        r"\b(?:ov_[a-z]*_?[A-Za-z0-9_-]{40,}|gh[pousr]_[A-Za-z0-9]{36}|AKIA[0-9A-Z]{16})\b"
    ),
}


@pytest.mark.parametrize("kind", PATTERNS)
def test_the_tree_holds_nothing_of_one_machine_and_no_secret(kind: str) -> None:
    found = []
    for file in tracked():
        if file.suffix not in TEXT or file == Path(__file__):
            continue
        for number, line in enumerate(file.read_text(errors="replace").splitlines(), 1):
            if PATTERNS[kind].search(line):
                found.append(f"{name_of(file)}:{number}: {line.strip()[:120]}")
    assert not found, "\n".join(found)


def test_nobody_imports_the_component_library_outside_the_kit() -> None:
    kit = ROOT / "openviber_app" / "ui" / "kit"
    users = [
        name_of(file)
        for file in modules()
        if not file.is_relative_to(kit)
        and any(name.startswith("reflex_components") for name in imports_of(file))
    ]
    assert not users


def test_pages_use_no_component_that_costs_much_of_the_first_page() -> None:
    heavy = re.compile(
        r"\brx\.(?:markdown|icon|box|text|heading|flex|vstack|hstack|button|link|theme)\("
    )
    users = [
        f"{name_of(file)}:{number}"
        for file in sorted((ROOT / "openviber_app" / "ui").rglob("*.py"))
        for number, line in enumerate(file.read_text().splitlines(), 1)
        if heavy.search(line)
    ]
    assert not users
