"""The shape that a JSON body must have before a field of it is looked at."""

import json

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from openviber_app.api.problems import problem

MAX_DEPTH = 32
MAX_KEYS = 1000
MAX_INTEGER = 2**53
_MAX_DIGITS = 17  # 2**53 has 16 digits, and a sign


class BadShapeError(ValueError):
    """Two programs could understand this body differently, or one would choke on it."""


def check_shape(body: bytes) -> None:
    """Look at a body's shape; what is no JSON at all is left to who reads the fields.

    Raises:
        BadShapeError: it is nested too deep, names a key twice, or holds what JSON has not.
    """
    try:
        value: object = json.loads(
            body,
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_number,
            parse_constant=_constant,
        )
    except RecursionError as error:
        raise BadShapeError(f"the body is nested deeper than {MAX_DEPTH}") from error
    except BadShapeError:
        raise
    except ValueError:
        return
    if body.count(b"{") + body.count(b"[") > MAX_DEPTH and _depth(value) > MAX_DEPTH:
        raise BadShapeError(f"the body is nested deeper than {MAX_DEPTH}")


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len(pairs) > MAX_KEYS:
        raise BadShapeError(f"an object in the body has more than {MAX_KEYS} keys")
    made = dict(pairs)
    if len(made) != len(pairs):
        raise BadShapeError("an object in the body names a key twice")
    try:
        "".join(made).encode()
    except UnicodeEncodeError as error:
        raise BadShapeError("a key in the body has half a character") from error
    return made


def _integer(digits: str) -> int:
    if len(digits) > _MAX_DIGITS or abs(value := int(digits)) > MAX_INTEGER:
        raise BadShapeError("the body holds an integer beyond 2**53")
    return value


def _number(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise BadShapeError("the body holds a number that is too large")
    return value


def _constant(name: str) -> float:
    raise BadShapeError(f"the body holds {name}, which is not JSON")


def _depth(value: object) -> int:
    """Count levels without recursion: what is measured may be as deep as the parser allowed."""
    deepest = 0
    todo: list[tuple[object, int]] = [(value, 1)]
    while todo:
        item, level = todo.pop()
        if isinstance(item, dict):
            children = list(item.values())
        elif isinstance(item, list):
            children = item
        else:
            continue
        deepest = max(deepest, level)
        todo.extend((child, level + 1) for child in children)
    return deepest


class JsonBodies:
    """Answers 400 to a body of a bad shape; any other is handed on as it came."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _may_have_json(scope):
            await self.app(scope, receive, send)
            return
        messages: list[Message] = []
        body = b""
        while True:
            message = await receive()
            messages.append(message)
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        try:
            check_shape(body)
        except BadShapeError as error:
            await problem(400, str(error))(scope, receive, send)
            return
        again = iter(messages)

        async def replayed() -> Message:
            return next(again, None) or await receive()

        await self.app(scope, replayed, send)


def _may_have_json(scope: Scope) -> bool:
    kind = Headers(scope=scope).get("content-type", "json")
    return scope["method"] not in {"GET", "HEAD"} and "json" in kind.lower()
