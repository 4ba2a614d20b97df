from pathlib import Path

import pytest

from openviber_daemon.workspace.order import read_order
from openviber_protocol.payloads import EnvironmentSpec
from tests.support.workspaces import Environment


def test_a_prepare_is_read_as_the_protocol_wrote_it(tmp_path: Path) -> None:
    environment = Environment(
        tmp_path, "https://h/a", ("h",),
        spec={"repoBranch": "main", "variables": {"A": "1"}, "submodules": True},
        setup={"mode": "auto", "maintenanceScript": "m", "timeLimitSeconds": 7},
        secrets={"S": ("value", "setup")},
    )  # fmt: skip
    payload = environment.prepare(kind="spare", force=True, fast_forward=True)

    order = read_order(payload)

    assert (order.binding_id, order.prepare_id) == (environment.binding_id, payload["prepareId"])
    assert (order.kind, order.force, order.fast_forward) == ("spare", True, True)
    assert (order.spec.repo_url, order.spec.repo_branch) == ("https://h/a", "main")
    assert order.spec.allowed_hosts == ("h",)
    assert order.spec.secret_scopes == {"S": "setup"}
    assert order.spec.variables == {"A": "1"}
    assert order.spec.submodules
    assert (order.spec.setup.mode, order.spec.setup.time_limit) == ("auto", 7)
    assert order.spec.setup.maintenance_script == "m"


def test_a_submit_is_read_with_its_thread_and_branch(tmp_path: Path) -> None:
    order = read_order(
        Environment(tmp_path).submit(thread_id="0b6e8d2c-59a5-4a37-9b7a-60a3ac6f4bd1")
    )

    assert order.thread_id == "0b6e8d2c-59a5-4a37-9b7a-60a3ac6f4bd1"
    assert order.branch == "viber/demo-0b6e8d2c"


def test_what_the_board_left_out_has_the_protocols_defaults() -> None:
    spec = read_order({"spec": {"type": "local"}}).spec
    theirs = EnvironmentSpec.model_fields

    assert spec.author_name == theirs["author_name"].default
    assert spec.author_email == theirs["author_email"].default
    assert spec.setup.time_limit == theirs["setup"].default.time_limit_seconds
    assert spec.setup.mode == theirs["setup"].default.mode


@pytest.mark.parametrize(
    ("type_", "strategy", "in_place"),
    [
        ("github", "auto_clone", False),
        ("github", "existing_path", True),
        ("local", "auto_clone", True),
        ("manual", "auto_clone", True),
    ],
)
def test_only_a_cloned_repository_has_slots(
    tmp_path: Path, type_: str, strategy: str, in_place: bool
) -> None:
    payload = Environment(tmp_path, spec={"type": type_}).prepare(strategy=strategy)

    assert read_order(payload).in_place is in_place
