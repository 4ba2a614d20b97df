"""A node's configuration: which environments belong on it."""

import json
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from openviber_app.domain.ids import new_id
from openviber_app.store import bindings, commands
from openviber_app.store.bindings import Mapping
from openviber_app.store.tables import Command

VERSION_LENGTH = 32


@dataclass(frozen=True, slots=True)
class NodeConfig:
    """What a node may know of its bindings; `version` is a hash of the rest. Holds no secret."""

    environments: list[dict[str, Any]]
    bindings: list[dict[str, Any]]
    version: str


def _environment(mapping: Mapping) -> dict[str, Any]:
    row = mapping.environment
    return {
        "id": str(row.id),
        "name": row.name,
        "type": row.type,
        "repoUrl": row.repo_url,
        "repoBranch": row.repo_branch,
        "localPath": row.local_path,
        "workingDir": row.working_dir,
        "version": row.version,
    }


def _binding(mapping: Mapping) -> dict[str, Any]:
    row = mapping.binding
    return {
        "id": str(row.id),
        "environmentId": str(row.environment_id),
        "strategy": row.strategy,
        "existingPath": row.existing_path,
        "status": row.status,
    }


async def build_config(db: AsyncSession, *, node_id: UUID) -> NodeConfig:
    """Put together a node's configuration as it is now."""
    mappings = await bindings.list_of_node(db, node_id=node_id)
    content = {
        "environments": [_environment(m) for m in mappings],
        "bindings": [_binding(m) for m in mappings],
    }
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return NodeConfig(
        environments=content["environments"],
        bindings=content["bindings"],
        version=sha256(text.encode()).hexdigest()[:VERSION_LENGTH],
    )


async def sync_payload(db: AsyncSession, *, node_id: UUID) -> dict[str, Any]:
    """Make the payload of `environment:sync` as it is true now, in snake_case."""
    config = await build_config(db, node_id=node_id)
    return {
        "version": config.version,
        "bindings": [
            {"binding_id": b["id"], "environment_id": b["environmentId"]} for b in config.bindings
        ],
    }


async def queue_sync(db: AsyncSession, *, node_id: UUID, now: datetime) -> Command:
    """Have the node told which bindings it holds; one waiting message is enough.

    The hub fills in the payload at each send, so that an old message never undoes a new mapping.
    """
    waiting = await commands.find_pending(db, node_id=node_id, type="environment:sync")
    if waiting is not None:
        return waiting
    command = commands.add_command(
        db,
        command_id=new_id(),
        node_id=node_id,
        type="environment:sync",
        attempt=1,
        payload={},
        now=now,
    )
    await db.flush()
    return command
