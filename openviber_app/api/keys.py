"""Routes of the keys that wrap the secrets' keys; for the board's owner."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter

from openviber_app.api.auth import Admin, CurrentRuntime
from openviber_app.api.payload import Payload
from openviber_app.services import key_rotation, key_state
from openviber_app.store.trust_tables import KeyRotation

router = APIRouter(prefix="/api/keys", tags=["keys"])


class RotationOut(Payload):
    """A change of the wrapping key; `stopped` says why it waits, `problems` what does not open."""

    id: UUID
    to_key_id: str
    total: int
    done: int
    stopped: str
    problems: list[str]
    started_at: datetime
    ended_at: datetime | None

    @classmethod
    def of(cls, row: KeyRotation) -> "RotationOut":
        problems = {**row.problems}
        return cls.model_validate(
            {
                "id": row.id,
                "to_key_id": row.to_key_id,
                "total": row.total,
                "done": row.done,
                "stopped": problems.pop(key_rotation.STOPPED, ""),
                "problems": list(problems.values()),
                "started_at": row.started_at,
                "ended_at": row.ended_at,
            },
            by_name=True,
        )


class KeyUseOut(Payload):
    """A wrapping key, with how many secrets and lists of environments are on it."""

    key_id: str
    secrets: int
    lists: int
    is_current: bool


class KeysOut(Payload):
    """How the keys stand; no key is in here."""

    provider: str
    current_key_id: str
    keys: list[KeyUseOut]
    rotation: RotationOut | None


class FindingOut(Payload):
    """Something stored that does not open; `secret` is empty for an environment's list of them."""

    environment_id: UUID
    environment: str
    secret: str
    problem: str


class VerificationOut(Payload):
    """What was opened, and what did not open."""

    environments: int
    secrets: int
    findings: list[FindingOut]


@router.get("")
async def get_keys(actor: Admin, runtime: CurrentRuntime) -> KeysOut:
    """Tell which key wraps, what is on which, and how far a rotation is."""
    state = await key_state.get_state(runtime, actor)
    return KeysOut.model_validate(
        {
            "provider": state.provider,
            "current_key_id": state.current_key_id,
            "keys": [asdict(use) for use in state.keys],
            "rotation": RotationOut.of(state.rotation) if state.rotation else None,
        },
        by_name=True,
    )


@router.post("/wrapping/rotate", status_code=202)
async def rotate(actor: Admin, runtime: CurrentRuntime) -> RotationOut:
    """Begin a new version of the wrapping key, or go on with a rotation that stopped."""
    return RotationOut.of(await key_rotation.start(runtime, actor=actor))


@router.post("/verify")
async def verify(actor: Admin, runtime: CurrentRuntime) -> VerificationOut:
    """Open every secret and every list, and name what does not open."""
    found = await key_state.verify(runtime, actor=actor)
    return VerificationOut.model_validate(asdict(found), by_name=True)
