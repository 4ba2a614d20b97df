"""Why a node is unreachable, as the hub saw it."""

import pytest

from openviber_app.hub import endings
from openviber_protocol.closing import CloseReason
from openviber_protocol.events import Close
from tests.app.hub.conftest import Served
from tests.support.node_keys import Keys


@pytest.mark.parametrize(
    ("code", "words"),
    [(1000, "was stopped"), (1001, "was stopped"), (1006, "without a word"), (4999, "code 4999")],
)
def test_every_code_has_words(code: int, words: str) -> None:
    assert words in endings.left(code)


def test_a_version_that_does_not_fit_is_said_with_both() -> None:
    said = endings.sent_away(Close(CloseReason.UPGRADE, "the board speaks 1 to 1"))
    assert said.endswith("version does not fit the board's: the board speaks 1 to 1")


async def test_a_node_that_said_goodbye_was_stopped(served: Served) -> None:
    async with served.node.connected():
        connected = await served.node_becomes("connected")
        assert connected["linkReason"] == ""
        assert abs(connected["clockSkewSeconds"]) < 60
    gone = await served.node_becomes("unreachable")
    assert gone["linkReason"] == "the daemon was stopped"


async def test_a_connection_that_broke_is_told_from_one_that_was_closed(served: Served) -> None:
    async with served.node.connected() as session:
        await served.node_becomes("connected")
        session.socket.transport.abort()
        gone = await served.node_becomes("unreachable")
    assert "without a word" in gone["linkReason"]


async def test_a_node_that_was_not_let_in_says_why(served: Served) -> None:
    served.node.keys = Keys(sealing=served.node.keys.sealing)
    async with served.node.dialled() as session:
        assert await session.closed() == 4401
    gone = await served.get(f"/api/nodes/{served.node.node_id}")
    assert "onboard this machine again" in gone["linkReason"]
