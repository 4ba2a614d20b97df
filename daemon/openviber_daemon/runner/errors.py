"""The errors that end an execution, each with the reason that the board is told."""

from openviber_daemon.errors import NodeError


class ExecutionError(NodeError):
    """The execution cannot go on. `reason` is a value of the protocol's ErrorReason.

    The message is a sentence for the person who started it; it is redacted on its way out.
    """

    reason = "failed"


class BundleRefusedError(ExecutionError):
    """The sealed secrets of this command are not what this node may open."""

    reason = "refused"


class ProgramMissingError(ExecutionError):
    """The program that should run is not on the node."""

    def __init__(self, program: str, path: str) -> None:
        self.program, self.path = program, path
        super().__init__(
            f"the program {program!r} was not found on this node (PATH is {path}): "
            "install it, or add its directory to the node's path"
        )


class DirectoryMissingError(ExecutionError):
    """The working directory of a command is not there."""

    def __init__(self, cwd: str) -> None:
        self.cwd = cwd
        super().__init__(
            f"the working directory {cwd!r} does not exist: "
            "check the environment's working directory against the repository"
        )


class ExecutionStoppedError(ExecutionError):
    """Somebody, or a time limit, ended the execution: `cancelled`, `timeout` and so on."""

    def __init__(self, reason: str, message: str) -> None:
        self.reason = reason
        super().__init__(message)
