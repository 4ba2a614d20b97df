"""How a repository that lies on the node already is brought up to date."""

from dataclasses import dataclass
from pathlib import Path

from openviber_daemon.runner.execution import Execution
from openviber_daemon.workspace.access import Access, read_access
from openviber_daemon.workspace.addresses import AddressError
from openviber_daemon.workspace.errors import GitError
from openviber_daemon.workspace.git import Git
from openviber_daemon.workspace.order import Order
from openviber_daemon.workspace.worktrees import (
    current_branch,
    has_changes,
    head_commit,
    is_work_tree,
)


@dataclass(frozen=True)
class Place:
    """A folder that is used where it lies."""

    git: Git
    execution: Execution
    order: Order
    path: Path

    @property
    def is_git(self) -> bool:
        return is_work_tree(self.git, self.path)

    def fetch(self) -> str | None:
        """Fetch the remote `origin`; returns why that was left out, if it was.

        Raises:
            WorkspaceError: the remote of a repository environment cannot be fetched.
        """
        if not self.is_git:
            return "not a git repository: used as it is"
        url = self.git.find("config", "--get", "remote.origin.url", cwd=self.path)
        if url is None:
            return "it has no remote `origin`"
        try:
            access = self._access(url)
        except AddressError as error:
            return f"its remote `origin` was not asked: {error}"
        try:
            access.speak(
                self.git,
                "fetch",
                "--no-recurse-submodules",
                "--progress",
                "--end-of-options",
                "origin",
                cwd=self.path,
                doing="fetch the repository",
            )
        except GitError as error:
            if self.order.spec.type != "local" or error.exit_code is None:
                raise
            return f"its remote `origin` could not be fetched: {error}"
        return None

    def fast_forward(self) -> str:
        """Move the branch to what was fetched, if asked for and harmless; says what was done."""
        commit = head_commit(self.git, self.path)
        branch = current_branch(self.git, self.path)
        at = f"{branch or 'no branch'} at {commit[:12]}" if commit else "no commit yet"
        wanted = self.order.spec.repo_branch
        if wanted and branch != wanted:
            at += f" (the environment names `{wanted}`)"
        if not self.order.fast_forward or not commit:
            return f"used as it is: {at}"
        if has_changes(self.git, self.path):
            return f"not moved, it has changes that are not committed: {at}"
        target = self.git.find(
            "rev-parse",
            "--verify",
            "--quiet",
            f"refs/remotes/origin/{branch}^{{commit}}",
            cwd=self.path,
        )
        if not branch or target is None:
            return f"not moved, its remote has no such branch: {at}"
        if target == commit:
            return f"up to date: {at}"
        merged = self.git.run(
            "merge", "--ff-only", "--quiet", "--no-verify", target, cwd=self.path, check=False
        )
        if merged.exit_code != 0:
            return f"not moved, it has commits of its own: {at}"
        return f"fast-forwarded from {commit[:12]} to {target[:12]}"

    def _access(self, url: str) -> Access:
        return read_access(
            url,
            home=self.execution.home,
            environment_id=self.order.environment_id,
            allowed_hosts=self.order.spec.allowed_hosts,
            credential=self.execution.git_credential,
            use_node_credentials=self.order.spec.use_node_credentials,
        )
