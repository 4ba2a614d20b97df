"""One canonical wire form of every frame, as another program would write it."""

from typing import Any

NODE = "01900000-0000-7000-8000-000000000001"
ENVIRONMENT = "01900000-0000-7000-8000-000000000002"
BINDING = "01900000-0000-7000-8000-000000000003"
PREPARE = "01900000-0000-7000-8000-000000000004"
THREAD = "01900000-0000-7000-8000-000000000005"
RUN = "01900000-0000-7000-8000-000000000006"
COMMAND = "01900000-0000-7000-8000-000000000007"
OWNER = "01900000-0000-7000-8000-000000000008"
FRAME_ID = "01900000-0000-7000-8000-0000000000ff"
HASH = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def _envelope(kind: str, payload: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "v": 1,
        "id": FRAME_ID,
        "ts": "2026-11-23T12:00:00Z",
        "type": kind,
        "payload": payload,
        **more,
    }


def _command(kind: str, payload: dict[str, Any]) -> dict[str, Any]:
    return _envelope(kind, payload, commandId=COMMAND, attempt=1, epoch=3)


def _record(kind: str, execution: str, payload: dict[str, Any]) -> dict[str, Any]:
    return _envelope(kind, payload, stream=f"events/{execution}", seq=2, epoch=3)


SPEC: dict[str, Any] = {
    "environmentId": ENVIRONMENT,
    "ownerId": OWNER,
    "name": "site",
    "type": "github",
    "repoUrl": "https://git.example/site.git",
    "repoBranch": "main",
    "localPath": "",
    "workingDir": "web",
    "submodules": False,
    "useNodeCredentials": False,
    "setup": {
        "mode": "manual",
        "script": "make deps",
        "maintenanceScript": "make update",
        "checkCommand": "make smoke",
        "timeLimitSeconds": 600,
    },
    "variables": {"STAGE": "dev"},
    "secrets": [{"name": "TOKEN", "version": 2, "scope": "both"}],
    "persistVolume": True,
    "networkAccess": True,
    "containerImage": "",
    "authorName": "Ada",
    "authorEmail": "ada@example.org",
    "allowedHosts": ["git.example"],
    "fingerprint": {"setup script": "9f86d081"},
}

BUNDLE: dict[str, Any] = {
    "nodeKeyId": "nk1",
    "hubKeyId": "hk1",
    "expiresAt": 1795435200,
    "ciphertext": "AAEC",
    "signature": "AwQF",
}

SLOTS: dict[str, Any] = {"bindingId": BINDING, "ready": 1, "claimed": 2}
LOG_END: dict[str, Any] = {"bytes": 10, "lines": 1, "sha256": HASH, "truncatedBytes": 0}
FILES: list[dict[str, Any]] = [
    {"path": "a.py", "status": "modified", "oldPath": "", "additions": 3, "deletions": 1}
]

HUB_EXAMPLES: dict[str, dict[str, Any]] = {
    "hub:challenge": _envelope(
        "hub:challenge",
        {
            "nonce": "bm9uY2U=",
            "origin": "https://board.example",
            "protocolMin": 1,
            "protocolMax": 1,
            "keys": [{"oldKey": "b2xk", "newKey": "bmV3", "signature": "AwQF"}],
        },
    ),
    "hub:welcome": _envelope(
        "hub:welcome",
        {
            "version": 1,
            "epoch": 3,
            "heartbeatSeconds": 10.0,
            "logWindowBytes": 4194304,
            "eventWindow": 1000,
            "acks": [{"stream": f"log/{PREPARE}", "next": 4096, "settled": False, "resend": False}],
            "superseded": [RUN],
            "configVersion": "c1",
        },
        epoch=3,
    ),
    "hub:ack": _envelope(
        "hub:ack",
        {
            "acks": [
                {"stream": "control", "next": 4, "settled": False, "resend": False},
                {"stream": f"log/{RUN}", "next": 65536, "settled": False, "resend": True},
            ]
        },
        epoch=3,
    ),
    "environment:prepare": _command(
        "environment:prepare",
        {
            "bindingId": BINDING,
            "environmentId": ENVIRONMENT,
            "prepareId": PREPARE,
            "kind": "prepare",
            "strategy": "existing_path",
            "existingPath": "/srv/site",
            "fastForward": True,
            "force": False,
            "spec": SPEC,
            "bundle": BUNDLE,
        },
    ),
    "environment:sync": _command(
        "environment:sync",
        {
            "version": "c1",
            "bindings": [{"bindingId": BINDING, "environmentId": ENVIRONMENT}],
        },
    ),
    "environment:cancel": _command(
        "environment:cancel", {"prepareId": PREPARE, "reason": "cancelled"}
    ),
    "thread:submit": _command(
        "thread:submit",
        {
            "threadId": THREAD,
            "environmentId": ENVIRONMENT,
            "bindingId": BINDING,
            "runId": RUN,
            "executor": "shell",
            "text": "make test",
            "branch": "viber/fix-the-tests",
            "strategy": "auto_clone",
            "existingPath": "",
            "spec": SPEC,
            "bundle": BUNDLE,
        },
    ),
    "thread:stop": _command("thread:stop", {"threadId": THREAD, "runId": RUN, "reason": "stopped"}),
    "keys:rotate": _command("keys:rotate", {}),
    "thread:archive": _command(
        "thread:archive",
        {"threadId": THREAD, "environmentId": ENVIRONMENT, "bindingId": BINDING},
    ),
    "redaction:test": _command("redaction:test", {"testId": RUN}),
}

NODE_EXAMPLES: dict[str, dict[str, Any]] = {
    "node:hello": _envelope(
        "node:hello",
        {
            "nodeId": NODE,
            "protocolMin": 1,
            "protocolMax": 1,
            "daemonVersion": "0.1.0",
            "bootId": "b1",
            "signingKeyId": "sk1",
            "sealingKeyId": "nk1",
            "hubKeyId": "hk1",
            "features": ["slots"],
            "streams": [{"stream": f"events/{PREPARE}", "acked": 1, "next": 3}],
            "running": [
                {
                    "executionId": PREPARE,
                    "kind": "prepare",
                    "commandId": COMMAND,
                    "attempt": 1,
                }
            ],
            "capabilities": {
                "os": "linux",
                "arch": "x86_64",
                "cores": 2,
                "memoryBytes": 8589934592,
                "diskFreeBytes": 1099511627776,
                "python": "3.11.2",
                "git": "2.39.5",
                "tools": {"uv": "uv 0.12.0"},
                "sandbox": ["native"],
                "user": "ada",
                "home": "/home/ada",
            },
            "configVersion": "c0",
            "signature": "c2ln",
        },
    ),
    "node:heartbeat": _envelope(
        "node:heartbeat",
        {
            "n": 7,
            "load": {
                "load1M": 0.5,
                "memoryFreeBytes": 1073741824,
                "diskFreeBytes": 1099511627776,
                "running": 1,
                "spoolBytes": 0,
            },
        },
        epoch=3,
    ),
    "node:ack": _envelope(
        "node:ack",
        {"accepted": False, "message": "the bundle has expired"},
        commandId=COMMAND,
        attempt=1,
        epoch=3,
    ),
    "environment:status": _record(
        "environment:status",
        PREPARE,
        {
            "bindingId": BINDING,
            "prepareId": PREPARE,
            "status": "error",
            "phase": "setup",
            "phases": [
                {
                    "name": "setup",
                    "status": "failed",
                    "durationMs": 1200,
                    "detail": "make deps ended with 2",
                    "logStart": 512,
                }
            ],
            "reason": "failed",
            "message": "the set-up script failed",
            "noop": False,
            "resolvedWorkingDir": "/srv/ov/workspaces/e/1",
            "fingerprint": {"commit": "4b825dc"},
            "receipt": {
                "steps": [
                    {
                        "phase": "setup",
                        "command": "make deps",
                        "cwd": "/srv/ov/workspaces/e/1",
                        "variables": ["STAGE", "TOKEN"],
                        "exitCode": 2,
                        "durationMs": 1200,
                        "logTail": "make: *** [deps] Error 2\n",
                    }
                ],
                "failingCommand": "make deps",
                "commit": "4b825dc",
                "imageDigest": "",
                "detected": ["uv (uv.lock)"],
            },
            "slots": SLOTS,
            "redacted": 1,
            "log": LOG_END,
        },
    ),
    "environment:log": _envelope(
        "environment:log",
        {"executionId": PREPARE, "data": "aGVsbG8K"},
        stream=f"log/{PREPARE}",
        seq=4096,
        epoch=3,
    ),
    "environment:slots": _envelope(
        "environment:slots", {"slots": SLOTS}, stream="control", seq=4, epoch=3
    ),
    "redaction:tested": _envelope(
        "redaction:tested",
        {"testId": RUN, "tried": 40, "masked": 39, "missed": ["hex"]},
        stream="control",
        seq=5,
        epoch=3,
    ),
    "thread:started": _record(
        "thread:started",
        RUN,
        {
            "threadId": THREAD,
            "runId": RUN,
            "workingDir": "/srv/ov/workspaces/e/1/web",
            "branch": "viber/fix-the-tests",
            "baseCommit": "4b825dc",
            "slot": 1,
            "slots": SLOTS,
        },
    ),
    "thread:progress": _record(
        "thread:progress",
        RUN,
        {
            "threadId": THREAD,
            "runId": RUN,
            "records": [
                {
                    "op": "upsert",
                    "id": "terminal-1",
                    "kind": "terminal",
                    "status": "running",
                    "text": "make test",
                    "fields": {"log_start": 0, "exit_code": None},
                }
            ],
        },
    ),
    "thread:log": _envelope(
        "thread:log",
        {"executionId": RUN, "data": "aGVsbG8K"},
        stream=f"log/{RUN}",
        seq=0,
        epoch=3,
    ),
    "thread:completed": _record(
        "thread:completed",
        RUN,
        {
            "threadId": THREAD,
            "runId": RUN,
            "exitCode": 0,
            "durationMs": 61000,
            "files": FILES,
            "redacted": 0,
            "log": LOG_END,
        },
    ),
    "thread:error": _record(
        "thread:error",
        RUN,
        {
            "threadId": THREAD,
            "runId": RUN,
            "reason": "timeout",
            "message": "the run took longer than 20 minutes",
            "durationMs": 1200000,
            "files": FILES,
            "redacted": 0,
            "log": LOG_END,
        },
    ),
}

BOTH_EXAMPLES: dict[str, dict[str, Any]] = {
    "error": _envelope(
        "error",
        {
            "about": COMMAND,
            "typeName": "thread:submit",
            "field": "payload.threadId",
            "message": "Field required",
        },
    ),
}
