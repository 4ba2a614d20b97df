import json
from pathlib import Path

import pytest

from openviber_daemon.workspace.node_settings import Limits, read_node_settings


def test_a_home_without_a_configuration_has_the_defaults(tmp_path: Path) -> None:
    settings = read_node_settings(tmp_path)

    assert settings.path == ()
    assert settings.limits == Limits()
    assert settings.limits.slots_per_binding == 8


def test_the_owner_can_set_path_and_quotas(tmp_path: Path) -> None:
    written = {"path": ["/opt/bin"], "quotas": {"slotsPerBinding": 2, "mirrorBytes": 10}}
    (tmp_path / "config.json").write_text(json.dumps(written))

    settings = read_node_settings(tmp_path)

    assert settings.path == ("/opt/bin",)
    assert settings.limits == Limits(slots_per_binding=2, mirror_bytes=10)


@pytest.mark.parametrize(
    "written", ["[]", "{", '{"quotas": {"slotsPerBinding": 0}}', '{"path": 3}']
)
def test_what_makes_no_sense_counts_as_not_written(tmp_path: Path, written: str) -> None:
    (tmp_path / "config.json").write_text(written)

    assert read_node_settings(tmp_path).limits == Limits()
