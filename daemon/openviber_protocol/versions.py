"""Which protocol version two peers speak together."""


def choose_version(ours: tuple[int, int], theirs: tuple[int, int]) -> int | None:
    """Return the highest version in both ranges (lowest, highest); `None` without overlap."""
    highest = min(ours[1], theirs[1])
    return highest if highest >= max(ours[0], theirs[0]) else None


def describe_mismatch(board: tuple[int, int], node: tuple[int, int]) -> str:
    """Say who has to be upgraded, short enough for a close frame."""
    older = "node" if node[1] < board[0] else "board"
    return (
        f"the board speaks protocol {board[0]} to {board[1]}, "
        f"the node {node[0]} to {node[1]}: upgrade the {older}"
    )
