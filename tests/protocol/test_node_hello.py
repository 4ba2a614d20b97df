"""A node's introduction."""

import base64

from openviber_protocol.frames import ChallengePayload, HubChallenge
from openviber_protocol.node_payloads import StreamState
from openviber_protocol.payloads import Capabilities
from tests.support.peers import LOG, NODE_ID, ORIGIN, make_identity, make_maker


def challenge(nonce: str, origin: str = ORIGIN) -> HubChallenge:
    payload = ChallengePayload(nonce=nonce, origin=origin, protocol_min=1, protocol_max=1)
    return make_maker().make(HubChallenge, payload)


def test_a_signature_is_good_for_one_nonce_and_one_board() -> None:
    identity = make_identity()
    signed = {
        identity.bytes_to_sign(challenge("a")),
        identity.bytes_to_sign(challenge("b")),
        identity.bytes_to_sign(challenge("a", "https://other.example")),
    }
    assert len(signed) == 3
    assert identity.bytes_to_sign(challenge("a")) in signed


def test_a_hello_says_who_and_what_is_still_here() -> None:
    state = StreamState(stream=LOG, acked=1, next=2)
    said = make_identity().hello(
        b"sig",
        versions=(1, 2),
        streams=[state],
        running=[],
        capabilities=None,
        config_version="c1",
    )
    assert (said.node_id, said.streams) == (NODE_ID, (state,))
    assert (said.protocol_min, said.protocol_max) == (1, 2)
    assert said.capabilities == Capabilities()
    assert base64.b64decode(said.signature) == b"sig"
