"""What a node's owner may set in `config.json` about workspaces."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

GIB = 1024**3


@dataclass(frozen=True)
class Limits:
    """How much a node keeps. A workspace that a thread holds is never removed for them."""

    slots_per_binding: int = 8
    workspace_bytes: int = 50 * GIB
    mirror_bytes: int = 20 * GIB


@dataclass(frozen=True)
class NodeSettings:
    """`path`: folders of programs, before the standard ones."""

    path: tuple[str, ...] = ()
    limits: Limits = Limits()


def _number(source: Mapping[str, object], name: str, default: int) -> int:
    value = source.get(name)
    return (
        value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else default
    )


def read_node_settings(home: Path) -> NodeSettings:
    """Read `path` and `quotas`; a home that was never onboarded has the defaults."""
    try:
        written: object = json.loads((home / "config.json").read_bytes())
    except (OSError, ValueError):
        return NodeSettings()
    config = cast("Mapping[str, object]", written) if isinstance(written, Mapping) else {}
    folders = config.get("path")
    quotas = config.get("quotas")
    limits = cast("Mapping[str, object]", quotas) if isinstance(quotas, Mapping) else {}
    return NodeSettings(
        path=tuple(str(folder) for folder in folders) if isinstance(folders, list) else (),
        limits=Limits(
            slots_per_binding=_number(limits, "slotsPerBinding", Limits.slots_per_binding),
            workspace_bytes=_number(limits, "workspaceBytes", Limits.workspace_bytes),
            mirror_bytes=_number(limits, "mirrorBytes", Limits.mirror_bytes),
        ),
    )
