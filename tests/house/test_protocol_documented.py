"""docs/protocol.md describes the protocol that the code speaks, all of it."""

import json
import re
from pathlib import Path
from typing import get_args

import pytest

from openviber_protocol import payloads
from openviber_protocol.closing import CLOSE_POLICIES, ClosePolicy
from openviber_protocol.frame import Frame, Wire
from openviber_protocol.frames import HubFrame, NodeFrame
from tests.support.frame_examples import BOTH_EXAMPLES, HUB_EXAMPLES, NODE_EXAMPLES

DOC = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^### `([^`]+)`\n(.*?)(?=^### |\Z)", DOC, re.MULTILINE | re.DOTALL))
EXAMPLES = {**HUB_EXAMPLES, **NODE_EXAMPLES, **BOTH_EXAMPLES}
KINDS: dict[str, type[Frame]] = {
    kind.model_fields["type"].default: kind for kind in {*get_args(HubFrame), *get_args(NodeFrame)}
}
HUB_TYPES = {kind.model_fields["type"].default for kind in get_args(HubFrame)}
NODE_TYPES = {kind.model_fields["type"].default for kind in get_args(NodeFrame)}


def test_every_frame_has_a_section_and_no_section_lacks_its_frame() -> None:
    assert set(SECTIONS) == set(KINDS)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_section_says_which_way_its_frame_goes(kind: str) -> None:
    if kind in HUB_TYPES and kind in NODE_TYPES:
        way = "both ways"
    else:
        way = "hub to node" if kind in HUB_TYPES else "node to hub"
    assert re.search(rf"^\*{way}[,.]", SECTIONS[kind], re.MULTILINE)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_section_lists_the_payloads_fields_and_which_are_required(kind: str) -> None:
    payload = KINDS[kind].model_fields["payload"].annotation
    assert isinstance(payload, type)
    assert issubclass(payload, Wire)
    fields = payload.model_fields.values()
    rows = re.findall(r"^\| `(\w+)` \| (\w*) \|", SECTIONS[kind], re.MULTILINE)
    assert dict(rows) == {
        field.alias: "required" if field.is_required() else "" for field in fields
    }


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_sections_example_is_the_one_that_the_contract_tests_use(kind: str) -> None:
    (shown,) = re.findall(r"```json\n(.*?)```", SECTIONS[kind], re.DOTALL)
    assert json.loads(shown) == EXAMPLES[kind]


@pytest.mark.parametrize("policy", CLOSE_POLICIES.values(), ids=lambda policy: str(policy.code))
def test_every_close_code_is_in_the_table_with_its_policy(policy: ClosePolicy) -> None:
    comes_back = "after 5 minutes at least" if policy.slow else "yes" if policy.retry else "no"
    row = f"| {policy.code} | {policy.reason} | {comes_back} | {policy.meaning} |"
    assert row in DOC.splitlines()


def test_every_value_that_a_section_points_at_is_described_with_its_fields() -> None:
    values = dict(re.findall(r"^- \*\*\*(\w+)\*\*\*(.*)$", DOC, re.MULTILINE))
    named = set(re.findall(r"\*([A-Z]\w+)\*", "".join(SECTIONS.values())))
    assert named <= set(values)
    for name, text in values.items():
        kind = getattr(payloads, name)
        for field in getattr(kind, "model_fields", {}).values():
            assert f"`{field.alias}`" in text, f"{name} lacks {field.alias}"
