"""What counts as text that can be stored."""


def is_storable(text: str) -> bool:
    """Whether there is no NUL in it and no half of a surrogate pair; JSON can carry both.

    PostgreSQL and the environments of processes refuse the first, UTF-8 the second.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text
