"""Why a board was not reached, in words."""

import errno
import socket
import ssl
from urllib.parse import urlsplit

REFUSED = "nothing answers there: is the board running, is the port right?"


def explain(error: Exception, url: str) -> str:
    """Say in words why the board was not reached."""
    host = urlsplit(url).hostname
    match error:
        case TimeoutError():
            return "the board did not answer in time: a firewall may drop the connection"
        case socket.gaierror():
            return f"the name {host} leads nowhere: is the address right, is this machine online?"
        case ssl.SSLCertVerificationError():
            return f"the board's certificate was not accepted: {error.verify_message}"
        case ssl.SSLError():
            return f"no TLS connection was possible: {error.strerror or error}"
        case ConnectionRefusedError():
            return REFUSED
        case OSError() if error.errno is None and f"[Errno {errno.ECONNREFUSED}]" in str(error):
            return REFUSED  # one error for all addresses of a name
        case OSError():
            return error.strerror or str(error)
        case _:
            return str(error)
