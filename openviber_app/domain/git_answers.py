"""What git answered when a repository was asked for its branches."""

import difflib
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

WORDS_MAX = 1500
LINES_MAX = 6
NEAR_MAX = 5

_SYMREF = re.compile(r"^ref: refs/heads/(\S+)\tHEAD$", re.MULTILINE)
_REF = re.compile(r"^([0-9a-f]{40}|[0-9a-f]{64})\t(\S+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Meaning:
    """A pattern in git's words, and its meaning; a node may fare better on the way to a host."""

    pattern: str
    sentence: str
    is_about_the_way: bool = False


# The order counts: ssh adds "Could not read from remote repository" to each of its failures.
MEANINGS = (
    Meaning(
        r"REMOTE HOST IDENTIFICATION HAS CHANGED|host key for .* has changed"
        r"|No .* host key is known|Host key verification failed",
        "the host key of {where} is not among the known hosts of the environment's git credential:"
        " compare its fingerprint with its owner, then set it there",
    ),
    Meaning(
        r"incorrect passphrase|error in libcrypto|invalid format",
        "the deploy key cannot be read: store the whole private key, without a passphrase",
    ),
    Meaning(
        r"could not read (Username|Password)|terminal prompts disabled|Authentication failed"
        r"|Permission denied \(|returned error: 40[13]|Invalid username or password",
        "{where} wants to know who asks: {credential}",
    ),
    Meaning(
        r"repository (.* )?not found|returned error: 404|does not appear to be a git repository"
        r"|project you were looking for could not be found",
        "{where} has no such repository, or hides it from who asks without the right token or"
        " deploy key",
    ),
    Meaning(
        r"Could not resolve (host|proxy)|Name or service not known|Temporary failure in name",
        "the board cannot find {where}: check the address, and the board's name service",
        is_about_the_way=True,
    ),
    Meaning(
        r"returned error: 30[1-8]|redirect",
        "{where} sends git on to another address: give the repository's present address",
    ),
    Meaning(
        r"certificate|SSL|TLS|gnutls",
        "the certificate of {where} was not accepted by the board",
        is_about_the_way=True,
    ),
    Meaning(
        r"Connection refused|Failed to connect|Couldn't connect|timed out|No route to host"
        r"|Network is unreachable|Connection reset|Empty reply|too slow|hung up|early EOF",
        "the board cannot reach {where}: check the address, and the board's way to it",
        is_about_the_way=True,
    ),
)


def default_branch(answer: str) -> str:
    """Return the branch that HEAD stands for, or an empty string."""
    found = _SYMREF.search(answer)
    return found[1] if found else ""


def find_commit(answer: str, branch: str) -> str:
    """Return the commit of a branch, else of a tag of that name, or an empty string."""
    refs = {name: commit for commit, name in _REF.findall(answer)}
    wanted = (f"refs/heads/{branch}", f"refs/tags/{branch}^{{}}", f"refs/tags/{branch}")
    return next((refs[name] for name in wanted if name in refs), "")


def branches(answer: str) -> list[str]:
    """Return the names of all branches."""
    return [
        name.removeprefix("refs/heads/")
        for _, name in _REF.findall(answer)
        if name.startswith("refs/heads/")
    ]


def no_such_branch(branch: str, known: Sequence[str]) -> str:
    """Say that a branch is missing, with the nearest names."""
    if not known:
        return f"there is no branch {branch}: the repository has no branch at all, push one first"
    near = difflib.get_close_matches(branch, known, n=NEAR_MAX, cutoff=0.5)
    shown = ", ".join(near or sorted(known)[:NEAR_MAX])
    listing = "close to it" if near else "there"
    return f"there is no branch {branch} in the repository; {listing}: {shown}"


def explain(said: str, *, where: str, has_credential: bool) -> tuple[str, bool]:
    """Say in a sentence what went wrong, then git's own words; and whether it is about the way."""
    words = own_words(said)
    credential = (
        "the token or deploy key of this environment was refused, store one that may read it"
        if has_credential
        else "store a token (for https) or a deploy key (for ssh) that may read the repository"
    )
    for meaning in MEANINGS:
        if re.search(meaning.pattern, said, re.IGNORECASE):
            sentence = meaning.sentence.format(where=where, credential=credential)
            return _with_words(sentence, words), meaning.is_about_the_way
    return _with_words("git could not ask for the branches", words), False


def own_words(said: str) -> str:
    """Return the last lines of what git said, cut."""
    lines = [line.strip() for line in re.split(r"[\r\n]+", said) if line.strip()]
    telling = [
        line for line in lines if re.match(r"fatal|error|remote|ssh|\S+@\S+: |Host key", line)
    ]
    return "; ".join((telling or lines)[-LINES_MAX:])[:WORDS_MAX]


def without(said: str, hidden: Collection[str]) -> str:
    """Return what was said with everything hidden that must not be shown."""
    for word in sorted(filter(None, hidden), key=len, reverse=True):
        said = said.replace(word, "••••")
    return said


def _with_words(sentence: str, words: str) -> str:
    return f"{sentence} (git: {words})" if words else sentence
