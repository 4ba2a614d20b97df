"""The node's copy of what its board wants it to hold."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import cast

from openviber_daemon.attempt import read_object
from openviber_daemon.board_client import BoardClient, OddAnswerError
from openviber_daemon.config import NodeConfig
from openviber_daemon.home import Home, write_private


class BoardConfig:
    """`board-config.json`: environments, bindings, their version. Holds no secret."""

    def __init__(self, *, home: Home, config: NodeConfig) -> None:
        self._home, self._config = home, config
        self._kept = read_object(home.board_config_file) or {}

    @property
    def version(self) -> str:
        """The content's version, as the hub names it in its welcome."""
        return str(self._content().get("version", ""))

    def list_bindings(self) -> frozenset[str]:
        """List the ids of the bindings that belong on this node."""
        bindings = self._content().get("bindings")
        listed = cast("list[Mapping[str, object]]", bindings) if isinstance(bindings, list) else []
        return frozenset(str(one.get("id", one.get("bindingId", ""))) for one in listed)

    def pull(self) -> None:
        """Bring the copy up to date; blocking.

        Raises:
            NodeError: the board did not answer, or not with a configuration.
        """
        answer = BoardClient(self._config.board_url).node_config(
            node_id=self._config.node_id,
            auth_token=self._config.auth_token,
            etag=str(self._kept.get("etag", "")),
        )
        if answer.status == HTTPStatus.NOT_MODIFIED:
            return
        content = answer.body.get("config")
        if not isinstance(content, dict) or not isinstance(content.get("bindings"), list):
            raise OddAnswerError(self._config.board_url, "its answer holds no config.bindings")
        self._kept = {"etag": answer.etag, "config": cast("Mapping[str, object]", content)}
        write_private(self._home.board_config_file, json.dumps(self._kept).encode())

    def _content(self) -> Mapping[str, object]:
        content = self._kept.get("config")
        return cast("Mapping[str, object]", content) if isinstance(content, dict) else {}
