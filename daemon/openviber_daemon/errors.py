"""The root of every error that the daemon tells a person."""


class NodeError(Exception):
    """Something that whoever runs the node can read and act on."""
