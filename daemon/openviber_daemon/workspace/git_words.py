"""What git's words mean, and what to do about it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Meaning:
    """A pattern in git's output, and the sentence for it."""

    pattern: re.Pattern[str]
    sentence: str


def _meaning(pattern: str, sentence: str) -> Meaning:
    return Meaning(re.compile(pattern, re.IGNORECASE), sentence)


# The order counts: ssh adds "Could not read from remote repository" to each of its failures.
MEANINGS: Sequence[Meaning] = (
    _meaning(
        r"REMOTE HOST IDENTIFICATION HAS CHANGED|host key for .* has changed",
        "the host key of {where} is not the one this environment knows: somebody may be in "
        "between, "
        "or the host was set up anew. Compare the fingerprint with its owner, then set the known "
        "hosts "
        "of the environment's git credential",
    ),
    _meaning(
        r"Host key verification failed|No .* host key is known",
        "the host key of {where} is not among the known hosts of the environment's git credential: "
        "compare its fingerprint with its owner and add it there",
    ),
    _meaning(
        r"incorrect passphrase|passphrase|error in libcrypto|invalid format",
        "the deploy key cannot be read: store the whole private key, without a passphrase",
    ),
    _meaning(
        r"could not read (Username|Password)|terminal prompts disabled|Authentication failed"
        r"|Permission denied \(|returned error: 40[13]|Invalid username or password",
        "{where} wants to know who asks: this repository needs a token or a deploy key "
        "(the one that is stored was refused, if there is one)",
    ),
    _meaning(
        r"repository .* not found|Repository not found|returned error: 404"
        r"|does not appear to be a git repository|project you were looking for could not be found",
        "{where} has no such repository, or hides it from who asks without the right token or "
        "deploy key",
    ),
    _meaning(
        r"Could not resolve host|Name or service not known|Temporary failure in name resolution"
        r"|nodename nor servname",
        "this node cannot find {where}: check the address, and the node's name service",
    ),
    _meaning(
        r"returned error: 30[1-8]|redirect",
        "{where} sends git on to another address: give the repository's present address",
    ),
    _meaning(
        r"certificate|SSL|TLS|gnutls",
        "the certificate of {where} was not accepted by this node",
    ),
    _meaning(
        r"Operation too slow|transfer closed|early EOF|unexpected disconnect|RPC failed"
        r"|The remote end hung up",
        "the connection to {where} broke off, or was too slow to go on with: try again",
    ),
    _meaning(
        r"Connection refused|Failed to connect|Couldn't connect|timed out|No route to host"
        r"|Network is unreachable|Connection reset|Empty reply",
        "this node cannot reach {where}: check the address, and the node's way to it",
    ),
    _meaning(
        r"No space left on device|disk quota exceeded",
        "the node's disk is full: make room, then try again",
    ),
    _meaning(
        r"dubious ownership",
        "the folder belongs to another user of the node than the one the daemon runs as",
    ),
    _meaning(
        r"transport '.*' not allowed",
        "that kind of address is not allowed here: use https:// or ssh://",
    ),
)

NOISE = re.compile(
    r"^(Cloning into|remote: (Enumerating|Counting|Compressing)|Warning: Permanently)"
)

TELLING = re.compile(r"fatal|error|remote|ERROR|ssh|@|\S+@\S+: |Load key|Host key|Connection ")


def own_words(output: str, *, lines: int = 6) -> str:
    """Give the last lines in which git says why, without progress."""
    kept = [
        line.strip()
        for line in re.split(r"[\r\n]+", output)
        if line.strip() and not NOISE.match(line.strip()) and not re.search(r"\d+% \(", line)
    ]
    telling = [line for line in kept if TELLING.match(line)]
    return "; ".join((telling or kept)[-lines:])


def explain(output: str, *, where: str, doing: str) -> str:
    """Say in a sentence what went wrong, followed by git's own words."""
    words = own_words(output)
    for meaning in MEANINGS:
        if meaning.pattern.search(output):
            sentence = meaning.sentence.format(where=where or "the repository's host")
            break
    else:
        sentence = f"git could not {doing}"
    return f"{sentence} (git: {words})" if words else sentence
