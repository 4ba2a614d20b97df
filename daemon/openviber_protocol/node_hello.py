"""How a node introduces itself."""

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from openviber_protocol.canonical import hello_signed
from openviber_protocol.frames import HubChallenge
from openviber_protocol.node_payloads import HelloPayload, StreamState
from openviber_protocol.payloads import Capabilities, RunningExecution


@dataclass(frozen=True, slots=True)
class NodeIdentity:
    """Who this node is, as its hello says it."""

    node_id: UUID
    daemon_version: str
    boot_id: str
    signing_key_id: str
    sealing_key_id: str
    hub_key_id: str
    features: tuple[str, ...] = ()

    def bytes_to_sign(self, challenge: HubChallenge) -> bytes:
        """Return what proves this identity to the hub that sent `challenge`, and to no other."""
        return hello_signed(
            nonce=challenge.payload.nonce,
            origin=challenge.payload.origin,
            node_id=self.node_id,
            boot_id=self.boot_id,
            sealing_key_id=self.sealing_key_id,
        )

    def hello(
        self,
        signature: bytes,
        *,
        versions: tuple[int, int],
        streams: Iterable[StreamState],
        running: Iterable[RunningExecution],
        capabilities: Capabilities | None,
        config_version: str,
    ) -> HelloPayload:
        """Write the hello's payload."""
        return HelloPayload(
            node_id=self.node_id,
            protocol_min=versions[0],
            protocol_max=versions[1],
            daemon_version=self.daemon_version,
            boot_id=self.boot_id,
            signing_key_id=self.signing_key_id,
            sealing_key_id=self.sealing_key_id,
            hub_key_id=self.hub_key_id,
            features=self.features,
            streams=tuple(streams),
            running=tuple(running),
            capabilities=capabilities or Capabilities(),
            config_version=config_version,
            signature=base64.b64encode(signature).decode(),
        )
