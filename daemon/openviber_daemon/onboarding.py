"""How a machine becomes a node."""

import base64
import socket
from pathlib import Path

from openviber_daemon import capabilities
from openviber_daemon.board_client import BoardClient, Membership
from openviber_daemon.config import NodeConfig, check_board_url, save_config
from openviber_daemon.errors import NodeError
from openviber_daemon.home import Home
from openviber_daemon.keys import make_keys, save_keys
from openviber_daemon.rotation import forget_next
from openviber_daemon.status import find_daemon
from openviber_protocol.canonical import onboard_signed


class AlreadyOnboardedError(NodeError):
    """This home belongs to a board."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"this machine is a node already ({path}). Start it with: openviber start. "
            "To make it a node of another board, or a new one, add --replace"
        )


class DaemonInTheWayError(NodeError):
    """The identity of a running daemon may not change under it."""

    def __init__(self, pid: int) -> None:
        super().__init__(
            f"a daemon (process {pid}) runs with this identity: stop it first, then onboard again"
        )


class NoTokenError(NodeError):
    """There is nothing to onboard with."""

    def __init__(self) -> None:
        super().__init__(
            "no token was given. Make one on the board's Nodes page; it works once, for 15 minutes"
        )


def onboard(
    home: Home, *, token: str, board_url: str, name: str, allow_insecure: bool, replace: bool
) -> NodeConfig:
    """Make keys, claim the row that the token stands for, write the configuration.

    Raises:
        NodeError: in words for whoever runs this.
    """
    if not token:
        raise NoTokenError
    board_url = check_board_url(board_url, allow_insecure=allow_insecure)
    if home.config_file.exists() and not replace:
        raise AlreadyOnboardedError(home.config_file)
    pid = find_daemon(home)
    if pid is not None:
        raise DaemonInTheWayError(pid)
    home.create()
    keys = make_keys()
    signing = base64.b64encode(keys.signing_public).decode()
    sealing = base64.b64encode(keys.sealing_public).decode()
    path = capabilities.script_path(())
    described = capabilities.capabilities(
        home=home.root, path=path, tools=capabilities.ask_tools(path)
    )
    membership: Membership = BoardClient(board_url).onboard(
        {
            "token": token,
            "signingKey": signing,
            "sealingKey": sealing,
            "signature": keys.sign(
                onboard_signed(token=token, signing_key=signing, sealing_key=sealing)
            ),
            "hostname": name or socket.gethostname(),
            "capabilities": described.model_dump(mode="json", by_alias=True),
        }
    )
    config = NodeConfig(
        board_url=board_url,
        node_id=membership.node_id,
        node_name=membership.name,
        hub_key=membership.hub_key,
        hub_key_id=membership.hub_key_id,
        auth_token=membership.auth_token,
        allow_insecure=allow_insecure,
    )
    forget_next(home)
    save_keys(home, keys)
    save_config(home, config)  # last: a home with a configuration is a whole one
    return config
