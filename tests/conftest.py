"""The order of the tests: files that take long come first, so that none is alone at the end."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent
LONG = ("browser", "e2e", "faults", "attacks")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    folder = item.path.relative_to(HERE).parts[0]
    return LONG.index(folder) if folder in LONG else len(LONG)
