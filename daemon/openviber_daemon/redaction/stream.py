"""The streaming redactor: what comes out is the same however the input was cut into chunks.

Whatever belongs to any occurrence of a needle is masked; occurrences that overlap become one mask.
The end of a chunk is held back only while it may still become a needle.
"""

from openviber_daemon.redaction.needle_set import NeedleSet, Scan

MASK = b"[REDACTED]"


class Redactor:
    """Masks one stream. `count` says how many masks there were so far."""

    def __init__(self, needles: NeedleSet) -> None:
        self._needles = needles
        self._held = b""
        self._masked = 0
        self.count = 0

    def use(self, needles: NeedleSet) -> None:
        """Look for other needles from here on, in what is held back, too.

        What was given out before is gone: a secret has to be known before it can be printed.
        """
        self._needles = needles

    def feed(self, chunk: bytes) -> bytes:
        """Take the next bytes; give those that are settled by now."""
        data = self._held + chunk if self._held else chunk
        if not self._needles:
            self._held = b""
            return data[self._masked :] if self._masked else data
        return self._give(data, is_complete=False)

    def finish(self) -> bytes:
        """Give what was held back; the stream may begin anew after it."""
        return self._give(self._held, is_complete=True) if self._held else b""

    def _give(self, data: bytes, *, is_complete: bool) -> bytes:
        scan = self._needles.scan(data, is_complete=is_complete, masked=self._masked)
        if not scan.spans and scan.settled == len(data):
            self._held = b""
            return data
        given, position = self._mask(data, scan)
        self._held = data[scan.settled :]
        self._masked = max(0, position - scan.settled)
        return given

    def _mask(self, data: bytes, scan: Scan) -> tuple[bytes, int]:
        """Build what is settled; a mask that was given before is not given again."""
        parts: list[bytes] = []
        position = 0
        for start, end in scan.spans:
            is_known = start == 0 and self._masked > 0
            if not is_known:
                if start >= scan.settled:
                    break
                parts += (data[position:start], MASK)
                self.count += 1
            position = end
        parts.append(data[position : scan.settled])
        return b"".join(parts), position


def redact(needles: NeedleSet, data: bytes) -> bytes:
    """Mask a text that is complete."""
    redactor = Redactor(needles)
    return redactor.feed(data) + redactor.finish() if needles else data
