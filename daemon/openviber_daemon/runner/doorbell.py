"""The runner's side of the doorbell: tells the daemon that there is something new to read."""

import contextlib
import os
import socket
from pathlib import Path

DOORBELL_FILE = "doorbell.sock"


class Doorbell:
    """Sends the execution's id to the daemon's socket; a daemon that is away will look by itself.

    A full queue is no loss: what is queued already will make the daemon look.
    """

    def __init__(self, home: Path, execution_id: str) -> None:
        self._message = execution_id.encode()
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.settimeout(0)
        # A socket's address holds 107 bytes, a home may be longer: go through the descriptor.
        self._home = os.open(home, os.O_PATH | os.O_DIRECTORY)
        self._address = f"/proc/self/fd/{self._home}/{DOORBELL_FILE}"

    def ring(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.sendto(self._message, self._address)

    def close(self) -> None:
        self._socket.close()
        os.close(self._home)
