"""A cap on request bodies, held while they arrive."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from openviber_app.api.problems import problem

MAX_BODY_BYTES = 1024 * 1024


class _TooLargeError(Exception):
    pass


class BodyLimit:
    """Answer 413 as soon as a body is, or says it is, larger than 1 MiB."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        refusal = problem(413, f"the body is larger than {MAX_BODY_BYTES} bytes")
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if declared.isdigit() and int(declared) > MAX_BODY_BYTES:
            await refusal(scope, receive, send)
            return
        seen = 0
        started = False

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > MAX_BODY_BYTES:
                raise _TooLargeError
            return message

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, counted, watched)
        except _TooLargeError:
            if started:
                raise
            await refusal(scope, receive, send)
