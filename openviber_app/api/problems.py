"""Errors as `application/problem+json`: the only place that knows an error's HTTP code."""

import logging
from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException

from openviber_app.domain import errors

LOG = logging.getLogger(__name__)

RETRY_SECONDS = 5

CODES: dict[type[errors.OpenViberError], int] = {
    errors.NotFoundError: 404,
    errors.InvalidInputError: 422,
    errors.ConflictError: 409,
    errors.NotSignedInError: 401,
    errors.ForbiddenError: 403,
    errors.TooManyRequestsError: 429,
    errors.SecretUnreadableError: 503,
    errors.SecretsChangedError: 503,
    errors.UnavailableError: 503,
}

TITLES = {
    400: "Bad request",
    401: "Not signed in",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    409: "Conflict",
    413: "Too large",
    422: "Invalid input",
    429: "Too many requests",
    500: "Internal error",
    503: "Not available",
}

_TEXT = {"type": "string"}
_ERROR = {
    "type": "object",
    "required": ["pointer", "detail"],
    "properties": {"pointer": _TEXT, "detail": _TEXT},
}
_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": _TEXT,
        "title": _TEXT,
        "status": {"type": "integer"},
        "detail": _TEXT,
        "errors": {"type": "array", "items": _ERROR},
    },
}
_CONTENT = {"application/problem+json": {"schema": _PROBLEM}}

DOCUMENTED: dict[int | str, dict[str, Any]] = {
    "4XX": {"description": "What is wrong with the request, in words", "content": _CONTENT},
    "503": {"description": "Not now: try again", "content": _CONTENT},
}
"""What any route may answer besides its own answer, as the OpenAPI document has it."""


def problem(
    status: int,
    detail: str,
    *,
    problems: Sequence[errors.Problem] = (),
    headers: dict[str, str] | None = None,
) -> JSONResponse:
    """Make the answer; `problems` become `errors`, each with a JSON pointer into the body."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": TITLES.get(status, "Error"),
        "status": status,
        "detail": detail,
    }
    if problems:
        body["errors"] = [{"pointer": p.pointer, "detail": p.message} for p in problems]
    return JSONResponse(
        body, status_code=status, headers=headers, media_type="application/problem+json"
    )


def _code_of(error: errors.OpenViberError) -> int:
    return next((CODES[c] for c in type(error).__mro__ if c in CODES), 400)


def _pointer(location: Sequence[int | str]) -> str:
    source, *rest = location or ("body",)
    path = "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in rest)
    return path if source == "body" else f"#{source}{path}"


async def _ours(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, errors.OpenViberError)  # noqa: S101 - the handler's registration
    headers: dict[str, str] = {}
    if isinstance(error, errors.TooManyRequestsError):
        headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, errors.NotSignedInError):
        headers["WWW-Authenticate"] = "Bearer"
    problems = error.problems if isinstance(error, errors.InvalidInputError) else ()
    detail = f"{len(problems)} problem(s) in the input" if problems else str(error)
    if isinstance(error, errors.ForbiddenError) and error.pointer:
        problems = (errors.Problem(error.pointer, str(error)),)
    return problem(_code_of(error), detail, problems=problems, headers=headers)


async def _invalid(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - the handler's registration
    found = [
        errors.Problem(_pointer(item["loc"]), str(item["msg"])) for item in error.errors()
    ]  # never item["input"]: it may be a secret
    return problem(422, f"{len(found)} problem(s) in the input", problems=found)


async def _http(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - the handler's registration
    return problem(error.status_code, str(error.detail), headers=dict(error.headers or {}))


async def _unavailable(_request: Request, error: Exception) -> JSONResponse:
    LOG.warning("the database did not answer a request: %s", error)
    return problem(
        503,
        "the board's database is busy or its disk is full; nothing was stored, try again",
        headers={"Retry-After": str(RETRY_SECONDS)},
    )


async def _broken(_request: Request, _error: Exception) -> JSONResponse:
    # the server raises it again behind this answer, so the board's log has its traceback
    return problem(500, "the board made a mistake; its log says which one")


def install(app: FastAPI) -> None:
    """Answer every error of `app` as a problem."""
    app.add_exception_handler(OperationalError, _unavailable)
    app.add_exception_handler(Exception, _broken)
    app.add_exception_handler(errors.OpenViberError, _ours)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
