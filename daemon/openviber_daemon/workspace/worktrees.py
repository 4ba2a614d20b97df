"""The checked-out folders that hang on a mirror."""

from pathlib import Path

from openviber_daemon.home import make_private_directory
from openviber_daemon.workspace.git import Git
from openviber_daemon.workspace.removal import remove_tree


def add_worktree(git: Git, *, mirror: Path, path: Path, commit: str) -> None:
    """Check a commit out into a new folder, on no branch."""
    make_private_directory(path.parent)
    if path.exists():
        remove_tree(path)
    git.run("worktree", "prune", cwd=mirror)
    git.run(
        "worktree", "add", "--quiet", "--force", "--detach", "--", str(path), commit,
        cwd=mirror, doing=f"check the files out into {path}",
    )  # fmt: skip
    path.chmod(0o700)


def remove_worktree(git: Git, *, mirror: Path, path: Path) -> None:
    """Delete a checked-out folder and what the mirror knows of it; the commits stay."""
    if path.exists() or path.is_symlink():
        remove_tree(path)
    if mirror.is_dir():
        git.run("worktree", "prune", cwd=mirror, check=False)


def move_to(git: Git, *, path: Path, commit: str, pristine: bool) -> None:
    """Put the files of a workspace that no thread holds at a commit.

    What set-up left beside the repository's files stays, unless it shall be `pristine`.
    """
    git.run("switch", "--quiet", "--detach", cwd=path)
    git.run("reset", "--quiet", "--hard", commit, cwd=path)  # also over untracked files in its way
    if pristine:
        git.run("clean", "-ffdxq", cwd=path)


def head_commit(git: Git, path: Path) -> str:
    """Give the commit that is checked out; empty when there is none yet, or no repository."""
    if not path.is_dir():
        return ""
    return git.find("rev-parse", "--verify", "--quiet", "HEAD^{commit}", cwd=path) or ""


def current_branch(git: Git, path: Path) -> str:
    """Give the branch that is checked out; empty when there is none."""
    return git.find("symbolic-ref", "--quiet", "--short", "HEAD", cwd=path) or ""


def has_changes(git: Git, path: Path) -> bool:
    """Say whether tracked files differ from the last commit, or lie untracked beside them."""
    return bool(git.text("status", "--porcelain", "--untracked-files=normal", cwd=path))


def is_work_tree(git: Git, path: Path) -> bool:
    """Say whether a folder is, or lies in, a checked-out repository."""
    return git.find("rev-parse", "--is-inside-work-tree", cwd=path) == "true"
