"""What a node will do with an environment, in a person's words and in the node's order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from openviber_app.domain.draft_values import SecretChange
from openviber_app.domain.drafts import (
    SCRIPT_MAX_BYTES,
    EnvironmentDraft,
    EnvironmentType,
    SetupMode,
)
from openviber_app.domain.errors import Problem
from openviber_app.domain.hosts import AddressError, parse_repo_url
from openviber_app.domain.secrets import SecretPurpose, SecretScope
from openviber_app.domain.text import is_storable

NAMES_SHOWN = 8
MASKED = "••••"
LOCKFILES = "uv, poetry, pip, pnpm, yarn, bun, npm, cargo, go, bundler, composer"
MINUTE, HOUR = 60, 3600


@dataclass(frozen=True, slots=True)
class KeptSecret:
    """A secret that the environment has: all that a plan says of it."""

    key: str
    purpose: SecretPurpose
    scope: SecretScope


@dataclass(frozen=True, slots=True)
class Fact:
    """A line below a step, such as `at` `main`."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One thing that the node does. `phase` is the node's own name for when."""

    phase: str
    does: str
    what: str
    facts: tuple[Fact, ...] = ()


def text_problems(draft: EnvironmentDraft) -> list[Problem]:
    """Return which texts are not even a half-written environment's: endless, or no Unicode."""
    return [
        Problem("/" + _camel(field.name), "this text cannot be kept")
        for field in fields(draft)
        if isinstance(text := getattr(draft, field.name), str)
        and (len(text) > SCRIPT_MAX_BYTES or not is_storable(text))
    ]


def kept_of(rows: Mapping[str, tuple[str, str]]) -> list[KeptSecret]:
    """Return stored secrets by key, each from its purpose and scope."""
    return [
        KeptSecret(key, SecretPurpose(purpose), SecretScope(scope))
        for key, (purpose, scope) in rows.items()
    ]


def secrets_after(
    changes: Sequence[SecretChange], existing: Sequence[KeptSecret]
) -> list[KeptSecret]:
    """Return the secrets that there would be after a save."""
    kept = {secret.key: secret for secret in existing}
    for change in changes:
        before = kept.get(change.key)
        if change.is_deleted:
            kept.pop(change.key, None)
        else:
            scope = change.scope or (before.scope if before else SecretScope.BOTH)
            kept[change.key] = KeptSecret(change.key, change.purpose, scope)
    return list(kept.values())


def plan(draft: EnvironmentDraft, secrets: Sequence[KeptSecret]) -> list[PlanStep]:
    """Say what a node's first prepare of this environment does, step by step."""
    steps = [*_source(draft, secrets), _inject(draft, secrets), _setup(draft), _check(draft)]
    if draft.persist_volume:
        steps.append(PlanStep("", "keep", "the volume ($VIBER_VOLUME) between prepares"))
    return steps


# ------------------------------------------------------------------------------------- files


def _source(draft: EnvironmentDraft, secrets: Sequence[KeptSecret]) -> list[PlanStep]:
    match draft.type:
        case EnvironmentType.GITHUB:
            return [
                PlanStep("fetch", "clone", *_repository(draft, secrets)),
                PlanStep(
                    "checkout",
                    "check out",
                    "a workspace of its own for each thread",
                    (Fact("with", "its submodules"),) if draft.submodules else (),
                ),
            ]
        case EnvironmentType.LOCAL:
            path = draft.local_path.strip() or "a folder of the node (no path yet)"
            fetched = Fact("git", "fetch from its remote, if it is a repository; no branch moves")
            return [PlanStep("fetch", "use", path, (fetched,))]
        case EnvironmentType.MANUAL:
            return [PlanStep("resolve", "make", "an empty folder")]


def _repository(
    draft: EnvironmentDraft, secrets: Sequence[KeptSecret]
) -> tuple[str, tuple[Fact, ...]]:
    url = draft.repo_url.strip()
    if not url and draft.repo_org and draft.repo_name:
        url = f"https://github.com/{draft.repo_org}/{draft.repo_name}"
    branch = draft.repo_branch.strip()
    is_ssh = not url.startswith(("https://", "http://"))
    try:
        # whether the board allows this host is for the check; here only its parts are read
        address = parse_repo_url(url, named_hosts=_host_of(url))
    except AddressError:
        shown = url or "the repository (no address yet)"
    else:
        shown, branch = address.url.partition("://")[2] or address.url, branch or address.branch
        is_ssh = address.scheme == "ssh"
    found = [Fact("at", branch or "its default branch")]
    purposes = {secret.purpose for secret in secrets}
    wanted = SecretPurpose.DEPLOY_KEY if is_ssh else SecretPurpose.GIT_TOKEN
    if wanted in purposes:
        found.append(Fact("with", "the deploy key" if is_ssh else "the git token"))
    elif draft.use_node_credentials:
        found.append(Fact("with", "the node's own git credentials"))
    return shown, tuple(found)


def _host_of(url: str) -> set[str]:
    rest = url.partition("://")[2] or url
    host = rest.partition("/")[0].rpartition("@")[2]
    return {host.lower(), host.partition(":")[0].lower()}


# ------------------------------------------------------------------------------------ values


def _inject(draft: EnvironmentDraft, secrets: Sequence[KeptSecret]) -> PlanStep:
    names = [item.key for item in draft.variables if item.key]
    mine = [s for s in secrets if s.purpose == SecretPurpose.VARIABLE and s.key]
    early = [s.key for s in mine if s.scope != SecretScope.RUNTIME]
    late = [s.key for s in mine if s.scope == SecretScope.RUNTIME]
    found: list[Fact] = []
    if names:
        found.append(Fact("", _listed(names)))
    if early:
        found.append(Fact("", _listed([f"{name} {MASKED}" for name in early])))
    if late:
        found.append(Fact("runs only", _listed([f"{name} {MASKED}" for name in late])))
    if draft.author_name or draft.author_email:
        author = f"{draft.author_name} <{draft.author_email}>".replace(" <>", "").strip()
        found.append(Fact("author", author))
    if not draft.persist_volume:
        found.append(Fact("volume", "$VIBER_VOLUME, emptied first"))
    counted = f"{_count(len(names), 'variable')}, {_count(len(early), 'secret')}"
    return PlanStep("inject", "inject", counted, tuple(found))


def _setup(draft: EnvironmentDraft) -> PlanStep:
    limit = _duration(draft.time_limit_seconds)
    place = Fact("in", draft.working_dir.strip() or "the top folder")
    if draft.setup_mode == SetupMode.MANUAL:
        what = f"the set-up script ({_count(_lines(draft.setup_script), 'line')})"
        stop = Fact("until", f"a command fails, or {limit} have passed")
        found = [place, stop]
    elif draft.type == EnvironmentType.MANUAL:
        what, found = "nothing: an empty folder has no lockfiles", []
    else:
        what = "what the lockfiles ask for"
        found = [place, Fact("knows", LOCKFILES), Fact("until", f"one takes {limit}")]
    if draft.maintenance_script.strip():
        lines = _count(_lines(draft.maintenance_script), "line")
        found.append(Fact("later", f"the maintenance script ({lines}) instead"))
    return PlanStep("setup", "run", what, tuple(found))


def _check(draft: EnvironmentDraft) -> PlanStep:
    found = ["the working directory"] if draft.working_dir.strip() else []
    if draft.setup_mode == SetupMode.AUTO and draft.type != EnvironmentType.MANUAL:
        found.append("the tools that set-up used")
    if command := draft.check_command.strip():
        first, *more = command.splitlines()
        ends = Fact("runs", f"{first}{' …' if more else ''}")
        return PlanStep("check", "check", ", ".join([*found, "a command of yours"]), (ends,))
    return PlanStep("check", "check", ", ".join(found) or "that the folder is there")


# ------------------------------------------------------------------------------------- words


def _listed(names: Sequence[str]) -> str:
    more = len(names) - NAMES_SHOWN
    shown = ", ".join(names[:NAMES_SHOWN])
    return f"{shown} and {more} more" if more > 0 else shown


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _lines(script: str) -> int:
    return len(script.strip().splitlines())


def _duration(seconds: int) -> str:
    for unit, name in ((HOUR, "h"), (MINUTE, "min")):
        if seconds >= unit and seconds % unit == 0:
            return f"{seconds // unit} {name}"
    return f"{seconds} s"


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
