import socket
import ssl

import pytest

from openviber_daemon.reaching import explain


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (TimeoutError(), "did not answer in time"),
        (socket.gaierror(-2, "Name or service not known"), "the name b.example leads nowhere"),
        (ConnectionRefusedError(), "is the board running"),
        (OSError("Multiple exceptions: [Errno 111] Connect call failed"), "is the board running"),
        (OSError(113, "No route to host"), "No route to host"),
        (ssl.SSLError(1, "[SSL] wrong version number"), "no TLS connection"),
        (ValueError("odd"), "odd"),
    ],
)
def test_every_failure_has_words(error: Exception, words: str) -> None:
    assert words in explain(error, "https://b.example")
