"""The node program: connects out to a board and runs environments and threads."""
