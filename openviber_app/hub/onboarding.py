"""The route by which a machine becomes a node; it speaks the protocol's words."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request

from openviber_app.services import onboarding
from openviber_app.services.runtime import current
from openviber_app.services.visitors import client_of
from openviber_protocol.canonical import onboard_signed
from openviber_protocol.frame import Wire
from openviber_protocol.payloads import Capabilities

router = APIRouter(prefix="/api/nodes", tags=["nodes"])

Short = Annotated[str, Field(max_length=512)]


class OnboardRequest(Wire):
    """Keys are base64 of the raw public keys; `signature` is over `canonical.onboard_signed`."""

    token: Short
    signing_key: Short
    sealing_key: Short
    signature: Short
    hostname: Short = ""
    capabilities: Capabilities = Capabilities()


class OnboardReply(Wire):
    """What the node keeps: its own token, and the board's key to pin."""

    node_id: UUID
    name: str
    auth_token: str
    hub_key: str
    hub_key_id: str
    hub_url: str


@router.post("/onboard", status_code=201)
async def onboard(body: OnboardRequest, request: Request) -> OnboardReply:
    """Claim a node with its one-time token; it works once."""
    claimed = await onboarding.claim(
        current(),
        onboarding.Claim(
            token=body.token,
            signing_key=body.signing_key,
            sealing_key=body.sealing_key,
            signature=body.signature,
            signed=onboard_signed(
                token=body.token, signing_key=body.signing_key, sealing_key=body.sealing_key
            ),
            hostname=body.hostname,
            capabilities=body.capabilities.model_dump(mode="json"),
        ),
        client=client_of(request, current()),
    )
    return OnboardReply(
        node_id=claimed.node_id,
        name=claimed.name,
        auth_token=claimed.auth_token,
        hub_key=claimed.hub_key,
        hub_key_id=claimed.hub_key_id,
        hub_url=claimed.hub_url,
    )
