"""Telling open sockets that their proof may have ended, so that they ask for it again at once."""

from uuid import UUID

from openviber_app.services.runtime import Runtime


def access_topic(user_id: UUID) -> str:
    """Return the topic that moves when a session or a token of a person ended."""
    return f"access:{user_id}"


def ask_again(runtime: Runtime, *user_ids: UUID) -> None:
    """Say that something of these people's ended; call it after the commit."""
    for user_id in user_ids:
        runtime.bus.advanced(access_topic(user_id))
