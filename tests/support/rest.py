"""A person's program: talks to a real board over its REST API, with an API token."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPResponse
from typing import Any

from tests.support.processes import wait_until

OWNER = {"name": "Ada", "email": "ada@example.org", "password": "correct horse battery staple"}
FINAL_PREPARE = {"succeeded", "failed", "cancelled", "interrupted", "lost"}
FINAL_RUN = {"completed", "failed", "stopped", "lost"}


class RefusedError(Exception):
    """The board said no; `body` is its problem."""

    def __init__(self, status: int, body: Any) -> None:
        self.status, self.body = status, body
        super().__init__(f"{status}: {body}")


@dataclass
class Rest:
    """`seen` holds every byte the board answered, for searches for what must not be there."""

    url: str
    token: str = ""
    cookie: str = ""
    seen: list[bytes] = field(default_factory=list)

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        headers: Mapping[str, str] | None = None,
        patience: float = 60,
    ) -> tuple[int, dict[str, str], bytes]:
        """Return status, headers (lower-case names) and body; waits out a board that restarts."""
        request = urllib.request.Request(self.url + path, method=method)
        for name, value in (headers or {}).items():
            request.add_header(name, value)
        if self.token:
            request.add_header("Authorization", f"Bearer {self.token}")
        if body is not None:
            request.add_header("Content-Type", "application/json")
            request.data = json.dumps(body).encode()
        ends = time.monotonic() + patience
        while True:
            try:
                with urllib.request.urlopen(request, timeout=60) as answer:
                    return self._take(answer)
            except urllib.error.HTTPError as error:
                with error:
                    content = error.read()
                self.seen.append(content)
                raise RefusedError(error.code, _parse(content)) from None
            except OSError:
                if method != "GET" or time.monotonic() > ends:
                    raise
                time.sleep(0.05)

    def _take(self, answer: HTTPResponse) -> tuple[int, dict[str, str], bytes]:
        content = answer.read()
        self.seen.append(content)
        return answer.status, {k.lower(): v for k, v in answer.headers.items()}, content

    def get(self, path: str) -> Any:
        return _parse(self.call("GET", path)[2])

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return _parse(self.call("POST", path, body, headers=headers)[2])

    def put(self, path: str, body: Any) -> Any:
        return _parse(self.call("PUT", path, body)[2])

    def patch(self, path: str, body: Any) -> Any:
        return _parse(self.call("PATCH", path, body)[2])

    def delete(self, path: str) -> Any:
        return _parse(self.call("DELETE", path)[2])

    # ------------------------------------------------------------ the usual ways

    def become_owner(self, code: str) -> None:
        """Make the owner's account with the console's code, and a token for what follows."""
        _, headers, _ = self.call("POST", "/api/setup", {"code": code, **OWNER})
        self.cookie = headers["set-cookie"].partition(";")[0]
        _, _, body = self.call(
            "POST",
            "/api/tokens",
            {"name": "tests", "scopes": ["read", "run", "write", "admin"]},
            headers={"Cookie": self.cookie, "Origin": self.url},
        )
        self.token = json.loads(body)["value"]

    def browser_cookie(self) -> dict[str, str]:
        """Return the owner's session as a browser keeps it."""
        name, _, value = self.cookie.partition("=")
        return {"name": name, "value": value, "url": self.url}

    def environment(self, name: str, **fields: Any) -> dict[str, Any]:
        """Make an environment; a repository's url makes it one of type github."""
        kind = "github" if "repoUrl" in fields else "manual"
        return self.post("/api/environments", {"name": name, "type": kind, **fields})

    def map(self, environment: Mapping[str, Any], node_id: str, **more: Any) -> dict[str, Any]:
        """Map an environment to a node; returns the attempt."""
        made = self.post(
            f"/api/environments/{environment['id']}/bindings", {"nodeId": node_id, **more}
        )
        return made["prepare"]

    def prepared(self, prepare_id: str, *, deadline: float = 120) -> dict[str, Any]:
        """Wait for the end of an attempt, log and all."""

        def ended() -> dict[str, Any] | None:
            found = self.get(f"/api/prepares/{prepare_id}")
            is_whole = found["log"]["complete"] or found["log"]["bytes"] is None
            return found if found["status"] in FINAL_PREPARE and is_whole else None

        return wait_until(ended, what=f"the end of prepare {prepare_id}", deadline=deadline)

    def prepare_status(self, prepare_id: str, *wanted: str) -> dict[str, Any]:
        """Wait until an attempt is in one of these statuses."""

        def there() -> dict[str, Any] | None:
            found = self.get(f"/api/prepares/{prepare_id}")
            return found if found["status"] in wanted else None

        return wait_until(there, what=f"prepare {prepare_id} to be {wanted}")

    def log(self, kind: str, execution_id: str) -> bytes:
        """Return a whole log (`kind` is prepares or runs), page by page."""
        parts: list[bytes] = []
        offset = 0
        while True:
            path = f"/api/{kind}/{execution_id}/log?offset={offset}"
            _, headers, body = self.call("GET", path)
            if not body:
                return b"".join(parts)
            parts.append(body)
            offset = int(headers["x-log-next-offset"])

    def thread(self, environment: Mapping[str, Any], **fields: Any) -> dict[str, Any]:
        """Make a thread in an environment."""
        return self.post("/api/threads", {"environmentId": environment["id"], **fields})

    def say(self, thread: Mapping[str, Any], text: str) -> dict[str, Any]:
        """Send a message; returns it."""
        return self.post(f"/api/threads/{thread['id']}/messages", {"text": text})

    def run_of(self, thread: Mapping[str, Any], message: Mapping[str, Any]) -> dict[str, Any]:
        """Wait until a message became a run."""

        def there() -> dict[str, Any] | None:
            for found in self.get(f"/api/threads/{thread['id']}/messages")["messages"]:
                if found["id"] == message["id"] and found["runId"]:
                    return self.get(f"/api/runs/{found['runId']}")
            return None

        return wait_until(there, what=f"a run of message {message['id']}")

    def run_status(self, run_id: str, *wanted: str, deadline: float = 60) -> dict[str, Any]:
        """Wait until a run is in one of these statuses."""

        def there() -> dict[str, Any] | None:
            found = self.get(f"/api/runs/{run_id}")
            return found if found["status"] in wanted else None

        return wait_until(there, what=f"run {run_id} to be {wanted}", deadline=deadline)

    def finished(self, run_id: str, *, deadline: float = 120) -> dict[str, Any]:
        """Wait for a run's end, log and all."""

        def ended() -> dict[str, Any] | None:
            found = self.get(f"/api/runs/{run_id}")
            is_whole = found["log"]["complete"] or found["log"]["bytes"] is None
            return found if found["status"] in FINAL_RUN and is_whole else None

        return wait_until(ended, what=f"the end of run {run_id}", deadline=deadline)

    def do(self, thread: Mapping[str, Any], text: str, *, deadline: float = 120) -> dict[str, Any]:
        """Send a message and wait for the end of its run."""
        run = self.run_of(thread, self.say(thread, text))
        return self.finished(run["id"], deadline=deadline)


def _parse(content: bytes) -> Any:
    try:
        return json.loads(content) if content else None
    except ValueError:
        return content
