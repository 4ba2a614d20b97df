"""An environment as somebody typed it in: what it needs before it can be stored."""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Any

from openviber_app.domain.draft_values import (
    SecretChange,
    VariableDraft,
    check_secrets,
    check_variables,
    with_keys,
)
from openviber_app.domain.errors import InvalidInputError, Problem
from openviber_app.domain.hosts import AddressError, parse_repo_url
from openviber_app.domain.people import is_email
from openviber_app.domain.refs import branch_problem
from openviber_app.domain.secrets import SecretPurpose
from openviber_app.domain.text import is_storable

NAME_MAX = 100
DESCRIPTION_MAX = 4096
SCRIPT_MAX_BYTES = 64 * 1024
COMMAND_MAX_BYTES = 8 * 1024
METADATA_MAX_BYTES = 16 * 1024
PATH_MAX = 4096
TIME_LIMIT_MAX_SECONDS = 24 * 3600
PLAIN_MAX_BYTES = 96 * 1024
"""Scripts and variables together, as JSON: they travel in one frame of 256 KiB with the secrets
and, for a run, with its message."""

_IMAGE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/:@-]{0,254}")
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")


class EnvironmentType(StrEnum):
    """Where an environment's files come from."""

    GITHUB = "github"
    LOCAL = "local"
    MANUAL = "manual"


class SetupMode(StrEnum):
    """Whether set-up is found out from lockfiles, or written down."""

    AUTO = "auto"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentDraft:
    """All plain fields of an environment, with its variables and the changes to its secrets."""

    name: str
    type: EnvironmentType
    description: str = ""
    repo_url: str = ""
    repo_org: str = ""
    repo_name: str = ""
    repo_branch: str = ""
    local_path: str = ""
    container_image: str = ""
    working_dir: str = ""
    setup_mode: SetupMode = SetupMode.AUTO
    setup_script: str = ""
    maintenance_script: str = ""
    check_command: str = ""
    time_limit_seconds: int = 1200
    network_access: bool = True
    persist_volume: bool = False
    submodules: bool = False
    use_node_credentials: bool = False
    author_name: str = ""
    author_email: str = ""
    metadata: dict[str, Any] = field(default_factory=dict[str, Any])
    variables: tuple[VariableDraft, ...] = ()
    secrets: tuple[SecretChange, ...] = ()


def checked(
    draft: EnvironmentDraft,
    *,
    named_hosts: Collection[str] = (),
    existing: Mapping[str, SecretPurpose] | None = None,
) -> EnvironmentDraft:
    """Return the draft in its stored form.

    `named_hosts` are the git hosts that the board's owner named; `existing` are the secrets that
    the environment has now, by key.

    Raises:
        InvalidInputError: with everything that is wrong.
    """
    problems: list[Problem] = []
    draft = replace(draft, name=draft.name.strip(), secrets=with_keys(draft.secrets))
    _check_texts(draft, problems)
    draft = _check_source(draft, named_hosts, problems)
    draft = replace(draft, working_dir=_working_dir(draft.working_dir, problems))
    _check_setup(draft, problems)
    check_variables(draft.variables, problems)
    check_secrets(draft.secrets, draft.variables, existing or {}, problems)
    _check_sizes(draft, problems)
    if problems:
        raise InvalidInputError(problems)
    return draft


# ----------------------------------------------------------------------- what every type has


def _check_texts(draft: EnvironmentDraft, problems: list[Problem]) -> None:
    if not draft.name or len(draft.name) > NAME_MAX or not draft.name.isprintable():
        problems.append(Problem("/name", f"a name has 1 to {NAME_MAX} printable characters"))
    if len(draft.description) > DESCRIPTION_MAX or not is_storable(draft.description):
        message = f"a description has at most {DESCRIPTION_MAX} characters, and no NUL"
        problems.append(Problem("/description", message))
    if draft.container_image and _IMAGE.fullmatch(draft.container_image) is None:
        message = "this is not the name of an image, such as docker.io/library/python:3.12"
        problems.append(Problem("/containerImage", message))
    author = draft.author_name
    if len(author) > NAME_MAX or (author and not author.isprintable()) or set(author) & set("<>"):
        message = f"git takes a name of at most {NAME_MAX} characters without < and >"
        problems.append(Problem("/authorName", message))
    if draft.author_email and not is_email(draft.author_email.lower()):
        problems.append(Problem("/authorEmail", "this is not an e-mail address"))


def _working_dir(text: str, problems: list[Problem]) -> str:
    """Return a folder inside the environment's root in its shortest form; empty is the root."""
    path = PurePosixPath(text)
    if not text.isprintable() or len(text) > PATH_MAX or not is_storable(text):
        problems.append(Problem("/workingDir", "this is not a path"))
    elif path.is_absolute() or text.startswith("~") or "\\" in text or ".." in path.parts:
        message = "the working directory lies inside the environment: give it relative to its root"
        problems.append(Problem("/workingDir", message))
    shortest = str(path)
    return "" if shortest == "." else shortest


def _check_setup(draft: EnvironmentDraft, problems: list[Problem]) -> None:
    scripts = {
        "/setupScript": (draft.setup_script, SCRIPT_MAX_BYTES),
        "/maintenanceScript": (draft.maintenance_script, SCRIPT_MAX_BYTES),
        "/checkCommand": (draft.check_command, COMMAND_MAX_BYTES),
    }
    for pointer, (text, limit) in scripts.items():
        if not is_storable(text):
            problems.append(Problem(pointer, "a script is Unicode text without NUL characters"))
        elif len(text.encode()) > limit:
            problems.append(Problem(pointer, f"a script here has at most {limit // 1024} KiB"))
    if draft.setup_mode == SetupMode.MANUAL and not draft.setup_script.strip():
        message = "write the set-up script, or choose auto to have it found out"
        problems.append(Problem("/setupScript", message))
    if not 1 <= draft.time_limit_seconds <= TIME_LIMIT_MAX_SECONDS:
        message = f"the time limit is between 1 s and {TIME_LIMIT_MAX_SECONDS} s (24 h)"
        problems.append(Problem("/timeLimitSeconds", message))


def _check_sizes(draft: EnvironmentDraft, problems: list[Problem]) -> None:
    plain = {
        "scripts": [draft.setup_script, draft.maintenance_script, draft.check_command],
        "variables": {item.key: item.value for item in draft.variables},
    }
    if _json_size(plain, errors="replace") > PLAIN_MAX_BYTES:
        message = f"scripts and variables have at most {PLAIN_MAX_BYTES // 1024} KiB together"
        problems.append(Problem("", message))
    try:
        size = _json_size(draft.metadata)
    except ValueError:
        problems.append(Problem("/metadata", "metadata is JSON: Unicode text, and no NaN"))
    else:
        if size > METADATA_MAX_BYTES:
            message = f"metadata has at most {METADATA_MAX_BYTES // 1024} KiB"
            problems.append(Problem("/metadata", message))


def _json_size(value: object, *, errors: str = "strict") -> int:
    return len(json.dumps(value, ensure_ascii=False, allow_nan=False).encode(errors=errors))


# ------------------------------------------------------------------- where the files come from


def _check_source(
    draft: EnvironmentDraft, named_hosts: Collection[str], problems: list[Problem]
) -> EnvironmentDraft:
    repo_fields = {
        "/repoUrl": draft.repo_url,
        "/repoOrg": draft.repo_org,
        "/repoName": draft.repo_name,
        "/repoBranch": draft.repo_branch,
    }
    match draft.type:
        case EnvironmentType.GITHUB:
            _refuse_set({"/localPath": draft.local_path}, "github", problems)
            return _with_repository(draft, named_hosts, problems)
        case EnvironmentType.LOCAL:
            _refuse_set(repo_fields, "local", problems)
            return replace(draft, local_path=_local_path(draft.local_path, problems))
        case EnvironmentType.MANUAL:
            _refuse_set(repo_fields | {"/localPath": draft.local_path}, "manual", problems)
            return draft


def _refuse_set(fields: Mapping[str, str], type_: str, problems: list[Problem]) -> None:
    problems += [
        Problem(pointer, f"an environment of type {type_} does not have this: leave it empty")
        for pointer, value in fields.items()
        if value
    ]


def _with_repository(
    draft: EnvironmentDraft, named_hosts: Collection[str], problems: list[Problem]
) -> EnvironmentDraft:
    url = draft.repo_url.strip()
    if not url and draft.repo_org and draft.repo_name:
        url = f"https://github.com/{draft.repo_org}/{draft.repo_name}"
    try:
        address = parse_repo_url(url, named_hosts=named_hosts)
    except AddressError as error:
        problems.append(Problem("/repoUrl", str(error)))
        return draft
    branch = draft.repo_branch.strip() or address.branch
    problem = branch_problem(branch) if branch else None
    if problem is not None:
        problems.append(Problem("/repoBranch", problem))
    return replace(
        draft,
        repo_url=address.url,
        repo_org=address.org,
        repo_name=address.name,
        repo_branch=branch,
    )


def _local_path(text: str, problems: list[Problem]) -> str:
    path = PurePosixPath(text)
    if not text or not text.isprintable() or len(text) > PATH_MAX or not is_storable(text):
        problems.append(Problem("/localPath", "give the path of a folder on the node"))
    elif text.startswith("~") or _DRIVE.match(text) or not path.is_absolute():
        message = "give the whole path on the node, beginning with a slash"
        problems.append(Problem("/localPath", message))
    elif ".." in path.parts or len(path.parts) == 1:
        problems.append(Problem("/localPath", "give the path of one folder, without .. in it"))
    return str(path) if text else ""
