"""A real board, a real node and a real git server for the faults to happen to."""

from tests.support.place import board, git, make, node, rest

__all__ = ["board", "git", "make", "node", "rest"]
