"""Names that a script uses although nothing gives them a value."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from openviber_app.domain.findings import Finding

NODE_GIVES = frozenset({"PATH", "HOME", "LANG", "VIBER_VOLUME", "VIBER_ATTEMPT"})
"""What every script gets on a node, whatever the environment declares."""

UNASSIGNED = "SC2154"
_NAME = re.compile(r"^([A-Za-z_][A-Za-z0-9_]*) is referenced but not assigned")


def split_names(
    findings: Sequence[Finding], *, defined: Collection[str], for_runs: Collection[str] = ()
) -> tuple[list[Finding], list[str]]:
    """Return the findings without names that have a value, and the names that have none.

    `defined` are the environment's names; `for_runs` are secrets that set-up does not get.
    """
    kept: list[Finding] = []
    names: list[str] = []
    for finding in findings:
        match = _NAME.match(finding.message) if finding.code == UNASSIGNED else None
        if match is None:
            kept.append(finding)
            continue
        name = match[1]
        if name in NODE_GIVES or name in defined:
            continue
        names.append(name)
        kept.append(replace(finding, message=_message(name, is_for_runs=name in for_runs)))
    return kept, list(dict.fromkeys(names))


def _message(name: str, *, is_for_runs: bool) -> str:
    if is_for_runs:
        return f"{name} is a secret for runs only: set-up does not get it"
    return f"{name} is used, and neither this script nor the variables give it a value"
