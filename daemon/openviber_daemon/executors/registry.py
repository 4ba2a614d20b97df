"""Which executors there are, by the name that a run asks for."""

from openviber_daemon.executors.base import Executor
from openviber_daemon.executors.shell import ShellExecutor
from openviber_daemon.runner.errors import ExecutionError

_EXECUTORS: dict[str, Executor] = {ShellExecutor.name: ShellExecutor()}


class UnknownExecutorError(ExecutionError):
    """The board asks for a way of running that this node does not know."""

    reason = "refused"

    def __init__(self, name: str) -> None:
        self.name = name
        known = ", ".join(sorted(_EXECUTORS))
        super().__init__(
            f"this node cannot run messages with {name!r}, only with {known}: update the node"
        )


def get_executor(name: str) -> Executor:
    """Give the executor of that name.

    Raises:
        UnknownExecutorError: there is none.
    """
    try:
        return _EXECUTORS[name]
    except KeyError:
        raise UnknownExecutorError(name) from None
