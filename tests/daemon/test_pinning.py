"""From the pinned key to the board's present one, and never to anybody else's."""

import base64
from dataclasses import dataclass, field

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from openviber_daemon.pinning import BrokenChainError, follow, id_of
from openviber_protocol.canonical import hub_key_signed, key_id
from openviber_protocol.payloads import HubKeyLink


@dataclass
class Key:
    private: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    @property
    def public(self) -> str:
        return base64.b64encode(self.private.public_key().public_bytes_raw()).decode()


def link(old: Key, new: Key, *, signer: Key | None = None) -> HubKeyLink:
    signed = hub_key_signed(old_key=old.public, new_key=new.public)
    signature = base64.b64encode((signer or old).private.sign(signed)).decode()
    return HubKeyLink(old_key=old.public, new_key=new.public, signature=signature)


ONE, TWO, THREE, THIEF = Key(), Key(), Key(), Key()
CHAIN = (link(ONE, TWO), link(TWO, THREE))


@pytest.mark.parametrize("pinned", [ONE, TWO, THREE])
def test_a_node_that_was_away_for_any_number_of_changes_gets_to_the_present_key(
    pinned: Key,
) -> None:
    assert follow(pinned.public, CHAIN) == THREE.public


def test_without_changes_the_pinned_key_stays() -> None:
    assert follow(ONE.public, ()) == ONE.public
    raw = base64.b64decode(ONE.public)
    assert id_of(ONE.public) == key_id(raw)


@pytest.mark.parametrize(
    "chain",
    [
        (link(ONE, THIEF, signer=THIEF),),
        (link(ONE, TWO), link(TWO, THIEF, signer=THIEF)),
        (link(THIEF, TWO),),
        (*CHAIN, link(THIEF, Key())),
        (HubKeyLink(old_key=ONE.public, new_key="???", signature="???"),),
        (link(ONE, TWO).model_copy(update={"new_key": THIEF.public}),),
    ],
)
def test_a_key_that_the_pinned_one_did_not_lead_to_is_not_trusted(
    chain: tuple[HubKeyLink, ...],
) -> None:
    with pytest.raises(BrokenChainError, match="no reason to trust"):
        follow(ONE.public, chain)
