"""The words of a search: taken out of what was typed, and shown where they were found."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

MAX_TERMS = 8
WIDTH = 96
BEFORE = 24
"""Characters of a text that are shown before its first match."""

_WORD = re.compile(r"[^\W_]+")


def terms_of(typed: str) -> tuple[str, ...]:
    """Return what was typed, taken apart at its spaces; what has no letter or digit is left out."""
    terms = [word for word in typed.replace("\0", " ").split() if _WORD.search(word)]
    return tuple(terms[:MAX_TERMS])


@lru_cache(maxsize=4096)
def _folded_letter(letter: str) -> str:
    return unicodedata.normalize("NFD", letter)[0].lower()[:1] or letter


def _folded(text: str) -> str:
    """Return a text of the same length without case and accents."""
    if text.isascii():
        return text.lower()  # most texts are, and a search folds many
    return "".join(map(_folded_letter, text))


def _matches(text: str, terms: Sequence[str]) -> Iterator[tuple[int, int]]:
    wanted = [word for term in terms for word in _WORD.findall(_folded(term))]
    for word in _WORD.finditer(_folded(text)):
        size = max((len(w) for w in wanted if word[0].startswith(w)), default=0)
        if size:
            yield word.start(), word.start() + size


def pieces_of(text: str, terms: Sequence[str]) -> tuple[str, ...]:
    """Return a whole text in pieces, of which every second one is a match."""
    pieces: list[str] = []
    at = 0
    for start, end in _matches(text, terms):
        pieces += [text[at:start], text[start:end]]
        at = end
    return (*pieces, text[at:])


def snippet_of(text: str, terms: Sequence[str]) -> tuple[str, ...]:
    """Return one line of a text around its first match, in pieces too."""
    line = " ".join(text.split())
    first = next(_matches(line, terms), (0, 0))[0]
    start = 0
    if first > BEFORE:
        space = line.find(" ", first - BEFORE, first)
        start = first - BEFORE if space < 0 else space + 1
    shown = line[start : start + WIDTH].rstrip()
    ahead = "…" if start else ""
    behind = "…" if start + WIDTH < len(line) else ""
    return pieces_of(f"{ahead}{shown}{behind}", terms) if line else ()
