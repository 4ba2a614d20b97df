"""The board's signing key with its predecessors: a new one is named by the old one's signature.

`signing.key` holds the one private key. `signing.chain.json` holds the public half and the
signature of every change, so that a node which was away can go from the key it has pinned to
today's. The chain is written before the key: a crash between the two leaves a last link that leads
to a key nobody has, and that one is dropped at the next start.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from openviber_app.vault.errors import KeyFileError
from openviber_app.vault.key_files import OTHERS, replace
from openviber_app.vault.signing import SigningKey, key_id_of

SignedOver = Callable[[str, str], bytes]
"""Makes, out of the old and the new public key, the bytes that the old one signs."""


@dataclass(frozen=True, slots=True)
class KeyLink:
    """One change: the old key's word for the new one; keys and signature are base64."""

    old_key: str
    new_key: str
    signature: str
    at: str
    """When, in ISO 8601."""

    @property
    def old_key_id(self) -> str:
        return key_id_of(self.old_key)


class HubKeys:
    """Today's key, and the way to it from every earlier one."""

    def __init__(self, *, folder: Path, current: SigningKey, links: tuple[KeyLink, ...]) -> None:
        self._folder = folder
        self.current = current
        self.links = links

    def __repr__(self) -> str:
        return f"HubKeys({self.current.key_id}, after {len(self.links)})"

    @classmethod
    def open(cls, folder: Path) -> "HubKeys":
        """Read the keys in a folder, or make the first one.

        Raises:
            KeyFileError: a file is damaged, may be read by others, or leads to another key.
        """
        current = SigningKey.open(_key_file(folder))
        return cls(folder=folder, current=current, links=_read(_chain_file(folder), current))

    def rotate(self, *, now: datetime, signed_over: SignedOver) -> KeyLink:
        """Replace today's key by a new one.

        Raises:
            KeyFileError: a file cannot be written; today's key stays.
        """
        new = SigningKey.make()
        old_key, new_key = self.current.public_key, new.public_key
        signature = self.current.sign(signed_over(old_key, new_key))
        link = KeyLink(old_key, new_key, signature, now.isoformat())
        links = (*self.links, link)
        written = json.dumps({"links": [asdict(one) for one in links]}, indent=1)
        replace(_chain_file(self._folder), written.encode() + b"\n")
        new.save(_key_file(self._folder))
        self.current, self.links = new, links
        return link


def _key_file(folder: Path) -> Path:
    return folder / "signing.key"


def _chain_file(folder: Path) -> Path:
    return folder / "signing.chain.json"


def _read(file: Path, current: SigningKey) -> tuple[KeyLink, ...]:
    try:
        content = file.read_bytes()
        if file.stat().st_mode & OTHERS:
            raise KeyFileError(file, f"may be read by other users: run chmod 600 {file}")
        links = tuple(KeyLink(**link) for link in json.loads(content)["links"])
    except FileNotFoundError:
        return ()
    except (ValueError, KeyError, TypeError) as error:
        raise KeyFileError(file, "is not a chain of keys: put it back from a backup") from error
    if links and links[-1].old_key == current.public_key:
        return links[:-1]  # the board ended before the new key was written: it was never used
    if links and links[-1].new_key != current.public_key:
        raise KeyFileError(
            file, "leads to another key than signing.key: put both back from one backup"
        )
    return links
