"""Whether a repository answers, and which commit its branch stands at, asked from the board."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from openviber_app.domain import git_answers
from openviber_app.domain.hosts import AddressError, RepoAddress
from openviber_app.services import git_access, programs

SECONDS = 20


class Answer(StrEnum):
    """What came of asking."""

    OK = "ok"
    ERROR = "error"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryCheck:
    """A repository's answer. `is_only_here` says that a node may fare better than the board."""

    status: Answer
    message: str
    branch: str = ""
    commit: str = ""
    duration_ms: int = 0
    is_only_here: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked: a judged address; `is_allowed` says that its owner named the host."""

    address: RepoAddress
    branch: str
    is_allowed: bool
    credential: Mapping[str, str] | None = None


def skipped(message: str) -> RepositoryCheck:
    """Say why nothing was asked."""
    return RepositoryCheck(status=Answer.SKIPPED, message=message)


async def check_repository(asked: Asked) -> RepositoryCheck:
    """Ask a repository for its branches, with git, within a time limit."""
    began = time.monotonic()
    try:
        found = await _Question(asked, ends_at=began + SECONDS).ask()
    except programs.MissingProgramError:
        return skipped("git is not on the board's machine: a node asks when it prepares")
    except AddressError as error:
        found = RepositoryCheck(status=Answer.ERROR, message=str(error))
    except _RefusedError as error:
        found = RepositoryCheck(
            status=Answer.ERROR, message=str(error), is_only_here=error.is_only_here
        )
    return RepositoryCheck(
        status=found.status,
        message=found.message,
        branch=found.branch,
        commit=found.commit,
        duration_ms=round((time.monotonic() - began) * 1000),
        is_only_here=found.is_only_here,
    )


class _RefusedError(Exception):
    def __init__(self, message: str, *, is_only_here: bool) -> None:
        self.is_only_here = is_only_here
        super().__init__(message)


class _Question:
    """The one or two commands of one check, which share its time."""

    def __init__(self, asked: Asked, *, ends_at: float) -> None:
        self._asked = asked
        self._ends_at = ends_at

    async def ask(self) -> RepositoryCheck:
        asked = self._asked
        try:
            reached = await git_access.reach(asked.address, is_allowed=asked.is_allowed)
        except OSError as error:
            message = f"the board cannot find {asked.address.host}: check the address ({error})"
            raise _RefusedError(message, is_only_here=True) from error
        wanted = asked.branch
        names = [f"refs/heads/{wanted}", f"refs/tags/{wanted}", f"refs/tags/{wanted}^{{}}"]
        answer = await self._git(reached, *([*names, "HEAD"] if wanted else ["HEAD"]))
        branch = wanted or git_answers.default_branch(answer)
        if not branch:
            message = (
                "the repository answers, but has no default branch, perhaps no commit at all: push"
                " one, or name a branch"
            )
            raise _RefusedError(message, is_only_here=False)
        if not wanted:
            answer = answer.replace("\tHEAD", f"\trefs/heads/{branch}")
        commit = git_answers.find_commit(answer, branch)
        if not commit:
            known = git_answers.branches(await self._git(reached, "refs/heads/*"))
            message = git_answers.no_such_branch(branch, known)
            raise _RefusedError(message, is_only_here=False)
        return RepositoryCheck(
            status=Answer.OK, message=self._praise(), branch=branch, commit=commit
        )

    def _praise(self) -> str:
        address, credential = self._asked.address, self._asked.credential
        name = f"{address.host}/{'/'.join(filter(None, (address.org, address.name)))}"
        if credential is not None and credential["secret"]:
            how = "the deploy key" if address.scheme == "ssh" else "the git token"
            return f"{name} answers to {how}"
        return f"{name} answers to everyone"

    async def _git(self, reached: git_access.Reached, *patterns: str) -> str:
        asked = self._asked
        with git_access.environment_of(reached, asked.credential) as environment:
            outcome = await programs.run(
                ["git", "ls-remote", "--symref", "--end-of-options", asked.address.url, *patterns],
                environment=environment,
                seconds=max(0.0, self._ends_at - time.monotonic()),
            )
        if outcome.exit_code == 0:
            return outcome.output
        if outcome.is_late:
            message = f"{reached.where} did not answer in {SECONDS} s: try again in a moment"
            raise _RefusedError(message, is_only_here=True)
        has_credential = bool(asked.credential and asked.credential["secret"])
        said = git_answers.without(outcome.errors, git_access.hidden_words(asked.credential))
        message, is_only_here = git_answers.explain(
            said, where=reached.where, has_credential=has_credential
        )
        raise _RefusedError(message, is_only_here=is_only_here)
