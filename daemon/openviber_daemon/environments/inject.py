"""The environment that scripts see: what the environment declares, and nothing of the daemon's."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from openviber_daemon.home import make_private_directory
from openviber_daemon.runner.execution import Execution
from openviber_daemon.workspace.node_settings import read_node_settings
from openviber_daemon.workspace.order import Order, read_order
from openviber_daemon.workspace.removal import remove_tree

STANDARD_PATH = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
BEGIN, END = "# written by OpenViber: begin", "# written by OpenViber: end"


@dataclass(frozen=True)
class Folders:
    """The folders that an environment has on this node beside its workspaces."""

    home: Path
    volume: Path

    def make(self) -> None:
        """Make what is not there yet."""
        make_private_directory(self.home)
        make_private_directory(self.volume)


def folders_of(order: Order, *, node_home: Path) -> Folders:
    """Say where the environment's HOME and the binding's volume are."""
    root = node_home / "environments" / order.environment_id
    return Folders(home=root / "home", volume=root / "volume" / order.binding_id)


def renew_volume(folders: Folders) -> None:
    """Empty the volume of an environment that does not keep it."""
    if folders.volume.exists():
        remove_tree(folders.volume)
    make_private_directory(folders.volume)


def script_environment(
    execution: Execution, *, scope: Literal["setup", "runtime"]
) -> dict[str, str]:
    """Give the whole environment of a script, and make the folders that it names.

    The environment's own variables may replace PATH and LANG, but not what keeps it in its place.
    """
    order = read_order(execution.payload)
    folders = folders_of(order, node_home=execution.home)
    folders.make()
    write_author(folders, name=order.spec.author_name, email=order.spec.author_email)
    node_path = read_node_settings(execution.home).path
    return {
        "PATH": ":".join((str(folders.home / ".local" / "bin"), *node_path, *STANDARD_PATH)),
        "LANG": "C.UTF-8",
        **order.spec.variables,
        **execution.secrets(scope=scope),
        "HOME": str(folders.home),
        "VIBER_VOLUME": str(folders.volume),
        "VIBER_ATTEMPT": execution.execution_id,
    }


def write_author(folders: Folders, *, name: str, email: str) -> None:
    """Let commits carry the environment's name and address, unless something sets others.

    The block stands first in `.gitconfig`: whatever follows it wins.
    """
    block = f"{BEGIN}\n[user]\n\tname = {_quoted(name)}\n\temail = {_quoted(email)}\n{END}\n"
    file = folders.home / ".gitconfig"
    before = file.read_text(errors="surrogateescape") if file.is_file() else ""
    rest = before
    if BEGIN in before and END in before:
        rest = before[: before.index(BEGIN)] + before[before.index(END) + len(END) + 1 :]
    if before != block + rest:
        file.write_text(block + rest, errors="surrogateescape")


def _quoted(value: str) -> str:
    kept = "".join(letter for letter in value if letter.isprintable())
    return '"' + kept.replace("\\", "\\\\").replace('"', '\\"') + '"'
