from pathlib import Path

import pytest

from openviber_app.domain.ids import new_id
from openviber_app.vault.errors import KeyFileError
from openviber_app.vault.high_water import HighWater


def test_a_number_only_rises_and_outlives_the_process(tmp_path: Path) -> None:
    one, environment = HighWater(tmp_path / "g.json"), new_id()
    assert one.of(environment) == 0
    one.rise(environment, 3)
    one.rise(environment, 2)
    assert HighWater(tmp_path / "g.json").of(environment) == 3
    assert one.of(new_id()) == 0


def test_two_processes_lose_nothing_of_each_other(tmp_path: Path) -> None:
    one, two = HighWater(tmp_path / "g.json"), HighWater(tmp_path / "g.json")
    first, second = new_id(), new_id()
    one.rise(first, 1)
    two.rise(second, 2)
    assert (one.of(first), one.of(second)) == (1, 2)


def test_a_damaged_file_is_refused_rather_than_forgotten(tmp_path: Path) -> None:
    file = tmp_path / "g.json"
    file.write_text("[]")
    file.chmod(0o600)
    with pytest.raises(KeyFileError, match="backup"):
        HighWater(file).of(new_id())
