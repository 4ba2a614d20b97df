"""A draft of an environment, checked before it runs anywhere: nothing is written."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from openviber_app.domain.actors import Actor
from openviber_app.domain.drafts import EnvironmentDraft, EnvironmentType, SetupMode, checked
from openviber_app.domain.errors import (
    InvalidInputError,
    Problem,
    SecretsChangedError,
    SecretUnreadableError,
)
from openviber_app.domain.findings import Finding, Level, in_order, worst
from openviber_app.domain.fitness import Needs, unfit_reasons
from openviber_app.domain.hosts import parse_repo_url
from openviber_app.domain.secrets import SecretPurpose, SecretScope
from openviber_app.domain.sharing import Right
from openviber_app.domain.used_names import UNASSIGNED, split_names
from openviber_app.services import nodes, secrets
from openviber_app.services.access import require_right
from openviber_app.services.nodes import NodeView
from openviber_app.services.repository_checks import (
    Answer,
    Asked,
    RepositoryCheck,
    check_repository,
    skipped,
)
from openviber_app.services.runtime import Runtime
from openviber_app.services.script_checks import check_script
from openviber_app.store import environments
from openviber_app.store.tables import Environment

SCRIPTS = ("setup_script", "maintenance_script", "check_command")
SOURCE_POINTERS = {"/repoUrl", "/repoBranch"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptCheck:
    """What is wrong with one script; `field` is the draft's own word for it."""

    field: str
    findings: tuple[Finding, ...]

    @property
    def status(self) -> str:
        """`ok`, `warning` or `error`."""
        return worst(self.findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class VariableCheck:
    """How many names there are, and which are used without a value.

    `is_known` is False when shellcheck could not look for them.
    """

    variables: int
    secrets: int
    undefined: tuple[str, ...]
    is_known: bool

    @property
    def status(self) -> str:
        """`ok` or `warning`."""
        return "ok" if self.is_known and not self.undefined else "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeCheck:
    """A node, and why it cannot hold the environment."""

    node: NodeView
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """Everything that was found out. What makes an error cannot be saved, or cannot run."""

    problems: tuple[Problem, ...]
    repository: RepositoryCheck
    scripts: tuple[ScriptCheck, ...]
    variables: VariableCheck
    nodes: tuple[NodeCheck, ...]

    @property
    def errors(self) -> int:
        """How many things have to be put right first."""
        refused = self.repository.status == Answer.ERROR and not self.repository.is_only_here
        return len(self.problems) + refused + len(self._of(Level.ERROR))

    @property
    def warnings(self) -> int:
        """How many things may be saved over; a name counts once, wherever it is used."""
        unreached = self.repository.status == Answer.ERROR and self.repository.is_only_here
        others = [f for f in self._of(Level.WARNING) if f.code != UNASSIGNED]
        return len(others) + len(self.variables.undefined) + unreached

    def _of(self, level: Level) -> list[Finding]:
        return [f for script in self.scripts for f in script.findings if f.level == level]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stored:
    """What is known of the environment that is edited: names of its secrets, git's own values."""

    purposes: dict[str, SecretPurpose]
    scopes: dict[str, SecretScope]
    for_git: dict[str, str]
    git_host: str
    unreadable: str = ""
    is_own: bool = True
    """Whether its nodes are those of the person who asks."""


async def check_environment(
    runtime: Runtime, actor: Actor, draft: EnvironmentDraft, *, environment_id: UUID | None = None
) -> CheckReport:
    """Check a draft; with `environment_id` as a change of that environment.

    Raises:
        NotFoundError: there is no such environment.
        ForbiddenError: they may not edit it.
        TooManyRequestsError: this person's checks are queueing up.
    """
    stored = await _stored(runtime, actor, environment_id)
    problems: tuple[Problem, ...] = ()
    try:
        draft = checked(draft, named_hosts=runtime.settings.git_places, existing=stored.purposes)
    except InvalidInputError as error:
        problems = error.problems
    async with runtime.checks.turn(actor.user_id), asyncio.TaskGroup() as tasks:
        repository = tasks.create_task(_repository(runtime, draft, stored, problems))
        scripts = [tasks.create_task(_script(draft, name, problems)) for name in SCRIPTS]
    found, variables = _with_names(draft, stored, [task.result() for task in scripts])
    is_image_odd = "/containerImage" in {problem.pointer for problem in problems}
    known = await nodes.list_nodes(runtime, actor) if stored.is_own else []
    needs = Needs(
        type=draft.type,
        container_image="" if is_image_odd else draft.container_image,
        network_access=draft.network_access,
    )
    return CheckReport(
        problems=problems,
        repository=repository.result(),
        scripts=found,
        variables=variables,
        nodes=tuple(_node(needs, node) for node in known),
    )


async def _stored(runtime: Runtime, actor: Actor, environment_id: UUID | None) -> _Stored:
    if environment_id is None:
        return _Stored(purposes={}, scopes={}, for_git={}, git_host="")
    async with runtime.store.read() as db:
        await require_right(db, actor, environment_id=environment_id, right=Right.EDIT)
        row = await db.get_one(Environment, environment_id)
        sealed = await environments.list_secrets(db, environment_id=row.id)
        unreadable, for_git = "", {}
        try:
            for_git = await secrets.open_for_git(runtime, db, row)
        except (SecretUnreadableError, SecretsChangedError) as error:
            unreadable = str(error)
    return _Stored(
        purposes={item.key: SecretPurpose(item.purpose) for item in sealed},
        scopes={item.key: SecretScope(item.scope) for item in sealed},
        for_git=for_git,
        git_host=_host(row),
        unreadable=unreadable,
        is_own=row.user_id == actor.user_id,
    )


def _host(row: Environment) -> str:
    """Return the host that an environment's git credential was stored for."""
    rest = row.repo_url.partition("://")[2]
    if rest:
        return rest.partition("/")[0].rpartition("@")[2]
    return row.repo_url.partition(":")[0].rpartition("@")[2]


# ---------------------------------------------------------------------------- the repository


async def _repository(
    runtime: Runtime, draft: EnvironmentDraft, stored: _Stored, problems: Sequence[Problem]
) -> RepositoryCheck:
    match draft.type:
        case EnvironmentType.LOCAL:
            return skipped("a folder on a node: the node looks at it when it prepares")
        case EnvironmentType.MANUAL:
            return skipped("an empty folder: there is no repository to ask")
        case EnvironmentType.GITHUB:
            pass
    if SOURCE_POINTERS & {problem.pointer for problem in problems}:
        return skipped("give an address and a branch that can be used first")
    if draft.use_node_credentials:
        return skipped("the node signs in with its own credentials: only a node can ask")
    address = parse_repo_url(draft.repo_url, named_hosts=runtime.settings.git_places)
    values = _git_values(draft, stored, host=address.host)
    if stored.unreadable and not values:
        return RepositoryCheck(status=Answer.ERROR, message=stored.unreadable)
    return await check_repository(
        Asked(
            address=address,
            branch=draft.repo_branch or address.branch,
            is_allowed=address.is_named,
            credential=secrets.credential_for(draft.repo_url, values),
        )
    )


def _git_values(draft: EnvironmentDraft, stored: _Stored, *, host: str) -> dict[str, str]:
    """Return git's secrets as a save would leave them.

    Stored ones go only to the host they were stored for: a mistyped address gets none of them.
    """
    values = dict(stored.for_git) if host == stored.git_host else {}
    for change in draft.secrets:
        if change.purpose == SecretPurpose.VARIABLE:
            continue
        if change.is_deleted:
            values.pop(change.purpose, None)
        elif change.value is not None:
            values[change.purpose] = change.value.open()
    return values


# ------------------------------------------------------------------------ scripts and names


async def _script(
    draft: EnvironmentDraft, name: str, problems: Sequence[Problem]
) -> tuple[str, list[Finding], bool]:
    head, *tail = name.split("_")
    pointer = "/" + head + "".join(word.capitalize() for word in tail)
    is_unused = name == "setup_script" and draft.setup_mode == SetupMode.AUTO
    if is_unused or pointer in {problem.pointer for problem in problems}:
        return name, [], True
    findings, is_known = await check_script(getattr(draft, name))
    return name, findings, is_known


def _with_names(
    draft: EnvironmentDraft, stored: _Stored, read: Sequence[tuple[str, list[Finding], bool]]
) -> tuple[tuple[ScriptCheck, ...], VariableCheck]:
    scopes = _scopes(draft, stored)
    for_runs = {name for name, scope in scopes.items() if scope == SecretScope.RUNTIME}
    defined = ({item.key for item in draft.variables} | scopes.keys()) - for_runs
    scripts: list[ScriptCheck] = []
    undefined: list[str] = []
    for field, findings, _ in read:
        kept, names = split_names(findings, defined=defined, for_runs=for_runs)
        scripts.append(ScriptCheck(field=field, findings=in_order(kept)))
        undefined += names
    return tuple(scripts), VariableCheck(
        variables=len(draft.variables),
        secrets=len(scopes),
        undefined=tuple(dict.fromkeys(undefined)),
        is_known=all(is_known for _, _, is_known in read),
    )


def _scopes(draft: EnvironmentDraft, stored: _Stored) -> dict[str, SecretScope]:
    """Return the secrets that scripts get after a save, each with when."""
    scopes = {
        key: scope
        for key, scope in stored.scopes.items()
        if stored.purposes[key] == SecretPurpose.VARIABLE
    }
    for change in draft.secrets:
        if change.purpose != SecretPurpose.VARIABLE:
            continue
        if change.is_deleted:
            scopes.pop(change.key, None)
        else:
            scopes[change.key] = change.scope or scopes.get(change.key, SecretScope.BOTH)
    return scopes


# ---------------------------------------------------------------------------------- nodes


def _node(needs: Needs, node: NodeView) -> NodeCheck:
    if node.claimed_at is None:
        return NodeCheck(node=node, reasons=("run its one-time command there first",))
    return NodeCheck(
        node=node, reasons=tuple(unfit_reasons(needs, node.capabilities, node=node.name))
    )
