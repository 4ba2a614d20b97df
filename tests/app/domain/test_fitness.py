"""Whether a node can do what an environment needs, and what it says when it cannot."""

import pytest

from openviber_app.domain.fitness import Needs, unfit_reasons

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
