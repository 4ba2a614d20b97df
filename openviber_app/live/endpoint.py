"""The browser's socket, `/api/live`: what it says is in `docs/live.md`."""

import asyncio
import contextlib
import json
from dataclasses import dataclass

from starlette.websockets import WebSocket, WebSocketDisconnect

from openviber_app.domain.actors import Actor
from openviber_app.domain.errors import ForbiddenError, NotSignedInError
from openviber_app.domain.scopes import Scope
from openviber_app.live.viewer import Viewer
from openviber_app.services.access import access_topic
from openviber_app.services.runtime import Runtime, current
from openviber_app.services.visitors import actor_of

GATHER_SECONDS = 0.016
"""After a message, what moves within one frame of a screen goes into the next one."""

SEND_SECONDS = 60
"""A viewer that takes no message for this long is let go; it resumes where it was."""

RECHECK_SECONDS = 60
"""Who still may is asked at least this often; at once when a session or token ended."""

MAX_INPUT = 4096
BAD_MESSAGE, NOT_SIGNED_IN, NOT_ALLOWED, TOO_LARGE, OVERLOADED = 4400, 4401, 4403, 1009, 1013
MAX_POSITION = 2**53


class _LeaveError(Exception):
    """This socket is to be closed with a code."""

    def __init__(self, code: int, reason: str) -> None:
        self.code, self.reason = code, reason
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a viewer asked for. `after` is None when it leaves the topic."""

    topic: str
    after: int | None


def parse_wish(text: str) -> Wish:
    """Read `{"sub": topic, "after": n}` or `{"unsub": topic}`.

    Raises:
        ValueError: it is neither.
    """
    match json.loads(text):
        case {"sub": str(topic), **rest} if rest.keys() <= {"after"}:
            after = rest.get("after", 0)
            if type(after) is int and 0 <= after <= MAX_POSITION:
                return Wish(topic, after)
        case {"unsub": str(topic), **rest} if not rest:
            return Wish(topic, None)
        case _:
            pass
    raise ValueError("not a subscription")


async def endpoint(socket: WebSocket) -> None:
    """Serve one tab until it goes or may no longer watch."""
    runtime = current()
    try:
        actor = await actor_of(socket, runtime)
    except ForbiddenError:
        await socket.close()  # before the handshake: another site learns nothing
        return
    except NotSignedInError as error:
        await socket.accept()  # or a page could not tell this from a board that is away
        await socket.close(NOT_SIGNED_IN, str(error))
        return
    await socket.accept()
    if Scope.READ not in actor.scopes:
        await socket.close(NOT_ALLOWED, f"this token has no scope {Scope.READ}")
        return
    viewer = Viewer(runtime, actor)
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_receive(socket, viewer))
            tasks.create_task(_send(socket, viewer))
            tasks.create_task(_recheck(socket, runtime, actor))
    except* _LeaveError as group:
        leave = _first(group)
        with contextlib.suppress(RuntimeError, WebSocketDisconnect):  # the other side went first
            await socket.close(leave.code, leave.reason)
    except* WebSocketDisconnect:
        pass
    finally:
        viewer.leave_all()


def _first(group: BaseExceptionGroup[_LeaveError]) -> _LeaveError:
    found = group.exceptions[0]
    return _first(found) if isinstance(found, BaseExceptionGroup) else found


async def _receive(socket: WebSocket, viewer: Viewer) -> None:
    while True:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code") or 1005)
        text = message.get("text")
        if text is None:
            raise _LeaveError(BAD_MESSAGE, "subscriptions are JSON text")
        if len(text) > MAX_INPUT:
            raise _LeaveError(TOO_LARGE, f"a subscription has at most {MAX_INPUT} characters")
        try:
            wish = parse_wish(text)
        except (ValueError, RecursionError) as error:
            raise _LeaveError(BAD_MESSAGE, "this is not a subscription") from error
        if wish.after is None:
            viewer.leave(wish.topic)
        else:
            await viewer.follow(wish.topic, after=wish.after)


async def _send(socket: WebSocket, viewer: Viewer) -> None:
    while True:
        message, more = await viewer.next_message()
        if message:
            try:
                async with asyncio.timeout(SEND_SECONDS):
                    await socket.send_text(message)
            except TimeoutError as error:
                raise _LeaveError(OVERLOADED, "too slow; resume where you were") from error
        if not more:
            await asyncio.sleep(GATHER_SECONDS)


async def _recheck(socket: WebSocket, runtime: Runtime, actor: Actor) -> None:
    with runtime.bus.listening(access_topic(actor.user_id)) as listener:
        while True:
            try:
                still = await actor_of(socket, runtime)
            except NotSignedInError as error:
                raise _LeaveError(NOT_SIGNED_IN, str(error)) from error
            if still.user_id != actor.user_id:
                raise _LeaveError(NOT_SIGNED_IN, "somebody else signed in")
            if Scope.READ not in still.scopes:
                raise _LeaveError(NOT_ALLOWED, f"this token has no scope {Scope.READ}")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(RECHECK_SECONDS):
                    await listener.wake.wait()
            listener.take()
