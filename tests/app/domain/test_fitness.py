"""Whether a node can do what an environment needs, and what it says when it cannot."""

import pytest

from openviber_app.domain.fitness import Contender, Needs, best_of, unfit_reasons
from openviber_app.domain.ids import new_id

NODE = {"git": "2.39.5", "sandbox": ["native"]}


@pytest.mark.parametrize(
    ("needs", "capabilities", "words"),
    [
        (Needs("github", "", network_access=True), NODE, []),
        (Needs("manual", "", network_access=True), {}, []),
        (Needs("github", "", network_access=True), {}, ["no git"]),
        (Needs("manual", "python:3.12", network_access=True), NODE, ["python:3.12"]),
        (Needs("manual", "", network_access=False), NODE, ["no sandbox"]),
        (Needs("manual", "", network_access=False), {"sandbox": ["bubblewrap"]}, []),
        (Needs("manual", "python:3.12", network_access=True), {"sandbox": ["container"]}, []),
        (Needs("github", "x", network_access=False), {}, ["image x", "no sandbox", "no git"]),
    ],
)
def test_every_lack_is_named_with_what_to_do(
    needs: Needs, capabilities: dict[str, object], words: list[str]
) -> None:
    reasons = unfit_reasons(needs, capabilities, node="studio-01")
    assert len(reasons) == len(words)
    for reason, word in zip(reasons, words, strict=True):
        assert word in reason
        assert "studio-01" in reason
        assert ":" in reason  # what to do follows


def contender(
    *issues: str, is_connected: bool = True, work: int = 0, memory: int = 8, cores: int = 4
) -> Contender:
    return Contender(new_id(), is_connected, issues, work, memory, cores)


def test_the_best_node_is_there_lacks_nothing_and_has_most_room() -> None:
    away = contender(is_connected=False, memory=99)
    lacking = contender("no git: install it", memory=99)
    busy = contender(work=1, memory=99)
    small, large = contender(memory=4), contender(memory=16)
    twin = contender(memory=16, cores=2)
    assert best_of([away, lacking, busy, small, twin, large]) == large.node_id
    assert best_of([away, lacking, busy]) == busy.node_id
    assert best_of([away, lacking]) is None
