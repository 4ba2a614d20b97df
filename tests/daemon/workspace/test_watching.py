import pytest

from openviber_daemon.runner.cancelling import CancelFlag
from openviber_daemon.workspace.errors import StoppedError
from openviber_daemon.workspace.watching import NOBODY, Watch


def test_nobody_watching_never_ends_anything_and_hears_nothing() -> None:
    NOBODY.check()
    NOBODY.say("x")
    NOBODY.write(b"x")
    assert NOBODY.reason is None


def test_a_cancel_flag_ends_a_step_with_its_reason() -> None:
    flag = CancelFlag()
    watch = Watch(cancel=flag)
    watch.check()
    flag.request("stopped")

    with pytest.raises(StoppedError) as raised:
        watch.check()

    assert raised.value.reason == "stopped"
    flag.close()
