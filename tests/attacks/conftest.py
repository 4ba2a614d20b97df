"""A served board with one of Alice's nodes, for attacks on what they say to each other."""

from tests.app.conftest import people, runtime
from tests.app.hub.conftest import served

__all__ = ["people", "runtime", "served"]
