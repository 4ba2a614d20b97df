"""The streaming redactor: what comes out is the same however the input was cut into chunks.

The leftmost needle wins, then the longest one that starts there, over the whole stream. The end of
a chunk is held back only while it may still become a needle: exactly the longest such suffix.
"""

from bisect import bisect_left
from collections.abc import Iterable

from ahocorasick_rs import BytesAhoCorasick, Implementation, MatchKind

from openviber_daemon.redaction.needles import derive_needles

MASK = b"[REDACTED]"
HEAD = 4
"""No needle is shorter, so a suffix of this length or more begins one only with a known head."""

MANY = 64
"""So many candidates come of a secret that repeats itself: comparing each would be quadratic."""


class NeedleSet:
    """The needles of some secrets, compiled once for any number of streams."""

    def __init__(self, needles: Iterable[bytes]) -> None:
        self._sorted = sorted(set(needles))
        if any(len(needle) < HEAD for needle in self._sorted):
            raise ValueError(f"a needle of less than {HEAD} bytes would mask innocent text")
        self._longest = max(map(len, self._sorted), default=0)
        self._joined = b"".join(self._sorted)
        self._matcher = _compile(self._sorted, MatchKind.LeftmostLongest)
        self._heads = _compile(sorted({n[:HEAD] for n in self._sorted}), MatchKind.Standard)

    @classmethod
    def of_secrets(cls, values: Iterable[str]) -> "NeedleSet":
        """Compile every form of these plaintext values."""
        return cls(derive_needles(values))

    def __repr__(self) -> str:
        return f"NeedleSet({len(self._sorted)} needles)"

    def __bool__(self) -> bool:
        return bool(self._sorted)

    def find_matches(self, data: bytes) -> list[tuple[int, int, int]]:
        """List `(needle, start, end)` from left to right, without overlaps."""
        return self._matcher.find_matches_as_indexes(data)

    def list_candidates(self, data: bytes) -> list[int]:
        """List where a suffix of `data` could begin a longer needle, from left to right."""
        window = max(0, len(data) - self._longest + 1)
        tail = data[window:]
        heads = self._heads.find_matches_as_indexes(tail, overlapping=True)
        starts = [window + start for _, start, _ in heads]
        if len(starts) > MANY and data[-HEAD:] not in self._joined:
            starts = []  # no needle continues as this data ends
        return [*starts, *range(max(0, len(data) - HEAD + 1), len(data))]

    def begins_needle(self, suffix: bytes) -> bool:
        """Say whether a needle longer than `suffix` begins with it."""
        index = bisect_left(self._sorted, suffix)
        if index < len(self._sorted) and self._sorted[index] == suffix:
            index += 1
        return index < len(self._sorted) and self._sorted[index].startswith(suffix)

    def redact(self, data: bytes) -> tuple[bytes, int]:
        """Mask a text that is complete; give it with the number of masks."""
        if not self._sorted:
            return data, 0
        matches = self.find_matches(data)
        return _mask(data, matches), len(matches)


class Redactor:
    """Masks one stream. `count` says how many needles were masked so far."""

    def __init__(self, needles: NeedleSet) -> None:
        self._needles = needles
        self._held = b""
        self.count = 0

    def feed(self, chunk: bytes) -> bytes:
        """Take the next bytes; give those that are settled by now."""
        if not self._needles:
            return chunk
        data = self._held + chunk if self._held else chunk
        matches = self._needles.find_matches(data)
        cut, matches = self._settle(data, matches)
        self._held = data[cut:]
        self.count += len(matches)
        return _mask(data[:cut] if cut < len(data) else data, matches)

    def finish(self) -> bytes:
        """Give what was held back; the stream may begin anew after it."""
        rest, count = self._needles.redact(self._held)
        self._held = b""
        self.count += count
        return rest

    def _settle(
        self, data: bytes, matches: list[tuple[int, int, int]]
    ) -> tuple[int, list[tuple[int, int, int]]]:
        """Find how far `data` is settled, and the matches before that point.

        A suffix inside a settled match is no start: that match has used its bytes up. A match
        before the first open suffix is settled, since nothing left of it can still win.
        """
        settled = 0
        for start in self._needles.list_candidates(data):
            while settled < len(matches) and matches[settled][1] < start:
                settled += 1
            is_used_up = settled > 0 and start < matches[settled - 1][2]
            if not is_used_up and self._needles.begins_needle(data[start:]):
                return start, matches[:settled]
        return len(data), matches


def _compile(patterns: list[bytes], kind: MatchKind) -> BytesAhoCorasick:
    # A DFA is no faster here, and a table of 256 columns for each byte of a key is large.
    return BytesAhoCorasick(patterns, matchkind=kind, implementation=Implementation.ContiguousNFA)


def _mask(data: bytes, matches: list[tuple[int, int, int]]) -> bytes:
    if not matches:
        return data
    parts: list[bytes] = []
    position = 0
    for _, start, end in matches:
        parts += (data[position:start], MASK)
        position = end
    parts.append(data[position:])
    return b"".join(parts)
