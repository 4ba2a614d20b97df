"""The sample repository for nodes, and the route that makes an environment on it."""

from fastapi import APIRouter, Response

from openviber_app.api.auth import CurrentActor, CurrentRuntime
from openviber_app.api.environment_payloads import EnvironmentDetail
from openviber_app.domain.errors import NotFoundError
from openviber_app.services.sample_repository import sample_files
from openviber_app.services.samples import get_or_make_sample

router = APIRouter(tags=["environments"])

MADE, KNOWN = 201, 200


@router.post(
    "/api/environments/sample",
    status_code=KNOWN,
    responses={MADE: {"description": "It was made now.", "model": EnvironmentDetail}},
)
async def make_sample(
    actor: CurrentActor, runtime: CurrentRuntime, response: Response
) -> EnvironmentDetail:
    """Make your environment on the repository that ships with the board, or return it."""
    view, is_new = await get_or_make_sample(runtime, actor)
    if is_new:
        response.status_code = MADE
        response.headers["Location"] = f"/api/environments/{view.row.id}"
    response.headers["ETag"] = f'"{view.row.version}"'
    return EnvironmentDetail.of_view(view)


@router.get("/sample.git/{path:path}", include_in_schema=False)
async def read_sample(path: str) -> Response:
    """Give git one file of the sample repository; it is the same for everyone and holds nothing."""
    content = sample_files().get(path)
    if content is None:
        raise NotFoundError("file of the sample")
    return Response(
        content,
        media_type="text/plain" if path in {"HEAD", "info/refs"} else "application/octet-stream",
        headers={"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"},
    )
