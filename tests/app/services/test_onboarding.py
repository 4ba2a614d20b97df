"""The claim of a node; the route's tests are in tests/app/hub/test_onboarding.py."""

import pytest

from openviber_app.domain.errors import InvalidInputError
from openviber_app.services import nodes, onboarding
from openviber_app.services.runtime import Runtime
from tests.support.board import People


@pytest.mark.parametrize(
    ("public", "hub"),
    [
        ("http://127.0.0.1:3000", "ws://127.0.0.1:3000/hub"),
        ("https://board.example", "wss://board.example/hub"),
        ("https://http.example/prefix", "wss://http.example/prefix/hub"),
    ],
)
def test_the_socket_lies_beside_the_pages(public: str, hub: str) -> None:
    assert onboarding.hub_url(public) == hub


async def test_a_claim_without_proof_spends_no_token(runtime: Runtime, people: People) -> None:
    made = await nodes.make_token(runtime, people.alice.actor, name="studio-01")
    claim = onboarding.Claim(
        token=made.token,
        signing_key="",
        sealing_key="",
        signature="",
        signed=b"anything",
        hostname="machine",
        capabilities={},
    )
    assert made.token not in repr(claim)
    with pytest.raises(InvalidInputError) as refused:
        await onboarding.claim(runtime, claim, client="test")
    assert {p.pointer for p in refused.value.problems} == {"/sealingKey", "/signature"}
    view = await nodes.get_node(runtime, people.alice.actor, node_id=made.node_id)
    assert view.link == "waiting"
