"""The routes of logs: bytes of a prepare's or a run's output."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Query
from starlette.responses import Response, StreamingResponse

from openviber_app.api.auth import CurrentActor, CurrentRuntime
from openviber_app.services import logs
from openviber_app.services.logs import LogFacts

MAX_PAGE_BYTES = 1024 * 1024

router = APIRouter(tags=["logs"])

BINARY = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
GUARD = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
"""A log is what some program printed: a browser may not take it for a page."""


@router.get(
    "/api/{kind}/{execution_id}/log",
    response_class=Response,
    responses={200: {"content": BINARY}},
)
async def get_log(  # noqa: PLR0913 - the parts of the query string
    kind: Annotated[Literal["prepares", "runs"], Path()],
    execution_id: UUID,
    runtime: CurrentRuntime,
    actor: CurrentActor,
    *,
    offset: Annotated[int, Query(ge=0, le=2**53)] = 0,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE_BYTES)] = MAX_PAGE_BYTES,
    tail: Annotated[int | None, Query(ge=1, le=MAX_PAGE_BYTES)] = None,
    download: bool = False,
) -> Response:
    """Return bytes from `offset` on, the last ones (`tail`), or with `download` all, as a file.

    The page is `X-Log-Offset` to `X-Log-Next-Offset` of `X-Log-Bytes`; `X-Log-Complete` says that
    nothing more will come. `X-Log-Lines` (unknown until the end), `X-Log-Redacted`,
    `X-Log-Truncated-Bytes` and `X-Log-Removed-At` tell of the whole log.
    """
    page = await logs.get_page(
        runtime,
        actor,
        kind="run" if kind == "runs" else "prepare",
        execution_id=execution_id,
        offset=-tail if tail else offset,
        limit=0 if download else (tail or limit),
    )
    ended = page.state.has_ended
    if download:
        name = f"{kind.removesuffix('s')}-{execution_id}.log"
        return StreamingResponse(
            logs.stream(runtime, execution_id=execution_id),
            media_type="text/plain; charset=utf-8",
            headers={
                **GUARD,
                "Content-Disposition": f'attachment; filename="{name}"',
                "X-Log-Complete": str(ended).lower(),
            },
        )
    at_end = ended and page.next_offset >= page.state.stored
    return Response(
        page.data,
        media_type="application/octet-stream",
        headers={
            **GUARD,
            "X-Log-Offset": str(page.offset),
            "X-Log-Next-Offset": str(page.next_offset),
            "X-Log-Bytes": str(page.state.stored),
            "X-Log-Complete": str(at_end).lower(),
            **_facts(page.facts),
        },
    )


def _facts(facts: LogFacts) -> dict[str, str]:
    told = {
        "X-Log-Redacted": str(facts.redacted),
        "X-Log-Truncated-Bytes": str(facts.truncated_bytes),
    }
    if facts.lines is not None:
        told["X-Log-Lines"] = str(facts.lines)
    if facts.removed_at is not None:
        told["X-Log-Removed-At"] = facts.removed_at.isoformat()
    return told
