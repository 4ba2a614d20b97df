"""Names of git branches."""

import re

BRANCH_MAX = 250
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]")


def branch_problem(name: str) -> str | None:
    """Return why git would not take this name of a branch, or None; see git check-ref-format."""
    if len(name.encode()) > BRANCH_MAX:
        return f"a branch has at most {BRANCH_MAX} characters"
    if _FORBIDDEN.search(name):
        return "a branch has no spaces and none of ~ ^ : ? * [ \\"
    if name.startswith("-"):
        return "a branch does not begin with a dash"
    if name == "@" or "@{" in name or ".." in name:
        return "a branch is not @ and has no @{ or two dots in a row"
    if name.endswith((".", "/")) or name.startswith("/") or "//" in name:
        return "a branch does not begin or end with a slash, or end with a dot"
    if any(part.startswith(".") or part.endswith(".lock") for part in name.split("/")):
        return "no part of a branch begins with a dot or ends with .lock"
    return None
