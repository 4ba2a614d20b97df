"""Orders for the workspace code, as a board would write them, and real executions of them."""

import json
import os
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openviber_daemon.environments.manager import EnvironmentManager
from openviber_daemon.redaction.secret import Secret
from openviber_daemon.runner.bundle import GitCredential, OpenedBundle, ScopedSecret
from openviber_daemon.runner.cancelling import CancelFlag
from openviber_daemon.runner.execution import Execution
from openviber_daemon.runner.job import Job
from openviber_daemon.workspace.claims import Claims, Workspace
from openviber_protocol.frames import PreparePayload, StatusPayload, SubmitPayload


def client_variables() -> dict[str, str]:
    """Give this machine's own settings of package clients, as an environment would declare them.

    Scripts see nothing of the test's environment, so a proxy, an index or a certificate that this
    machine needs must be declared. Nothing of it is written into the project.
    """
    prefixes = ("PIP_", "UV_", "NPM_CONFIG_", "YARN_", "BUN_", "POETRY_")
    names = {
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "NO_PROXY",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
        "REQUESTS_CA_BUNDLE",
        "CURL_CA_BUNDLE",
        "NODE_EXTRA_CA_CERTS",
    }
    return {
        name: value
        for name, value in os.environ.items()
        if name.upper() in names or name.upper().startswith(prefixes)
    }


@dataclass
class Environment:
    """An environment and its binding on one node; `spec` and `payload` override the defaults."""

    home: Path
    repo_url: str = ""
    allowed_hosts: tuple[str, ...] = ()
    environment_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    binding_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    owner_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    spec: dict[str, Any] = field(default_factory=dict)
    setup: dict[str, Any] = field(default_factory=dict)
    git: GitCredential | None = None
    secrets: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Name to value and scope."""

    def wire_spec(self) -> dict[str, Any]:
        return {
            "environmentId": self.environment_id,
            "ownerId": self.owner_id,
            "name": "Demo",
            "type": "github",
            "repoUrl": self.repo_url,
            "allowedHosts": list(self.allowed_hosts),
            "setup": {"mode": "manual", **self.setup},
            "secrets": [
                {"name": name, "version": 1, "scope": scope}
                for name, (_, scope) in self.secrets.items()
            ],
            "fingerprint": {"setup script": str(hash(json.dumps(self.setup, sort_keys=True)))},
            **self.spec,
        }

    def prepare(self, **fields: Any) -> dict[str, Any]:
        """Write a `PreparePayload`, checked by the protocol itself."""
        payload = {
            "bindingId": self.binding_id,
            "environmentId": self.environment_id,
            "prepareId": str(uuid.uuid4()),
            "spec": self.wire_spec(),
            **fields,
        }
        return PreparePayload.model_validate(payload).model_dump(mode="json")

    def submit(self, *, thread_id: str, text: str = "true", **fields: Any) -> dict[str, Any]:
        """Write a `SubmitPayload`, checked by the protocol itself."""
        payload = {
            "threadId": thread_id,
            "bindingId": self.binding_id,
            "environmentId": self.environment_id,
            "runId": str(uuid.uuid4()),
            "text": text,
            "branch": f"viber/demo-{thread_id[:8]}",
            "spec": self.wire_spec(),
            **fields,
        }
        return SubmitPayload.model_validate(payload).model_dump(mode="json")

    @contextmanager
    def execution(
        self, payload: Mapping[str, Any], *, cancel: CancelFlag | None = None
    ) -> Iterator[Execution]:
        """Open a real execution of a payload, in this process."""
        kind = "run" if "runId" in payload else "prepare"
        execution_id = payload["runId"] if kind == "run" else payload["prepareId"]
        attempt = self.home / "attempts" / execution_id
        attempt.mkdir(parents=True, mode=0o700)
        job = Job(
            kind=kind, execution_id=execution_id, command_id=str(uuid.uuid4()), attempt=1,
            home=self.home, payload=payload,
        )  # fmt: skip
        bundle = OpenedBundle(
            secrets={
                name: ScopedSecret(value=Secret(value), scope=scope)  # pyright: ignore[reportArgumentType]
                for name, (value, scope) in self.secrets.items()
            },
            git=self.git,
        )
        flag = cancel or CancelFlag()
        execution = Execution(job, attempt, bundle=bundle, cancel=flag)
        try:
            yield execution
        finally:
            execution.close()
            flag.close()


@dataclass(frozen=True)
class Ended:
    """What a prepare left behind: its events, checked by the protocol, and its log."""

    statuses: list[StatusPayload]
    log: str

    @property
    def final(self) -> StatusPayload:
        return self.statuses[-1]

    def phases(self) -> dict[str, str]:
        return {str(phase.name): str(phase.status) for phase in self.final.phases}


def read_events(attempt: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (attempt / "events").read_text().splitlines()]


def read_end(home: Path, payload: Mapping[str, Any]) -> Ended:
    """Read a prepare's events and log back, as the daemon would relay them."""
    attempt = home / "attempts" / payload["prepareId"]
    events = read_events(attempt)
    assert [event["final"] for event in events] == [False] * (len(events) - 1) + [True]
    return Ended(
        statuses=[StatusPayload.model_validate(event["payload"]) for event in events],
        log=(attempt / "log").read_text(errors="replace"),
    )


def prepare(environment: Environment, *, cancel: CancelFlag | None = None, **fields: Any) -> Ended:
    """Carry out a prepare in this process and read what it left behind."""
    payload = environment.prepare(**fields)
    with environment.execution(payload, cancel=cancel) as execution:
        EnvironmentManager(execution).prepare()
    return read_end(environment.home, payload)


@contextmanager
def claimed(environment: Environment, thread_id: str, **fields: Any) -> Iterator[Workspace]:
    """Claim a thread's workspace as its run would, set it up when it needs that, and hold it."""
    payload = environment.submit(thread_id=thread_id, **fields)
    with environment.execution(payload) as execution, Claims(execution).claim() as workspace:
        if workspace.needs_setup:
            EnvironmentManager(execution).set_up(workspace)
        yield workspace
