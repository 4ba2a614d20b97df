"""What the frames of the hub carry."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from openviber_protocol.frame import Position, Wire
from openviber_protocol.payloads import (
    BindingRef,
    EnvironmentSpec,
    ErrorReason,
    HubKeyLink,
    SealedBundle,
    StreamAck,
)

MAX_KEY_LINKS = 500
"""Changes of the board's key that a challenge can hold: some 250 bytes each."""


class ChallengePayload(Wire):
    """`nonce` is base64 of 32 random bytes; `origin` is the address the hub answers for."""

    nonce: str
    origin: str
    protocol_min: int
    protocol_max: int
    keys: Annotated[tuple[HubKeyLink, ...], Field(max_length=MAX_KEY_LINKS)] | None = None
    """The changes of the board's key so far, oldest first; left out when there was none."""


class WelcomePayload(Wire):
    """`acks` answers every stream that the hello listed; windows are unacked bytes or records."""

    version: int
    epoch: Position
    heartbeat_seconds: Annotated[float, Field(gt=0)]
    log_window_bytes: Annotated[int, Field(ge=1)]
    event_window: Annotated[int, Field(ge=1)]
    acks: tuple[StreamAck, ...] = ()
    superseded: tuple[UUID, ...] = ()
    """Executions that the board no longer wants: stop them and keep their end as evidence."""
    config_version: str = ""


class HubAckPayload(Wire):
    """One entry a stream."""

    acks: tuple[StreamAck, ...]


class PreparePayload(Wire):
    """One attempt of provisioning a binding, or (`kind` spare) of filling one more slot of it."""

    binding_id: UUID
    environment_id: UUID
    prepare_id: UUID
    kind: Literal["prepare", "spare"] = "prepare"
    strategy: Literal["auto_clone", "existing_path"] = "auto_clone"
    existing_path: str = ""
    fast_forward: bool = False
    force: bool = False
    """Run everything even when the fingerprint is unchanged."""
    spec: EnvironmentSpec
    bundle: SealedBundle | None = None


class SyncPayload(Wire):
    """All bindings of the node; what else the node keeps may go, never with unsaved work."""

    version: str
    bindings: tuple[BindingRef, ...]


class CancelPayload(Wire):
    """The prepare to end, and what its final record gives as the reason."""

    prepare_id: UUID
    reason: ErrorReason = ErrorReason.CANCELLED


class SubmitPayload(Wire):
    """One run: a message to carry out in the thread's workspace."""

    thread_id: UUID
    environment_id: UUID
    binding_id: UUID
    run_id: UUID
    executor: Literal["shell"] = "shell"
    text: str
    branch: str
    strategy: Literal["auto_clone", "existing_path"] = "auto_clone"
    existing_path: str = ""
    spec: EnvironmentSpec
    bundle: SealedBundle | None = None


class StopPayload(Wire):
    """The run to end, and what its final record gives as the reason."""

    thread_id: UUID
    run_id: UUID
    reason: ErrorReason = ErrorReason.STOPPED


class RedactionTestPayload(Wire):
    """The test to carry out; its result names it."""

    test_id: UUID


class ArchivePayload(Wire):
    """The thread is put away: its work is kept under a hidden ref and its slot is given back."""

    thread_id: UUID
    environment_id: UUID
    binding_id: UUID


class RotatePayload(Wire):
    """Nothing: the node knows what its keys are."""
