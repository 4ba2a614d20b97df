"""The one folder of an environment that works in place."""

import os
from pathlib import Path

from openviber_daemon.home import make_private_directory
from openviber_daemon.workspace.errors import WorkspaceError
from openviber_daemon.workspace.git_environment import account_home
from openviber_daemon.workspace.order import Order

SYSTEM = ("/proc", "/sys", "/dev", "/boot", "/etc", "/run", "/bin", "/sbin", "/lib", "/lib64")
TOO_WIDE = ("/", "/home", "/usr", "/var", "/opt", "/srv", "/tmp", "/mnt", "/media")  # noqa: S108 - refused  # nosec B108


def is_inside(path: Path, root: Path) -> bool:
    """Say whether a real path is another one, or lies in it."""
    return path == root or root in path.parents


def own_folder(home: Path, environment_id: str) -> Path:
    """Give the folder of a manual environment, which its script fills."""
    return home / "workspaces" / environment_id / "0"


def find_place(order: Order, *, home: Path) -> Path:
    """Give the real path of the folder that the order works in.

    Raises:
        WorkspaceError: it is not there, or none that may be used.
    """
    named = order.existing_path if order.strategy == "existing_path" else ""
    if not named and order.spec.type == "local":
        named = order.spec.local_path
    if not named and order.spec.type == "manual":
        folder = own_folder(home, order.environment_id)
        make_private_directory(folder)
        return folder
    return check_place(named, home=home)


def check_place(named: str, *, home: Path) -> Path:
    """Judge a path that a person named.

    Raises:
        WorkspaceError: it is not there, or none that may be used.
    """
    if not named:
        raise WorkspaceError("no path was given: name the folder on the node that is to be used")
    if "\0" in named or len(named) > os.pathconf("/", "PC_PATH_MAX"):
        raise WorkspaceError("the path is longer than this node allows, or holds a zero byte")
    if named == "~" or named.startswith("~/"):
        named = account_home() + named[1:]
    if not named.startswith("/"):
        raise WorkspaceError(f"`{named}` is not a full path: begin it with / or ~/")
    try:
        path = Path(named).resolve(strict=True)
    except FileNotFoundError as error:
        raise WorkspaceError(
            f"`{named}` does not exist on this node: make it there, or choose another path"
        ) from error
    except (OSError, RuntimeError) as error:
        raise WorkspaceError(f"`{named}` cannot be reached on this node: {error}") from error
    _check_real(path, named=named, own=home.resolve())
    return path


def _check_real(path: Path, *, named: str, own: Path) -> None:
    if not path.is_dir():
        raise WorkspaceError(f"`{named}` is not a folder")
    if is_inside(path, own) or is_inside(own, path):
        raise WorkspaceError(
            f"`{named}` holds what the node itself keeps ({own}): choose another folder",
            reason="refused",
        )
    if str(path) in TOO_WIDE or any(is_inside(path, Path(name)) for name in SYSTEM):
        raise WorkspaceError(
            f"`{named}` belongs to the machine and not to a project: choose another folder",
            reason="refused",
        )
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        raise WorkspaceError(
            f"`{named}` may not be read and written by the user the daemon runs as"
        )


def working_directory(root: Path, working_dir: str) -> Path:
    """Give the working directory in a workspace, there or not yet; a link may not lead out of it.

    Raises:
        WorkspaceError: it would lie outside.
    """
    if "\0" in working_dir:
        raise WorkspaceError("the working directory holds a zero byte", reason="refused")
    real = root.resolve()
    path = (real / working_dir.strip("/")).resolve()
    if not is_inside(path, real):
        raise WorkspaceError(
            f"the working directory `{working_dir}` leads out of the workspace: name a folder "
            "inside it",
            reason="refused",
        )
    return path
