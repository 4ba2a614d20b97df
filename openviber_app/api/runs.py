"""The routes of single runs."""

from uuid import UUID

from fastapi import APIRouter, Response

from openviber_app.api.auth import CurrentActor, CurrentRuntime, Runner
from openviber_app.api.timeline_payloads import RunBody
from openviber_app.services import run_control

router = APIRouter(prefix="/api/runs", tags=["runs"])


@router.get("/{run_id}")
async def get(run_id: UUID, runtime: CurrentRuntime, actor: CurrentActor) -> RunBody:
    """Return a run."""
    return RunBody.model_validate(
        await run_control.get_run(runtime, actor, run_id=run_id), by_name=True
    )


@router.post("/{run_id}/stop", responses={202: {"description": "The node was asked."}})
async def stop(run_id: UUID, runtime: CurrentRuntime, actor: Runner, response: Response) -> RunBody:
    """Stop a run; the thread's next queued message then has its turn."""
    run = await run_control.stop_run(runtime, actor, run_id=run_id)
    response.status_code = 202 if run.ended_at is None else 200
    return RunBody.model_validate(run, by_name=True)


@router.post("/{run_id}/lost")
async def mark_lost(run_id: UUID, runtime: CurrentRuntime, actor: Runner) -> RunBody:
    """Give up a run whose node does not answer."""
    return RunBody.model_validate(
        await run_control.mark_lost(runtime, actor, run_id=run_id), by_name=True
    )
