"""Where some secrets occur in bytes: compiled once, used by any number of streams."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ahocorasick_rs import BytesAhoCorasick, Implementation, MatchKind

from openviber_daemon.redaction.needles import Needles, derive_all
from openviber_daemon.redaction.views import (
    BACKSPACE,
    LONGEST_BREAK,
    UNDERSCORE,
    Span,
    Terminal,
    View,
    character_before,
    is_plain,
    join_lines,
    see,
)

START = 4
"""No needle is shorter, so a suffix of this length or more begins one only with a known start."""

HEAD = 32
"""A longer needle is looked for by its head, then compared: the automaton stays small."""

ANCHOR = 8
"""So much of a text that may go over line ends has to be in one line for it to be found."""

MANY = 64
"""So many candidates come of a secret that repeats itself: comparing each would be quadratic."""

BLANKS = b" \t\r\n"


@dataclass(slots=True)
class _Pattern:
    """What it means that the automaton found one of its patterns."""

    is_needle: bool = False
    is_anchor: bool = False
    longer: list[bytes] = field(default_factory=list)
    """The needles of which this is the head."""


@dataclass(frozen=True, slots=True)
class Scan:
    """Where secrets are, from left to right, and from where on more bytes have to be waited for."""

    spans: Sequence[Span]
    settled: int


class NeedleSet:
    """The needles of some secrets. Whatever belongs to any occurrence of any needle is found."""

    def __init__(self, needles: Iterable[bytes], broken: Iterable[bytes] = ()) -> None:
        """Compile needles, and texts that are needles also where line ends go through them."""
        self._needles = frozenset(needles)
        self._broken = sorted({text for text in broken if len(text) > ANCHOR})
        anchors = {text[:ANCHOR] for text in self._broken}
        if any(len(needle) < START for needle in self._needles):
            raise ValueError(f"a needle of less than {START} bytes would mask innocent text")
        self._sorted = sorted(self._needles | anchors)
        self._longest = max(map(len, self._sorted), default=0)
        self._longest_broken = max(map(len, self._broken), default=0)
        self._joined = b"".join(self._sorted)
        patterns = _patterns(self._needles, anchors)
        self._patterns = list(patterns.values())
        self._matcher = _compile(list(patterns))
        self._starts = _compile(sorted({needle[:START] for needle in self._sorted}))

    @classmethod
    def of_secrets(cls, values: Iterable[str]) -> "NeedleSet":
        """Compile every form of these plaintext values."""
        found = derive_all(values)
        return cls(found.exact, found.broken)

    def with_secrets(self, values: Iterable[str]) -> "NeedleSet":
        """Compile a set that knows these values, too."""
        found: Needles = derive_all(values)
        return NeedleSet(self._needles.union(found.exact), [*self._broken, *found.broken])

    def __repr__(self) -> str:
        return f"NeedleSet({len(self._sorted)} needles)"

    def __bool__(self) -> bool:
        return bool(self._sorted)

    def scan(self, data: bytes, *, is_complete: bool, masked: int = 0) -> Scan:
        """Find the secrets in `data`, of which the first `masked` bytes are known to be one.

        What overlaps becomes one span. Unless the data `is_complete`, a beginning at its end that
        may still become a secret is not settled.
        """
        spans, anchors = self._find(data)
        terminal: Terminal | None = None
        shown = data
        if not is_plain(data):
            terminal = see(data, is_complete=is_complete)
            shown = terminal.view.text
            seen, anchors = self._find(shown)
            spans += map(terminal.view.origins, seen)
        settled = len(data)
        if anchors:
            joined = join_lines(shown, anchors[0])
            broken, open_from = self._find_broken(shown, joined, anchors, is_complete=is_complete)
            spans += map(terminal.view.origins, broken) if terminal else broken
            if open_from is not None:
                settled = terminal.view.origin(open_from) if terminal else open_from
        if not is_complete:
            settled = min(settled, self._open_from(data), len(data))
            settled = self._wait_for_terminal(terminal, shown, settled)
        merged = _merge(data, spans, masked)
        if not is_complete:
            if merged and merged[-1][1] >= settled and merged[-1][1] == len(data):
                # It may be overstruck: the last letter, masked already, waits for a backspace.
                settled = min(settled, len(data) - len(character_before(data, len(data))))
            if terminal:
                settled = terminal.before_token(settled)
        return Scan(merged, settled)

    # ------------------------------------------------------------ whole ones

    def _find(self, text: bytes) -> tuple[list[Span], list[int]]:
        """List the needles in a text, and where one begins that may go over line ends."""
        spans: list[Span] = []
        anchors: list[int] = []
        heads: dict[int, Span] = {}
        for index, start, end in self._matcher.find_matches_as_indexes(text, overlapping=True):
            pattern = self._patterns[index]
            if pattern.is_needle:
                spans.append((start, end))
            if pattern.is_anchor:
                anchors.append(start)
            if pattern.longer:
                first, _ = heads.get(index, (start, start))
                heads[index] = first, start
        for index, (first, last) in heads.items():
            for needle in self._patterns[index].longer:
                spans += _occurrences(text, needle, first, last + len(needle))
        return spans, anchors

    # ------------------------------------------------------------ broken ones

    def _find_broken(
        self, text: bytes, joined: View, anchors: Sequence[int], *, is_complete: bool
    ) -> tuple[list[Span], int | None]:
        """Follow each anchor over the line ends; say, too, which one is still going on."""
        tails = [] if is_complete else _tails(text, joined)
        spans: list[Span] = []
        open_from: int | None = None
        at = _Backwards(joined)
        for start in anchors:
            here = at.find(start)
            if here is None or at.find(start + ANCHOR - 1) != here + ANCHOR - 1:
                continue
            known = self._longest_known(joined.text[here : here + self._longest_broken])
            if known:
                spans.append((start, joined.origin(here + known - 1) + 1))
            if open_from is None and any(
                here < end and self._begins(self._broken, joined.text[here:end]) for end in tails
            ):
                open_from = start
        return spans, open_from

    def _longest_known(self, text: bytes) -> int:
        """Give the length of the longest text of ours that this one begins with."""
        while text:
            index = bisect_right(self._broken, text) - 1
            if index < 0:
                return 0
            if text.startswith(self._broken[index]):
                return len(self._broken[index])
            text = text[: _shared(text, self._broken[index])]
        return 0

    # ------------------------------------------------------------ open ones

    def _open_from(self, text: bytes) -> int:
        """Find the first suffix of `text` that could become a longer needle."""
        window = max(0, len(text) - self._longest + 1)
        matches = self._starts.find_matches_as_indexes(text[window:], overlapping=True)
        starts = [window + start for _, start, _ in matches]
        if len(starts) > MANY and text[-START:] not in self._joined:
            starts = []  # no needle continues as this text ends
        for start in (*starts, *range(max(0, len(text) - START + 1), len(text))):
            if self._begins(self._sorted, text[start:]):
                return start
        return len(text)

    @staticmethod
    def _begins(texts: Sequence[bytes], suffix: bytes) -> bool:
        """Say whether one of the sorted `texts`, longer than `suffix`, begins with it."""
        index = bisect_left(texts, suffix)
        if index < len(texts) and texts[index] == suffix:
            index += 1
        return index < len(texts) and texts[index].startswith(suffix)

    def _wait_for_terminal(self, terminal: Terminal | None, shown: bytes, settled: int) -> int:
        """Wait, too, for what only looks like a beginning without the noise in it."""
        tails = [shown] if terminal else []
        if shown.endswith(UNDERSCORE):  # a backspace would take it away
            tails.append(shown[:-1])
        for tail in tails:
            position = self._open_from(tail)
            if position < len(tail):
                settled = min(settled, terminal.view.origin(position) if terminal else position)
        return min(settled, terminal.unfinished) if terminal else settled


class _Backwards:
    """Finds where a byte is in a view that was made from left to right."""

    def __init__(self, view: View) -> None:
        self._there = [there for _, there in view.starts]
        self._here = [here for here, _ in view.starts]
        self._ends = [*self._here[1:], len(view.text)]

    def find(self, position: int) -> int | None:
        index = bisect_right(self._there, position) - 1
        if index < 0:
            return None
        here = self._here[index] + position - self._there[index]
        return here if here < self._ends[index] else None


def _tails(text: bytes, joined: View) -> list[int]:
    """List where the joined text may end for now: blanks at its end may belong to a line end."""
    ends: list[int] = []
    for dropped in (0, 1) if text.endswith(UNDERSCORE) else (0,):
        bare = text[: len(text) - dropped].rstrip(BLANKS)
        if len(text) - len(bare) <= LONGEST_BREAK + dropped:
            rest = joined.text[: len(joined.text) - dropped]
            ends += (len(rest), len(rest.rstrip(BLANKS)))
    return ends


def _occurrences(text: bytes, needle: bytes, first: int, limit: int) -> Iterator[Span]:
    """Find enough occurrences to cover what all of them cover, those that overlap included."""
    size = len(needle)
    at = text.find(needle, first, limit)
    while at >= 0:
        yield at, at + size
        last = text.rfind(needle, at + 1, min(limit, at + 2 * size - 1))
        at = last if last >= 0 else text.find(needle, at + size, limit)


def _shared(one: bytes, other: bytes) -> int:
    """Say how many bytes two texts begin with in common."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[:middle] == other[:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _merge(data: bytes, spans: Iterable[Span], masked: int) -> list[Span]:
    """Make one span of those that overlap, with the overstrikes of its last letter."""
    merged: list[Span] = []
    for start, end in sorted([*spans, (0, masked)] if masked else spans):
        if merged and start < merged[-1][1]:
            first, last = merged.pop()
            merged.append((first, _with_overstrikes(data, max(end, last))))
        else:
            merged.append((start, _with_overstrikes(data, end)))
    return merged


def _with_overstrikes(data: bytes, end: int) -> int:
    if data[end : end + 1] == BACKSPACE:
        again = BACKSPACE + character_before(data, end)
        while data.startswith(again, end):
            end += len(again)
    return end


def _patterns(needles: Iterable[bytes], anchors: Iterable[bytes]) -> dict[bytes, _Pattern]:
    patterns: dict[bytes, _Pattern] = {}
    for needle in needles:
        pattern = patterns.setdefault(needle[:HEAD], _Pattern())
        if len(needle) > HEAD:
            pattern.longer.append(needle)
        else:
            pattern.is_needle = True
    for anchor in anchors:
        patterns.setdefault(anchor, _Pattern()).is_anchor = True
    return patterns


def _compile(patterns: list[bytes]) -> BytesAhoCorasick:
    # A DFA is no faster here, and a table of 256 columns for each byte of a key is large.
    return BytesAhoCorasick(
        patterns, matchkind=MatchKind.Standard, implementation=Implementation.ContiguousNFA
    )
