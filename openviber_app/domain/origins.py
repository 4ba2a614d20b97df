"""Whether a browser sent something from the board's own pages: the one rule, for every door."""

from dataclasses import dataclass
from urllib.parse import urlsplit

OWN_SITES = {"same-origin", "none"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """What a request or a handshake says of the page behind it; programs say nothing."""

    origin: str | None
    site: str | None
    """What `Sec-Fetch-Site` says, which no page can forge."""
    host: str


def is_own_page(sender: Sender, *, public_url: str) -> bool:
    """Whether this came from a page of the board, or from no page at all.

    The board is reached by its public address, behind a proxy perhaps, and by any other name that
    leads to it: then the page's origin is the host that was asked for. A page of the public
    address over another scheme is a stranger: somebody on the way may have made it.
    """
    if sender.origin is None:
        return (sender.site or "none") in OWN_SITES
    scheme, _, host = sender.origin.partition("://")
    if scheme not in {"http", "https"} or not host:
        return False  # "null" above all: a sandboxed frame, a file, a redirect
    public = urlsplit(public_url)
    if host == public.netloc.lower():
        return scheme == public.scheme.lower()
    return host == sender.host.lower()
