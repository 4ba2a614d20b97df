"""The built files of the pages, answered out of memory.

A page takes some thirty files before it works. Opening each on a thread of the pool costs about
three milliseconds of the board's one processor; from memory it costs a tenth of that.
"""

import mimetypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

ENCODINGS = {"br": ".br", "gzip": ".gz"}
"""What the build packs beside each file, the best first."""

mimetypes.add_type("font/woff2", ".woff2")  # not known to every system


@dataclass(frozen=True, slots=True)
class PrebuiltFile:
    """One file in each form in which it lies there; a form is read when it is first asked for."""

    file: Path
    forms: dict[str, tuple[bytes, str]] = field(default_factory=dict)

    def form(self, accepted: str) -> tuple[str, bytes, str]:
        """Return the encoding (empty: as it is), the bytes and the tag of the best form.

        Raises:
            OSError: the file has gone.
        """
        offered = {part.partition(";")[0].strip() for part in accepted.split(",")}
        for encoding in (name for name in ENCODINGS if name in offered):
            packed = self.file.with_name(self.file.name + ENCODINGS[encoding])
            if encoding in self.forms or packed.is_file():
                return encoding, *self._read(encoding, packed)
        return "", *self._read("", self.file)

    def _read(self, encoding: str, file: Path) -> tuple[bytes, str]:
        if encoding not in self.forms:
            content = file.read_bytes()
            self.forms[encoding] = (content, f'"{sha256(content).hexdigest()[:32]}"')
        return self.forms[encoding]


def files_in(folder: Path) -> Iterator[tuple[str, PrebuiltFile]]:
    """Yield each built file but the pages, by its address."""
    for file in folder.rglob("*"):
        if file.is_file() and file.suffix not in {".html", *ENCODINGS.values()}:
            yield f"/{file.relative_to(folder).as_posix()}", PrebuiltFile(file)


class PrebuiltFiles:
    """Answers what lies in the build; everything else goes on to the application."""

    def __init__(self, app: ASGIApp, folder: Path) -> None:
        self._app = app
        self._files = dict(files_in(folder))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self._files.get(scope["path"]) if scope["type"] == "http" else None
        if found is None or scope["method"] not in {"GET", "HEAD"}:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        try:
            encoding, content, tag = found.form(headers.get("accept-encoding", ""))
        except OSError:  # built anew meanwhile
            await self._app(scope, receive, send)
            return
        kept = {"etag": tag, "vary": "accept-encoding"}
        if tag in headers.get("if-none-match", ""):
            await Response(status_code=304, headers=kept)(scope, receive, send)
            return
        if encoding:
            kept["content-encoding"] = encoding
        kind = mimetypes.guess_type(found.file.name)[0] or "application/octet-stream"
        answer = Response(content, headers=kept, media_type=kind)
        await answer(scope, receive, send)
