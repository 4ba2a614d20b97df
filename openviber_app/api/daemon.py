"""Routes that hand out the daemon to new machines; they need no sign-in."""

from pathlib import Path
from typing import Any

from fastapi import APIRouter
from fastapi.responses import FileResponse, PlainTextResponse

from openviber_app.api import install_script
from openviber_app.api.auth import CurrentRuntime
from openviber_app.api.payload import Payload
from openviber_app.domain.errors import NotFoundError
from openviber_app.services.daemon_wheel import find_wheel

router = APIRouter(prefix="/api/daemon", tags=["daemon"])


class DaemonOut(Payload):
    """What a machine needs to install the daemon; the hashes are sha256 in hex."""

    version: str
    wheel: str
    sha256: str
    requirements: str
    requirements_sha256: str
    python: str


@router.get("")
async def describe(runtime: CurrentRuntime) -> DaemonOut:
    """Say which daemon this board hands out."""
    found = find_wheel()
    base = f"{runtime.settings.public_url}/api/daemon"
    return DaemonOut.model_validate(
        {
            "version": found.version,
            "wheel": f"{base}/{found.file.name}",
            "sha256": found.sha256,
            "requirements": f"{base}/requirements.txt",
            "requirementsSha256": found.requirements_sha256,
            "python": ">=3.11",
        }
    )


@router.get(
    "/install.py",
    response_class=PlainTextResponse,
    responses={200: {"content": {"text/x-python": {"schema": {"type": "string"}}}}},
)
async def get_install_script() -> Any:
    """Return the installer: a program that needs nothing but Python."""
    return FileResponse(Path(install_script.__file__), media_type="text/x-python; charset=utf-8")


@router.get("/requirements.txt", response_class=PlainTextResponse)
async def get_requirements() -> Any:
    """Return the daemon's locked requirements, with hashes."""
    return FileResponse(find_wheel().requirements, media_type="text/plain; charset=utf-8")


@router.get("/{name}")
async def get_wheel(name: str) -> FileResponse:
    """Return the wheel."""
    found = find_wheel()
    if name != found.file.name:
        raise NotFoundError("file of the daemon")
    return FileResponse(found.file, media_type="application/octet-stream", filename=name)
