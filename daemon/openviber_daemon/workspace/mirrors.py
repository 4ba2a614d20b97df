"""The bare copies of repositories that all workspaces of an owner share."""

import difflib
import hashlib
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from openviber_daemon.home import make_private_directory
from openviber_daemon.workspace.access import Access
from openviber_daemon.workspace.addresses import check_branch
from openviber_daemon.workspace.errors import WorkspaceError
from openviber_daemon.workspace.git import Git
from openviber_daemon.workspace.locks import FolderLock
from openviber_daemon.workspace.removal import remove_tree

REFSPEC = "+refs/heads/*:refs/remotes/origin/*"
SHOWN_BRANCHES = 5
EXCLUDED = (".venv/", "node_modules/", ".bundle/", "vendor/bundle/", "__pycache__/", "*.egg-info/")
"""What `auto` set-up makes: never a thread's work, also where `.gitignore` forgets it."""

# What a thread's script may have written into the shared configuration to redirect the next fetch.
STEERING = re.compile(
    r"^(url|http|credential|include|includeif|protocol|ssh|lfs)\.|"
    r"^core\.(sshcommand|gitproxy|askpass|alternaterefscommand|worktree)$|"
    r"^remote\..*://|^remote\..*\.(uploadpack|receivepack|vcs|proxy)$"
)


@dataclass(frozen=True)
class Resolved:
    """A branch, as the other side has it now."""

    branch: str
    commit: str


class Mirror:
    """A bare repository: its branches are the threads'; the other side's are `origin/*`."""

    def __init__(self, home: Path, *, owner_id: str, url: str) -> None:
        key = hashlib.sha256(f"{owner_id}|{url}".encode()).hexdigest()[:24]
        self.home = home
        self.url = url
        self.path = home / "mirrors" / f"{key}.git"

    @property
    def exists(self) -> bool:
        return (self.path / "HEAD").is_file()

    @contextmanager
    def locked(self, git: Git) -> Iterator[None]:
        """Hold the mirror for a change of what is in it."""
        lock = FolderLock(self.home, self.path)
        with lock.take(git.watch, waiting="Waiting for another fetch of the same repository"):
            yield

    def fetch(self, git: Git, access: Access) -> None:
        """Bring the other side's branches here; a copy that was never finished does not stay.

        Raises:
            WorkspaceError: the repository could not be fetched.
        """
        with self.locked(git):
            make_private_directory(self.path.parent)
            self._remove_drafts()
            if self.exists:
                self._clean_settings(git)
                self._fetch_into(self.path, git, access)
            else:
                draft = self.path.with_name(f"{self.path.name}.new.{os.getpid()}")
                try:
                    self._start(draft, git)
                    self._fetch_into(draft, git, access)
                    draft.rename(self.path)
                except BaseException:
                    remove_tree(draft)
                    raise
            os.utime(self.path)

    def resolve(self, git: Git, access: Access, branch: str) -> Resolved:
        """Give the commit of a branch (or tag); without a name, of the other side's own choice.

        Raises:
            WorkspaceError: there is no such branch, or none at all.
        """
        name = check_branch(branch) if branch else self._default_branch(git, access)
        commit = self.find_commit(git, name)
        if commit is None:
            raise WorkspaceError(self._no_such_branch(git, name))
        return Resolved(branch=name, commit=commit)

    def find_commit(self, git: Git, branch: str) -> str | None:
        """Give the commit that the other side's branch (or tag) had when it was last fetched."""
        for ref in (f"refs/remotes/origin/{branch}", f"refs/tags/{branch}"):
            found = git.find(
                "rev-parse",
                "--verify",
                "--quiet",
                "--end-of-options",
                f"{ref}^{{commit}}",
                cwd=self.path,
            )
            if found:
                return found
        return None

    def known_default(self, git: Git) -> str | None:
        """Give the default branch as the last fetch told it."""
        ref = git.find("symbolic-ref", "--quiet", "refs/remotes/origin/HEAD", cwd=self.path)
        return ref.removeprefix("refs/remotes/origin/") if ref else None

    def _start(self, folder: Path, git: Git) -> None:
        make_private_directory(folder)
        git.run("init", "--bare", "--quiet", "--template=", "--", str(folder), cwd=folder)
        git.run("config", "remote.origin.url", self.url, cwd=folder)
        git.run("config", "remote.origin.fetch", REFSPEC, cwd=folder)
        (folder / "info").mkdir(exist_ok=True)
        (folder / "info" / "exclude").write_text("\n".join(EXCLUDED) + "\n")
        # A bare repository's own HEAD is nobody's branch: threads may have any name.
        git.run("symbolic-ref", "HEAD", "refs/heads/openviber-none", cwd=folder)

    def _fetch_into(self, folder: Path, git: Git, access: Access) -> None:
        before = time.time()
        try:
            access.speak(
                git,
                "fetch",
                "--prune",
                "--no-write-fetch-head",
                "--no-recurse-submodules",
                "--progress",
                "--end-of-options",
                self.url,
                REFSPEC,
                cwd=folder,
                doing="fetch the repository",
            )
        except BaseException:
            _remove_partial_packs(folder, since=before)
            raise

    def _default_branch(self, git: Git, access: Access) -> str:
        answer = access.speak(
            git, "ls-remote", "--symref", "--end-of-options", self.url, "HEAD",
            cwd=self.path, doing="ask for the default branch",
        ).text  # fmt: skip
        found = re.search(r"^ref: refs/heads/(\S+)\tHEAD$", answer, re.MULTILINE)
        if found is None:
            raise WorkspaceError(
                "the repository has no default branch, perhaps no commit at all: "
                "push one, or name the branch in the environment"
            )
        name = check_branch(found.group(1))
        git.run(
            "symbolic-ref", "refs/remotes/origin/HEAD", f"refs/remotes/origin/{name}", cwd=self.path
        )
        return name

    def _no_such_branch(self, git: Git, name: str) -> str:
        listed = git.text(
            "for-each-ref", "--format=%(refname)", "refs/remotes/origin", cwd=self.path
        )
        branches = [
            line.removeprefix("refs/remotes/origin/")
            for line in listed.splitlines()
            if not line.endswith("/HEAD")
        ]
        if not branches:
            return f"there is no branch `{name}`: the repository has no branch at all"
        close = difflib.get_close_matches(name, branches, n=SHOWN_BRANCHES, cutoff=0.5)
        shown = ", ".join(f"`{branch}`" for branch in close or sorted(branches)[:SHOWN_BRANCHES])
        listing = "close to it" if close else "there"
        return f"there is no branch `{name}` in the repository; {listing}: {shown}"

    def _clean_settings(self, git: Git) -> None:
        listed = git.find(
            "config", "--local", "--no-includes", "--name-only", "--list", cwd=self.path
        )
        for name in dict.fromkeys((listed or "").splitlines()):
            if STEERING.match(name.lower()):
                git.watch.say(f"Removed the setting {name} from the shared copy of the repository")
                git.run(
                    "config",
                    "--local",
                    "--no-includes",
                    "--unset-all",
                    name,
                    cwd=self.path,
                    check=False,
                )

    def _remove_drafts(self) -> None:
        for draft in self.path.parent.glob(f"{self.path.name}.new.*"):
            remove_tree(draft)


def _remove_partial_packs(folder: Path, *, since: float) -> None:
    for pack in (folder / "objects" / "pack").glob("tmp_*"):
        if pack.stat().st_mtime >= since - 1:
            pack.unlink(missing_ok=True)
