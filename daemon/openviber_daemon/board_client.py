"""The daemon's few questions to the board's REST API."""

import email.utils
import http.client
import json
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import cast
from urllib.parse import urlsplit
from uuid import UUID

from openviber_daemon.config import is_loopback
from openviber_daemon.errors import NodeError
from openviber_daemon.reaching import explain
from openviber_daemon.version import VERSION

ANSWER_SECONDS = 20
LONGEST_ANSWER = 8 * 1024 * 1024


class BoardUnreachableError(NodeError):
    """There was no answer from a board."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"could not reach the board at {url}: {reason}")


class BoardRefusedError(NodeError):
    """The board answered no; `detail` are its own words."""

    def __init__(self, *, status: int, detail: str) -> None:
        self.status, self.detail = status, detail
        super().__init__(f"the board refused: {detail}")


class OddAnswerError(NodeError):
    """What answered does not speak as a board does."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(
            f"what answers at {url} is not a board that this daemon understands: {reason}"
        )


@dataclass(frozen=True)
class Answer:
    """What the board said; `body` is empty for 304, `date` is its clock, `seconds` its time."""

    status: int
    body: Mapping[str, object]
    etag: str
    date: datetime | None
    seconds: float


@dataclass(frozen=True)
class Membership:
    """What the board gives a new node."""

    node_id: UUID
    name: str
    auth_token: str
    hub_key: str
    hub_key_id: str


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the node's token somewhere else."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: object,
        code: int,
        msg: str,
        headers: object,
        newurl: str,
    ) -> None:
        del req, fp, code, msg, headers, newurl


class BoardClient:
    """Speaks HTTP to one board; blocking, so the daemon calls it from a thread."""

    def __init__(self, board_url: str) -> None:
        self._url = board_url
        handlers: list[urllib.request.BaseHandler] = [NoRedirect()]
        if is_loopback(urlsplit(board_url).hostname or ""):
            handlers.append(urllib.request.ProxyHandler({}))
        self._opener = urllib.request.build_opener(*handlers)

    def onboard(self, claim: Mapping[str, object]) -> Membership:
        """Exchange a one-time token for a membership."""
        body = self.ask("/api/nodes/onboard", send=claim).body
        try:
            return Membership(
                node_id=UUID(str(body["nodeId"])),
                name=str(body["name"]),
                auth_token=str(body["authToken"]),
                hub_key=str(body["hubKey"]),
                hub_key_id=str(body["hubKeyId"]),
            )
        except KeyError as error:
            raise OddAnswerError(self._url, f"its answer lacks {error}") from error

    def node_config(self, *, node_id: UUID, auth_token: str, etag: str) -> Answer:
        """Ask for what the node is to hold; the status is 304 when `etag` is still right."""
        headers = {"Authorization": f"Bearer {auth_token}"}
        if etag:
            headers["If-None-Match"] = etag
        return self.ask(f"/api/nodes/{node_id}/config", headers=headers)

    def rotate_keys(self, *, node_id: UUID, auth_token: str, keys: Mapping[str, object]) -> Answer:
        """Offer the board new keys of this node."""
        headers = {"Authorization": f"Bearer {auth_token}"}
        return self.ask(f"/api/nodes/{node_id}/keys", send=keys, headers=headers)

    def ask(
        self,
        path: str,
        *,
        send: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send one request.

        Raises:
            BoardUnreachableError: nothing answered.
            BoardRefusedError: the board said no.
            OddAnswerError: the answer is not JSON.
        """
        request = urllib.request.Request(  # noqa: S310 - the scheme was checked when it was configured
            self._url + path,
            data=None if send is None else json.dumps(send).encode(),
            headers={
                "Content-Type": "application/json",
                "Accept": "application/json",
                "User-Agent": f"openviber/{VERSION}",
                **(headers or {}),
            },
        )
        began = time.monotonic()
        try:
            with self._opener.open(request, timeout=ANSWER_SECONDS) as answer:
                return self._read(answer, seconds=time.monotonic() - began)
        except urllib.error.HTTPError as error:
            with error:
                if error.code == HTTPStatus.NOT_MODIFIED:
                    return Answer(
                        error.code,
                        {},
                        error.headers.get("ETag", ""),
                        None,
                        time.monotonic() - began,
                    )
                raise BoardRefusedError(status=error.code, detail=words_of(error)) from error
        except urllib.error.URLError as error:
            reason = error.reason if isinstance(error.reason, Exception) else error
            raise BoardUnreachableError(self._url, explain(reason, self._url)) from error
        except (OSError, ssl.SSLError, http.client.HTTPException) as error:
            raise BoardUnreachableError(self._url, explain(error, self._url)) from error

    def _read(self, answer: http.client.HTTPResponse, *, seconds: float) -> Answer:
        raw = answer.read(LONGEST_ANSWER)
        try:
            body: object = json.loads(raw) if raw else {}
        except ValueError:
            raise OddAnswerError(self._url, "it does not answer in JSON") from None
        if not isinstance(body, dict):
            raise OddAnswerError(self._url, "its answer is not a JSON object")
        date = answer.headers.get("Date", "")
        return Answer(
            answer.status,
            cast("Mapping[str, object]", body),
            answer.headers.get("ETag", ""),
            email.utils.parsedate_to_datetime(date) if date else None,
            seconds,
        )


def words_of(error: urllib.error.HTTPError) -> str:
    """Read the board's own words from a problem document."""
    try:
        problem: object = json.loads(error.read(LONGEST_ANSWER))
    except (OSError, ValueError):
        problem = None
    if isinstance(problem, dict):
        said = cast("Mapping[str, object]", problem)
        for field in ("detail", "title"):
            if isinstance(said.get(field), str) and said[field]:
                return str(said[field])
    return f"it answered {error.code} {error.reason}"
