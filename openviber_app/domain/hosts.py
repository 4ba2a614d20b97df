"""Addresses of git repositories as people paste them."""

import ipaddress
import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from openviber_app.domain.ip_addresses import is_public

URL_MAX = 2048
_SCP = re.compile(
    r"(?:(?P<user>[A-Za-z0-9_][A-Za-z0-9_.-]*)@)?(?P<host>[^/:@\s]+):(?P<path>[^\s]+)"
)
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_SEGMENT = re.compile(r"[A-Za-z0-9._~+%@=,-]+")
_SCHEMES = ("https", "http", "ssh")
_PAGES = {"blob", "raw", "pull", "pulls", "issues", "commit", "commits", "actions", "releases"}


class AddressError(ValueError):
    """An address that cannot be used; the message says why, and what to paste instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RepoAddress:
    """A repository's address in the form that git gets, with its parts."""

    url: str
    scheme: str
    host: str
    """`host` or `host:port`, in small letters."""
    org: str
    name: str
    branch: str
    """Filled when the address of a branch's page was pasted."""
    is_named: bool
    """Whether the board's owner named its host, or it is the board's own sample."""


def parse_repo_url(text: str, *, named_hosts: Collection[str]) -> RepoAddress:
    """Take a pasted address apart.

    `named_hosts` are the git hosts (`host` or `host:port`) where the board's owner allows plain
    http and private addresses; an entry that is a whole address allows that one repository.

    Raises:
        AddressError: it cannot be used.
    """
    text = text.strip()
    _refuse_odd(text)
    scp = _SCP.fullmatch(text)
    if "://" not in text and scp is not None and "::" not in text:
        return _scp_address(scp, named_hosts)
    if "://" not in text and "::" not in text and text.partition("/")[0].count("."):
        text = "https://" + text
    return _url_address(text, named_hosts)


def _refuse_odd(text: str) -> None:
    if not text:
        raise AddressError("a repository needs an address")
    if len(text) > URL_MAX:
        raise AddressError(f"an address has at most {URL_MAX} characters")
    if not text.isascii() or not text.isprintable() or any(c in " \\\"'`$<>|;" for c in text):
        raise AddressError("an address has no spaces, quotes or other special characters")
    if text.startswith("-"):
        raise AddressError("an address does not begin with a dash")


def _scp_address(match: re.Match[str], named_hosts: Collection[str]) -> RepoAddress:
    host = match["host"].lower()
    named = _require_host(host, port=None, named_hosts=named_hosts)
    segments = _segments(match["path"])
    user, path = match["user"] or "git", "/".join(segments)
    rooted = match["path"].startswith("/")
    url = f"ssh://{user}@{host}/{path}" if rooted else f"{user}@{host}:{path}"
    address = _address(url, scheme="ssh", host=host, segments=segments, branch="")
    return replace(address, is_named=named)


def _url_address(text: str, named_hosts: Collection[str]) -> RepoAddress:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise AddressError("this is not an address") from error
    if parts.scheme not in _SCHEMES:
        raise AddressError("an address begins with https://, ssh:// or git@")
    if not parts.hostname:
        raise AddressError("the address names no host")
    _refuse_credentials(parts.scheme, parts.username, parts.password)
    host = parts.hostname.lower()
    shown = f"[{host}]" if ":" in host else host
    with_port = f"{shown}:{port}" if port is not None else shown
    user = f"{parts.username}@" if parts.username else ""
    segments, branch = _without_page(_segments(parts.path), scheme=parts.scheme)
    url = f"{parts.scheme}://{user}{with_port}/{'/'.join(segments)}"
    named = url in named_hosts or _require_host(host, port=port, named_hosts=named_hosts)
    if parts.scheme == "http" and not named:
        raise AddressError(
            f"plain http can be read and changed on its way: use https, or let the board's owner "
            f"name {with_port} as a git host (OPENVIBER_GIT_HOSTS)"
        )
    address = _address(url, scheme=parts.scheme, host=with_port, segments=segments, branch=branch)
    return replace(address, is_named=named)


def _address(url: str, *, scheme: str, host: str, segments: list[str], branch: str) -> RepoAddress:
    name = segments[-1].removesuffix(".git")
    if not name:
        raise AddressError("the address names no repository")
    return RepoAddress(
        url=url,
        scheme=scheme,
        host=host,
        org="/".join(segments[:-1]).removeprefix("~"),
        name=name,
        branch=branch,
        is_named=False,
    )


def _refuse_credentials(scheme: str, user: str | None, password: str | None) -> None:
    if password is not None or (user is not None and scheme != "ssh"):
        raise AddressError(
            "an address carries no user name, password or token: it is shown and logged. Put the "
            "token into the environment's git token"
        )
    if user is not None and re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]*", user) is None:
        raise AddressError("the user name in the address has odd characters")


def _segments(path: str) -> list[str]:
    segments = [part for part in path.split("/") if part]
    if not segments:
        raise AddressError("the address names no repository")
    for part in segments:
        odd = part.startswith("-") and part != "-"  # GitLab: /group/name/-/tree/main
        if part in {".", ".."} or odd or _SEGMENT.fullmatch(part) is None:
            raise AddressError(f"the part {part!r} of the address cannot belong to a repository")
    return segments


def _without_page(segments: list[str], *, scheme: str) -> tuple[list[str], str]:
    """Cut what a browser's address has behind the repository: `/tree/<branch>`."""
    if scheme == "ssh":
        return segments, ""
    for at, part in enumerate(segments[2:], start=2):
        repo = segments[: at - 1] if segments[at - 1] == "-" else segments[:at]
        if part == "tree" and len(segments) > at + 1:
            return repo, "/".join(segments[at + 1 :])
        if part in _PAGES and at == len(repo) and at == 2:  # noqa: PLR2004 - owner and name
            raise AddressError("this is the address of a page: paste the repository's own")
    return segments, ""


def _require_host(host: str, *, port: int | None, named_hosts: Collection[str]) -> bool:
    """Refuse what is no host, or a private one that nobody named; tell whether it is named."""
    shown = f"[{host}]" if ":" in host else host
    named = bool({host, shown, f"{shown}:{port}"} & {name.lower() for name in named_hosts})
    private = _is_private(host)
    if private and not named:
        raise AddressError(
            f"{host} is a private address: the board's owner must name it as a git host first "
            "(OPENVIBER_GIT_HOSTS)"
        )
    return named


def _is_private(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        labels = host.removesuffix(".").split(".")
        if len(host) > 253 or any(_LABEL.fullmatch(label) is None for label in labels):  # noqa: PLR2004 - RFC 1035
            raise AddressError(f"{host} is not the name of a host") from None
        if _NUMBER.fullmatch(labels[-1]) is not None:  # 127.1, 0x7f.1, 2130706433, 0x7f000001
            raise AddressError(f"{host} is not the name of a host") from None
        return labels[-1] in {"localhost", "local", "internal"}
    return not is_public(host)
