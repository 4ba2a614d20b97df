import pytest

from openviber_app.domain.reports import Advance
from openviber_app.services.runtime import Runtime, current, install


def test_before_the_board_has_started_there_is_no_runtime() -> None:
    install(None)
    with pytest.raises(RuntimeError, match="not started"):
        current()


async def test_the_installed_one_is_the_current_one(runtime: Runtime) -> None:
    assert current() is runtime


async def test_announcing_wakes_whoever_listens_to_the_topic(runtime: Runtime) -> None:
    with runtime.bus.listening("user:1") as listener:
        runtime.announce([Advance("user:1", 7), Advance("user:2", 8)])
        assert listener.take() == {"user:1": 7}
