"""The repositories inside a repository, for environments that ask for them."""

from dataclasses import dataclass, replace
from pathlib import Path

from openviber_daemon.workspace.access import Access
from openviber_daemon.workspace.addresses import AddressError, join_relative, parse_address
from openviber_daemon.workspace.errors import WorkspaceError
from openviber_daemon.workspace.git import Git

MAX_DEPTH = 5


@dataclass(frozen=True)
class Submodule:
    """One entry of `.gitmodules`."""

    name: str
    path: str
    url: str


def list_submodules(git: Git, folder: Path) -> list[Submodule]:
    """Read what `.gitmodules` names; entries without a path or an address are left out."""
    if not (folder / ".gitmodules").is_file():
        return []
    listed = git.run(
        "config", "--no-includes", "--null", "--file", ".gitmodules", "--get-regexp",
        r"^submodule\..*\.(path|url)$", cwd=folder, check=False,
    ).stdout.decode("utf-8", "replace")  # fmt: skip
    found: dict[str, dict[str, str]] = {}
    for entry in filter(None, listed.split("\0")):
        key, _, value = entry.partition("\n")
        name, _, field = key.removeprefix("submodule.").rpartition(".")
        found.setdefault(name, {})[field] = value
    return [
        Submodule(name=name, path=fields["path"], url=fields["url"])
        for name, fields in found.items()
        if fields.get("path") and fields.get("url")
    ]


def fetch_submodules(git: Git, access: Access, folder: Path, *, depth: int = 0) -> None:
    """Bring the submodules here, level by level; each address is judged like the first.

    The credential goes only to the host that it was given for.

    Raises:
        WorkspaceError: one of them cannot be had.
    """
    submodules = list_submodules(git, folder)
    if submodules and depth >= MAX_DEPTH:
        raise WorkspaceError(f"the submodules are nested deeper than {MAX_DEPTH} levels")
    for submodule in submodules:
        url = join_relative(access.address.url, submodule.url)
        try:
            address = parse_address(url, allowed_hosts=access.allowed_hosts)
        except AddressError as error:
            raise WorkspaceError(
                f"the submodule {submodule.path}: {error}", reason="refused"
            ) from error
        same_host = (address.host, address.port) == (access.address.host, access.address.port)
        inner = replace(
            access, address=address, credential=access.credential if same_host else None
        )
        git.watch.say(f"Fetching the submodule {submodule.path}")
        git.run("submodule", "--quiet", "init", "--", submodule.path, cwd=folder)
        git.run("config", f"submodule.{submodule.name}.url", url, cwd=folder)
        inner.speak(
            git, "submodule", "update", "--checkout", "--force", "--", submodule.path,
            cwd=folder, doing=f"fetch the submodule {submodule.path}",
        )  # fmt: skip
        fetch_submodules(git, inner, folder / submodule.path, depth=depth + 1)
