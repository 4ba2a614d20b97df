"""The shape that any JSON from the other side must have before a field of it is looked at."""

import json
import re

MAX_DEPTH = 32
MAX_KEYS = 1000
MAX_INTEGER = 2**53
_MAX_DIGITS = 17  # 2**53 has 16 digits, and a sign

_OPENING = re.compile(r"[\[{]")
_KEY = re.compile(r'"([A-Za-z]+)"\s*:')


class BadFrameError(Exception):
    """What arrived is no JSON object within the limits: the connection is closed with 4400."""


def read_object(text: str) -> dict[str, object]:
    """Parse a JSON object, refusing what two parsers could understand differently.

    Raises:
        BadFrameError: It is no JSON object, or it breaks a limit.
    """
    try:
        value: object = json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_number,
            parse_constant=_constant,
        )
    except json.JSONDecodeError as error:
        raise BadFrameError(f"the frame is not JSON: {error.msg} at {error.pos}") from error
    except RecursionError as error:
        raise BadFrameError(f"the frame is nested deeper than {MAX_DEPTH}") from error
    if not isinstance(value, dict):
        raise BadFrameError("the frame is JSON, but not an object")
    if len(_OPENING.findall(text)) > MAX_DEPTH and _depth(value) > MAX_DEPTH:  # pyright: ignore[reportUnknownArgumentType]
        raise BadFrameError(f"the frame is nested deeper than {MAX_DEPTH}")
    return value  # pyright: ignore[reportUnknownVariableType] - JSON's keys are strings


def has_repeated_key(text: str) -> bool:
    """Tell whether a flat frame names a key twice, without parsing it again.

    Only for text that holds no backslash, already parsed, whose objects share no key: then a quote
    never lies inside a string, so that every match is a key.
    """
    keys = _KEY.findall(text)
    return len(keys) != len(set(keys))


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len(pairs) > MAX_KEYS:
        raise BadFrameError(f"an object in the frame has more than {MAX_KEYS} keys")
    made = dict(pairs)
    if len(made) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))
        raise BadFrameError(f"the frame names the key {twice[:100]!r} twice")
    return made


def _integer(digits: str) -> int:
    if len(digits) > _MAX_DIGITS or abs(value := int(digits)) > MAX_INTEGER:
        raise BadFrameError("the frame holds an integer beyond 2**53")
    return value


def _number(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise BadFrameError("the frame holds a number that is too large")
    return value


def _constant(name: str) -> float:
    raise BadFrameError(f"the frame holds {name}, which is not JSON")


def _depth(value: object) -> int:
    """Count levels without recursion: what is measured may be as deep as the parser allowed."""
    deepest = 0
    todo: list[tuple[object, int]] = [(value, 1)]
    while todo:
        item, level = todo.pop()
        if isinstance(item, dict):
            children: list[object] = list(item.values())  # pyright: ignore[reportUnknownArgumentType]
        elif isinstance(item, list):
            children = item  # pyright: ignore[reportUnknownVariableType]
        else:
            continue
        deepest = max(deepest, level)
        todo.extend((child, level + 1) for child in children)
    return deepest
