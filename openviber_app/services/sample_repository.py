"""The sample repository as git serves it from plain files, made of the sources beside this package.

The board's machine may have no git: blobs, trees and the one commit are written here.
"""

import zlib
from collections.abc import Mapping
from functools import cache
from hashlib import sha1
from pathlib import Path

SOURCES = Path(__file__).resolve().parent.parent / "sample"
BRANCH = "main"
AUTHOR = "OpenViber <sample@openviber.invalid> 1767225600 +0000"
"""A fixed hour: the same sources are the same commit on every board."""

MESSAGE = "Draw a city at night\n"
FILE, PROGRAM, FOLDER = b"100644", b"100755", b"40000"


@cache
def sample_files() -> Mapping[str, bytes]:
    """Return what lies at which path under `/sample.git/`, as git's dumb protocol reads it."""
    return make_repository(SOURCES)


def make_repository(folder: Path) -> dict[str, bytes]:
    """Return a bare repository of one commit with a folder's files."""
    objects: dict[str, bytes] = {}
    tree = _tree(folder, objects)
    text = f"tree {tree}\nauthor {AUTHOR}\ncommitter {AUTHOR}\n\n{MESSAGE}"
    commit = _add(objects, b"commit", text.encode())
    return {
        "HEAD": f"ref: refs/heads/{BRANCH}\n".encode(),
        "info/refs": f"{commit}\trefs/heads/{BRANCH}\n".encode(),
        "objects/info/packs": b"\n",
        **{f"objects/{name[:2]}/{name[2:]}": content for name, content in objects.items()},
    }


def _tree(folder: Path, objects: dict[str, bytes]) -> str:
    entries: list[tuple[bytes, bytes, str]] = []
    for item in folder.iterdir():
        name = item.name.encode()
        if item.name == "__pycache__":
            continue
        if item.is_dir():
            entries.append((FOLDER, name, _tree(item, objects)))
        else:
            mode = PROGRAM if item.suffix == ".sh" else FILE
            entries.append((mode, name, _add(objects, b"blob", item.read_bytes())))
    # git sorts a folder as if its name ended with a slash
    entries.sort(key=lambda entry: entry[1] + (b"/" if entry[0] == FOLDER else b""))
    rows = (mode + b" " + name + b"\0" + bytes.fromhex(digest) for mode, name, digest in entries)
    return _add(objects, b"tree", b"".join(rows))


def _add(objects: dict[str, bytes], kind: bytes, content: bytes) -> str:
    whole = kind + b" " + str(len(content)).encode() + b"\0" + content
    name = sha1(whole).hexdigest()  # noqa: S324 - git's name for it, no proof  # nosec B324
    objects[name] = zlib.compress(whole)
    return name
