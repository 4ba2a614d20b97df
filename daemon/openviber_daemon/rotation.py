"""Changing the node's own identity: at any moment one that works is on the disk.

The new keys and the new token are written beside the old ones before the board hears of them, and
take their place once the board has answered. Whatever ends in between leaves both: the old ones
work until the board has taken the new, and then the new ones are found here.
"""

import base64
import contextlib
import fcntl
import hashlib
import json
import os
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http import HTTPStatus

from openviber_daemon.attempt import read_object
from openviber_daemon.board_client import BoardClient, BoardRefusedError
from openviber_daemon.config import NodeConfig, load_config, save_config
from openviber_daemon.errors import NodeError
from openviber_daemon.home import PRIVATE_FILE, Home, write_private
from openviber_daemon.keys import (
    NodeKeys,
    keys_from_text,
    keys_to_text,
    load_keys,
    make_keys,
    save_keys,
)
from openviber_protocol.canonical import rotate_signed

TOKEN_PREFIX = "ov_node_"  # noqa: S105 - the prefix of a token, none itself
TOKEN_BYTES = 32
RETIRE_SECONDS = 60
"""A runner that was started with the old key has opened its bundle long before."""


@dataclass(frozen=True)
class NextIdentity:
    """What the node will be, or is already as far as the board is concerned."""

    keys: NodeKeys = field(repr=False)
    auth_token: str = field(repr=False)
    is_taken: bool = False
    """The board has said that it took them."""


def rotate(home: Home) -> NodeKeys:
    """Make new keys and a new token, have the board take them, use them from then on; blocking.

    Raises:
        NodeError: the board did not take them, or did not answer; the identity on the disk works.
    """
    with _turn(home):
        new = _find_next(home) or NextIdentity(make_keys(), _new_token())
        if not new.is_taken:
            _save_next(home, new)
            _offer(home, load_config(home), new)
        _adopt(home, new)
    return new.keys


def finish(home: Home) -> bool:
    """End a change that was interrupted; say whether the node has another identity now; blocking.

    Nothing is thrown away here: what was sent may still be on its way.
    """
    with _turn(home):
        new = _find_next(home)
        if new is None or not (new.is_taken or _is_known(load_config(home), new)):
            return False
        _adopt(home, new)
    return True


def adopt_taken(home: Home) -> None:
    """Put an identity in its place that the board has taken, if a crash came between."""
    with _turn(home):
        new = _find_next(home)
        if new is not None and new.is_taken:
            _adopt(home, new)


def forget_next(home: Home) -> None:
    """Give up a change of an identity that is given up itself."""
    home.next_identity_file.unlink(missing_ok=True)


def retire_previous(home: Home, *, older_than_seconds: float = RETIRE_SECONDS) -> None:
    """Destroy the sealing key before this one, once nobody can be about to read it."""
    file = home.previous_sealing_key_file
    with contextlib.suppress(FileNotFoundError):
        if time.time() - file.stat().st_mtime >= older_than_seconds:
            file.unlink()


def _new_token() -> str:
    return TOKEN_PREFIX + secrets.token_urlsafe(TOKEN_BYTES)


def _offer(home: Home, config: NodeConfig, new: NextIdentity) -> None:
    """Send the public halves, signed by the old key; the token goes as a hash only."""
    old = load_keys(home)
    signing = base64.b64encode(new.keys.signing_public).decode()
    sealing = base64.b64encode(new.keys.sealing_public).decode()
    token_hash = hashlib.sha256(new.auth_token.encode()).hexdigest()
    signed = rotate_signed(
        node_id=config.node_id,
        old_key_id=old.signing_key_id,
        signing_key=signing,
        sealing_key=sealing,
        token_hash=token_hash,
    )
    body = {
        "signingKey": signing,
        "sealingKey": sealing,
        "tokenHash": token_hash,
        "signature": old.sign(signed),
        "proof": new.keys.sign(signed),
    }
    try:
        BoardClient(config.board_url).rotate_keys(
            node_id=config.node_id, auth_token=config.auth_token, keys=body
        )
    except BoardRefusedError as error:
        if error.status == HTTPStatus.UNAUTHORIZED and _is_known(config, new):
            return  # an earlier try had got through, and its answer was lost
        if HTTPStatus.BAD_REQUEST <= error.status < HTTPStatus.INTERNAL_SERVER_ERROR:
            forget_next(home)
        raise


def _is_known(config: NodeConfig, new: NextIdentity) -> bool:
    """Ask the board for something that only the new token opens."""
    try:
        BoardClient(config.board_url).node_config(
            node_id=config.node_id, auth_token=new.auth_token, etag=""
        )
    except NodeError:
        return False
    return True


def _adopt(home: Home, new: NextIdentity) -> None:
    """Put the new identity in its place; ends the same wherever it is cut off and begun again."""
    _save_next(home, replace(new, is_taken=True))
    current = home.sealing_key_file.read_bytes()
    if base64.b64decode(current.strip()) != new.keys.sealing.private_bytes_raw():
        write_private(home.previous_sealing_key_file, current)
    save_keys(home, new.keys)
    save_config(home, replace(load_config(home), auth_token=new.auth_token))
    forget_next(home)


def _find_next(home: Home) -> NextIdentity | None:
    said = read_object(home.next_identity_file)
    if said is None:
        return None
    try:
        keys = keys_from_text(str(said["signingKey"]), str(said["sealingKey"]))
        return NextIdentity(keys, str(said["authToken"]), is_taken=said["taken"] is True)
    except (KeyError, ValueError):
        return None  # it is written in one step: this was never ours


def _save_next(home: Home, new: NextIdentity) -> None:
    signing, sealing = keys_to_text(new.keys)
    said = {
        "signingKey": signing,
        "sealingKey": sealing,
        "authToken": new.auth_token,
        "taken": new.is_taken,
    }
    write_private(home.next_identity_file, json.dumps(said).encode() + b"\n")


@contextlib.contextmanager
def _turn(home: Home) -> Iterator[None]:
    """Let one change happen at a time, be it the daemon's or a command's."""
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
    descriptor = os.open(home.rotation_lock_file, flags, PRIVATE_FILE)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
