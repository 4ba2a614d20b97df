import tomllib
from pathlib import Path

from openviber_daemon.version import VERSION


def test_the_version_is_the_packages() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "daemon/pyproject.toml").read_text())
    assert project["project"]["version"] == VERSION
