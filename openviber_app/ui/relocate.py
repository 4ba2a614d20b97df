"""One frontend build for any host, port and scheme."""

import re
from pathlib import Path
from typing import Any

from reflex_base.plugins import Plugin

_BAKED_ADDRESS = re.compile(r"`(ws|http)s?://[^/`]+(/[^`]*)`")


def relocate(script: str) -> str:
    """Replace the backend addresses that the build wrote down with ones relative to the page.

    Raises:
        ValueError: the script has none, so Reflex changed its form.
    """

    def relative(match: re.Match[str]) -> str:
        origin = "(globalThis.location?location.origin:`http://localhost`)"
        socket = ".replace(/^http/,`ws`)" if match[1] == "ws" else ""
        return f"{origin}{socket}+`{match[2]}`"

    relocated = _BAKED_ADDRESS.sub(relative, script)
    if relocated == script:
        raise ValueError("the reflex-env chunk has an unexpected form; check the Reflex upgrade")
    return relocated


class RelocatableFrontend(Plugin):
    """Relocates the build before Reflex compresses its files."""

    def post_build(self, **context: Any) -> None:
        (chunk,) = (Path(context["static_dir"]) / "assets").glob("reflex-env-*.js")
        chunk.write_text(relocate(chunk.read_text()))
