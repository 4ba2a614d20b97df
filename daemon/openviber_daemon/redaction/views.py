"""What a reader sees of bytes that have something between their letters, and where it came from.

A terminal's escape sequences and overstrikes have no width of their own; a line break inside a
base64 text has no meaning. A view leaves such bytes out and remembers where the others were.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

ESCAPE, BACKSPACE, UNDERSCORE = b"\x1b", b"\x08", b"_"
CHARACTER_BYTES, CONTINUATION, FIRST_OF_MANY = 4, 0x80, 0xC0  # UTF-8

_NOISE = re.compile(
    rb"\x1b(?:"
    rb"\[[0-?]{0,64}[ -/]{0,8}[@-~]"  # CSI: colours, moves of the cursor
    rb"|[\]PX^_][^\x07\x1b\n]{0,4096}(?:\x07|\x1b\\)"  # OSC, DCS, SOS, PM, APC: titles, links
    rb"|[ -/]{0,8}[0-~]"  # everything else
    rb")|\x08"
)
_UNFINISHED = re.compile(
    rb"\x1b(?:\[[0-?]{0,64}[ -/]{0,8}|[\]PX^_][^\x07\x1b\n]{0,4096}\x1b?|[ -/]{0,8})\Z"
)
_BREAK = re.compile(rb"[ \t\r]{0,64}\n[ \t\r\n]{0,64}")
LONGEST_BREAK = 129

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class View:
    """`text` is what is left of some bytes; `starts` say where each piece of it was."""

    text: bytes
    starts: Sequence[Span]
    """The position of a piece here, and there."""

    def origin(self, position: int) -> int:
        """Give the place of the byte at `position` before the rest was left out."""
        index = bisect_right(self.starts, (position, 1 << 62)) - 1
        here, there = self.starts[index]
        return there + position - here

    def origins(self, span: Span) -> Span:
        """Give the same span before the rest was left out, with what lay inside it."""
        return self.origin(span[0]), self.origin(span[1] - 1) + 1


@dataclass(frozen=True, slots=True)
class Terminal:
    """What a terminal shows of some bytes.

    From `unfinished` on it depends on bytes that have not come yet. No text may be cut within one
    of `tokens`: its second part would be read as something else.
    """

    view: View
    unfinished: int
    tokens: Sequence[Span]

    def before_token(self, position: int) -> int:
        """Move a cut to the beginning of the token that it would go through."""
        for start, end in reversed(self.tokens):
            if end <= position:
                break
            position = min(position, start)
        return position


def is_plain(data: bytes) -> bool:
    """Say whether a terminal shows these bytes as they are."""
    return ESCAPE not in data and BACKSPACE not in data


def character_before(data: bytes, end: int) -> bytes:
    """Give the UTF-8 character that ends at `end`; a byte that belongs to none by itself."""
    for size in range(1, min(CHARACTER_BYTES, end) + 1):
        first = data[end - size]
        if first >= FIRST_OF_MANY:
            return data[end - size : end]
        if first < CONTINUATION:
            break
    return data[max(0, end - 1) : end]


def see(data: bytes, *, is_complete: bool) -> Terminal:
    r"""Leave out escape sequences, and of an overstrike (`x\bx`, `_\bx`) all but one letter."""
    drops: list[Span] = []
    tokens: list[Span] = []
    unfinished = len(data)
    for found in _NOISE.finditer(data):
        start, end = found.span()
        if data[start] == ESCAPE[0]:
            if not is_complete and _UNFINISHED.match(data, start):
                unfinished = start
                break
            drops.append((start, end))
            tokens.append((start, end))
            continue
        before = character_before(data, start)
        after = data[end : end + len(before)]
        is_last = not is_complete and end + len(after) == len(data)
        if is_last and before.startswith(after) and (after != before or not before):
            unfinished = start - len(before)
            break
        if before and after == before:
            drops.append((start, end + len(before)))
            tokens.append((start - len(before), end + len(before)))
        elif before == UNDERSCORE:
            drops.append((start - 1, end))
            tokens.append((start - 1, end + 1))
    else:
        last = data.rfind(ESCAPE)
        if not is_complete and last >= 0 and _UNFINISHED.match(data, last):
            unfinished = min(unfinished, last)
    return Terminal(without(data[:unfinished], drops), unfinished, tokens)


def join_lines(text: bytes, start: int) -> View:
    """Leave out line ends, with the blanks around them, from `start` on."""
    return without(text, [found.span() for found in _BREAK.finditer(text, start)], start)


def without(data: bytes, drops: Sequence[Span], start: int = 0) -> View:
    """Leave out some spans, given from left to right; they may overlap."""
    pieces: list[bytes] = []
    starts: list[Span] = []
    size, position = 0, start
    for first, end in drops:
        if first > position:
            starts.append((size, position))
            pieces.append(data[position:first])
            size += first - position
        position = max(position, end)
    starts.append((size, position))
    pieces.append(data[position:])
    return View(b"".join(pieces), starts)
