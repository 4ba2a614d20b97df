"""Who looks at a page: read from the HttpOnly cookie each time, never kept as a proof."""

from http.cookies import CookieError, SimpleCookie
from urllib.parse import quote

import reflex as rx

from openviber_app.domain.actors import Actor
from openviber_app.domain.errors import NotSignedInError
from openviber_app.services import accounts
from openviber_app.services.runtime import current
from openviber_app.services.visitors import COOKIE, cookie_name


def cookie_value(header: str, name: str = COOKIE) -> str:
    """Return a cookie out of a request's header, or an empty string."""
    try:
        jar = SimpleCookie(header)
    except CookieError:
        return ""
    return jar[name].value if name in jar else ""


def sign_in_first(*, path: str, query: str) -> str:
    """Return the address of the door, from which a sign-in leads back to a page."""
    return f"/sign-in?next={quote(path + (query and '?' + query), safe='')}"


def own_path(asked: str) -> str:
    """Return a path of this board's own pages, whatever an address asks for."""
    is_ours = asked.startswith("/") and not asked.startswith(("//", "/\\"))
    return asked if is_ours and asked.isprintable() else "/"


async def find_actor(state: rx.State) -> Actor | None:
    """Return the person whose browser this tab is, if they are signed in."""
    value = cookie_value(state.router.headers.cookie, cookie_name(current()))
    if not value:
        return None
    try:
        return await accounts.get_actor_by_session(current(), value)
    except NotSignedInError:
        return None


class Door(rx.State):
    """The pages for people who are not signed in."""

    @rx.event
    async def enter_setup(self) -> rx.event.EventSpec | None:
        """Leave a set-up page that nobody needs any more."""
        if not await accounts.is_setup_needed(current()):
            return rx.redirect("/sign-in")
        return None

    @rx.event
    async def enter_sign_in(self) -> rx.event.EventSpec | None:
        """Send the first visitor to set-up, and who is signed in already to the board."""
        if await accounts.is_setup_needed(current()):
            return rx.redirect("/setup")
        if await find_actor(self):
            return rx.redirect(own_path(self.router.url.query_parameters.get("next", "")))
        return None

    @rx.event
    async def enter_by_link(self) -> rx.event.EventSpec | None:
        """Send whoever comes before there is an owner to set-up."""
        if await accounts.is_setup_needed(current()):
            return rx.redirect("/setup")
        return None
