"""What the redactor must give, told as simply as possible: the whole text at once, byte by byte."""

MASK = b"[REDACTED]"
ESCAPE, BELL, BACKSPACE = 0x1B, 0x07, 0x08
ANCHOR = 8


def mask(data: bytes, exact: list[bytes], broken: list[bytes]) -> bytes:
    """Mask every byte that belongs to any occurrence of any needle; one mask for what overlaps."""
    spans = find(data, [(place, place + 1) for place in range(len(data))], exact)
    shown = without_noise(data)
    spans += find(data, shown, exact)
    spans += find_broken(data, shown, broken)
    out, position, end_of_mask = bytearray(), 0, 0
    spans = merge(data, spans)
    for start, end in spans:
        out += data[position:start] + MASK
        position = end_of_mask = end
    return bytes(out + data[max(position, end_of_mask) :])


def find(data: bytes, places: list[tuple[int, int]], needles: list[bytes]) -> list[tuple[int, int]]:
    text = bytes(data[start] for start, _ in places)
    return [
        (places[at][0], places[at + len(needle) - 1][1])
        for needle in needles
        for at in range(len(text) - len(needle) + 1)
        if text[at : at + len(needle)] == needle
    ]


def find_broken(
    data: bytes, shown: list[tuple[int, int]], needles: list[bytes]
) -> list[tuple[int, int]]:
    kept = without_breaks(data, shown)
    text = bytes(data[shown[index][0]] for index in kept)
    spans: list[tuple[int, int]] = []
    for needle in needles:
        for at in range(len(text) - len(needle) + 1):
            indices = kept[at : at + len(needle)]
            is_anchored = indices[:ANCHOR] == list(range(indices[0], indices[0] + ANCHOR))
            if text[at : at + len(needle)] == needle and is_anchored:
                spans.append((shown[indices[0]][0], shown[indices[-1]][1]))
    return spans


def merge(data: bytes, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    done: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        start, end = first, last
        if done and start < done[-1][1]:
            start, end = done[-1][0], max(last, done.pop()[1])
        letter = letter_before(data, end)
        while data[end : end + 1 + len(letter)] == bytes([BACKSPACE]) + letter:
            end += 1 + len(letter)
        done.append((start, end))
    return done


def without_noise(data: bytes) -> list[tuple[int, int]]:
    """List the places of the bytes that a terminal shows."""
    gone: set[int] = set()
    at = 0
    while at < len(data):
        size = escape_size(data, at)
        if size:
            gone |= set(range(at, at + size))
            at += size
            continue
        if data[at] == BACKSPACE:
            letter = letter_before(data, at)
            if letter and data[at + 1 : at + 1 + len(letter)] == letter:
                gone |= set(range(at, at + 1 + len(letter)))
            elif letter == b"_":
                gone |= {at - 1, at}
        at += 1
    return [(place, place + 1) for place in range(len(data)) if place not in gone]


def letter_before(data: bytes, end: int) -> bytes:
    """Give the UTF-8 letter that ends there, or one byte."""
    for size in (1, 2, 3, 4):
        if size > end or data[end - size] < 0x80:
            break
        if data[end - size] >= 0xC0:
            return data[end - size : end]
    return data[end - 1 : end] if end else b""


def escape_size(data: bytes, at: int) -> int:  # noqa: C901, PLR0912 - naive on purpose
    """Give the length of the escape sequence that begins there; 0 when none does."""
    if data[at] != ESCAPE or at + 1 == len(data):
        return 0
    if data[at + 1] in b"]PX^_":
        for end in range(at + 2, min(len(data), at + 2 + 4097)):
            if data[end] == BELL:
                return end + 1 - at
            if data[end] == ESCAPE:
                if data[end + 1 : end + 2] == b"\\":
                    return end + 2 - at
                break
            if data[end] == 0x0A:
                break
    if data[at + 1] == ord("["):
        end = at + 2
        while end < len(data) and 0x30 <= data[end] <= 0x3F and end - at - 2 < 64:
            end += 1
        first = end
        while end < len(data) and 0x20 <= data[end] <= 0x2F and end - first < 8:
            end += 1
        if end < len(data) and 0x40 <= data[end] <= 0x7E:
            return end + 1 - at
    end = at + 1
    while end < len(data) and 0x20 <= data[end] <= 0x2F and end - at - 1 < 8:
        end += 1
    if end < len(data) and 0x30 <= data[end] <= 0x7E:
        return end + 1 - at
    return 0


def without_breaks(data: bytes, shown: list[tuple[int, int]]) -> list[int]:
    """List the indices of what is left without line ends and the blanks around them."""
    text = [data[start] for start, _ in shown]
    kept: list[int] = []
    at = 0
    while at < len(text):
        end = at
        while end < len(text) and text[end] in b" \t\r" and end - at < 64:
            end += 1
        if end < len(text) and text[end] == 0x0A:
            end += 1
            after = end
            while end < len(text) and text[end] in b" \t\r\n" and end - after < 64:
                end += 1
            at = end
            continue
        kept.append(at)
        at += 1
    return kept
