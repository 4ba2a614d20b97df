"""The nodes page, and adding a node."""
