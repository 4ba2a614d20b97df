"""What changed since an environment was prepared, in a person's words."""

from collections.abc import Sequence

SHOWN = 3
_WORDS = {
    "setup script": "the set-up script",
    "setup mode": "how it is set up",
    "network access": "its network access",
    "submodules": "whether submodules are fetched",
    "type": "its type",
}


def words_of(reason: str) -> str:
    """Return a part of a fingerprint as a person says it."""
    return _WORDS.get(reason, f"the {reason}")


def changes_in_words(reasons: Sequence[str]) -> str:
    """Return what changed as one phrase, such as `the branch and the variable TOKEN`."""
    if not reasons:
        return "its settings"
    words = [words_of(reason) for reason in reasons[:SHOWN]]
    if more := len(reasons) - len(words):
        words.append(f"{more} more")
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
