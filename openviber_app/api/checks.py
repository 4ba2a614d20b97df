"""The route that checks an environment before it is saved."""

from datetime import datetime
from typing import Annotated, Any, Literal, TypeVar
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.requests import Request

from openviber_app.api.auth import CurrentActor, CurrentRuntime
from openviber_app.api.connected import while_connected
from openviber_app.api.environment_payloads import EnvironmentIn
from openviber_app.api.payload import Payload
from openviber_app.domain.findings import Finding
from openviber_app.services.environment_checks import (
    CheckReport,
    NodeCheck,
    ScriptCheck,
    check_environment,
)

router = APIRouter(prefix="/api/environments", tags=["environments"])

FIELDS = {
    "setup_script": "setupScript",
    "maintenance_script": "maintenanceScript",
    "check_command": "checkCommand",
}
Status = Literal["ok", "warning", "error"]
P = TypeVar("P", bound=Payload)


class ProblemOut(Payload):
    """One field that would be refused."""

    pointer: str
    detail: str


class RepositoryOut(Payload):
    """How the repository answered; `skipped` says in `message` why it was not asked."""

    status: Literal["ok", "error", "skipped"]
    message: str
    branch: str
    commit: str
    duration_ms: int


class FindingOut(Payload):
    """One thing about one line of a script."""

    line: int
    column: int
    level: Literal["error", "warning", "info"]
    code: str
    message: str


class ScriptOut(Payload):
    """A script with what was found in it."""

    field: Literal["setupScript", "maintenanceScript", "checkCommand"]
    status: Status
    findings: list[FindingOut]


class VariablesOut(Payload):
    """How many names scripts get, and those that they use without a value."""

    status: Literal["ok", "warning"]
    variables: int
    secrets: int
    undefined: list[str]


class NodeCheckOut(Payload):
    """A node, and whether it can hold the environment."""

    id: UUID
    name: str
    link: str
    link_changed_at: datetime | None
    fits: bool
    reasons: list[str]
    disk_free_bytes: int
    memory_free_bytes: int
    git: str
    os: str
    cores: int


class CheckOut(Payload):
    """Everything found; `errors` have to be put right, `warnings` may be saved over."""

    problems: list[ProblemOut]
    repository: RepositoryOut
    scripts: list[ScriptOut]
    variables: VariablesOut
    nodes: list[NodeCheckOut]
    errors: int
    warnings: int


@router.post("/check")
async def check(
    body: EnvironmentIn,
    actor: CurrentActor,
    runtime: CurrentRuntime,
    request: Request,
    environment_id: Annotated[UUID | None, Query(alias="environmentId")] = None,
) -> CheckOut:
    """Check an environment that is not saved yet, or a change of one; nothing is stored or run."""
    work = check_environment(runtime, actor, body.draft(), environment_id=environment_id)
    return _shown(await while_connected(request, work))


def _shown(report: CheckReport) -> CheckOut:
    repository = report.repository
    return _make(
        CheckOut,
        problems=[_make(ProblemOut, pointer=p.pointer, detail=p.message) for p in report.problems],
        repository=_make(
            RepositoryOut,
            status=repository.status.value,
            message=repository.message,
            branch=repository.branch,
            commit=repository.commit,
            duration_ms=repository.duration_ms,
        ),
        scripts=[_script(item) for item in report.scripts],
        variables=_make(
            VariablesOut,
            status=report.variables.status,
            variables=report.variables.variables,
            secrets=report.variables.secrets,
            undefined=list(report.variables.undefined),
        ),
        nodes=[_node(item) for item in report.nodes],
        errors=report.errors,
        warnings=report.warnings,
    )


def _script(item: ScriptCheck) -> ScriptOut:
    findings = [_finding(finding) for finding in item.findings]
    return _make(ScriptOut, field=FIELDS[item.field], status=item.status, findings=findings)


def _finding(item: Finding) -> FindingOut:
    return _make(
        FindingOut,
        line=item.line,
        column=item.column,
        level=item.level.value,
        code=item.code,
        message=item.message,
    )


def _node(item: NodeCheck) -> NodeCheckOut:
    node = item.node
    able, load = node.capabilities, node.load
    return _make(
        NodeCheckOut,
        id=node.id,
        name=node.name,
        link=node.link,
        link_changed_at=node.link_changed_at,
        fits=not item.reasons,
        reasons=list(item.reasons),
        disk_free_bytes=_number(load.get("diskFreeBytes") or able.get("diskFreeBytes")),
        memory_free_bytes=_number(load.get("memoryFreeBytes")),
        git=str(able.get("git") or "").removeprefix("git version "),
        os=str(able.get("os") or ""),
        cores=_number(able.get("cores")),
    )


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _make(payload: type[P], **values: Any) -> P:
    return payload.model_validate(values, by_name=True)
