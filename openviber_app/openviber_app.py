"""The roof: one ASGI application out of pages, API, hub and live channel."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import reflex as rx
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp

from openviber_app.api import (
    accounts,
    audit,
    bindings,
    checks,
    daemon,
    deliveries,
    drafts,
    environment_marks,
    environments,
    fits,
    keys,
    logs,
    nodes,
    openid,
    people,
    plans,
    prepares,
    profile,
    runs,
    samples,
    shares,
    thread_lists,
    threads,
)
from openviber_app.api.app import create_api
from openviber_app.api.doorway import Doorway
from openviber_app.bus import Bus
from openviber_app.domain.clock import SystemClock
from openviber_app.domain.origins import Sender, is_own_page
from openviber_app.gate.crowd import Crowd
from openviber_app.gate.newcomers import Newcomers
from openviber_app.gate.policy import Protected
from openviber_app.gate.strangers import NoStrangers
from openviber_app.hub import key_routes, onboarding
from openviber_app.hub.endpoint import Hub
from openviber_app.live.endpoint import endpoint as live_endpoint
from openviber_app.services import rotation_worker, secrets
from openviber_app.services.runtime import Runtime, current, install
from openviber_app.settings import Settings
from openviber_app.states.first_load import FirstLoad
from openviber_app.states.wire import guard, note_complaint
from openviber_app.store import migrate
from openviber_app.store.engine import Store
from openviber_app.ui.caching import CachedFiles
from openviber_app.ui.prebuilt import PrebuiltFiles
from openviber_app.ui.preloads import Preloads
from openviber_app.ui.routes import add_pages
from openviber_app.vault.vault import Vault

BUILT = Path(__file__).parent / "_frontend" / "build" / "client"

ROUTERS = (
    accounts.router,
    audit.router,
    bindings.router,
    checks.router,
    daemon.router,
    deliveries.router,
    drafts.router,
    environment_marks.router,
    environments.router,
    fits.router,
    key_routes.router,
    keys.router,
    logs.router,
    nodes.router,
    onboarding.router,
    openid.router,
    people.router,
    plans.router,
    prepares.router,
    profile.router,
    runs.router,
    thread_lists.router,
    samples.router,
    shares.router,
    threads.router,
)

app = rx.App(
    html_lang="en",
    toaster=None,
    frontend_exception_handler=note_complaint,
    stylesheets=[
        *("/theme.css", "/kit.css", "/dialogs.css", "/shell.css", "/settings.css"),
        *("/sidebar.css", "/thread.css", "/log.css", "/environment_form.css", "/nodes.css"),
        *("/first.css", "/mapping.css"),
    ],
    head_components=[
        rx.el.link(rel="icon", type="image/svg+xml", href="/favicon.svg"),
        rx.el.link(  # with `font-display: optional`: words never change their place
            rel="preload",
            href="/fonts/inter-latin.woff2",
            custom_attrs={"as": "font", "type": "font/woff2", "crossOrigin": "anonymous"},
        ),
    ],
)
add_pages(app)
app.add_middleware(FirstLoad(), index=0)
guard(app)


def _is_own_page(origin: str, said: Mapping[str, str]) -> bool:
    """Decide for Reflex's socket as the gate has decided before: one rule."""
    sender = Sender(
        origin=origin, site=said.get("HTTP_SEC_FETCH_SITE"), host=said.get("HTTP_HOST", "")
    )
    return is_own_page(sender, public_url=current().settings.public_url)


# An empty list would be any origin to engineio; credentials are for other origins only.
app.sio.eio.cors_allowed_origins = _is_own_page  # pyright: ignore[reportOptionalMemberAccess]
app.sio.eio.cors_credentials = False  # pyright: ignore[reportOptionalMemberAccess]


CLOSED = ("/_health", "/_upload", "/_upload/{rest:path}", "/_all_routes", "/auth-codespace")
"""What Reflex serves, or would in another setting, and nobody here needs."""


async def _nothing(_request: Request) -> Response:
    return Response(status_code=404)


@asynccontextmanager
async def board(settings: Settings) -> AsyncIterator[ASGIApp]:
    """Build the Runtime of this process with the application on it, and take both down.

    Raises:
        OpenViberError: the database or a key cannot be used; the message says what to do.
    """
    await migrate.upgrade(settings.database_url)
    store = Store(settings.database_url)
    try:
        vault = await asyncio.to_thread(Vault.open, settings.data, settings.kms)
        runtime = Runtime(
            settings=settings, store=store, vault=vault, bus=Bus(), clock=SystemClock()
        )
        await secrets.check_vault(runtime)
        install(runtime)
        hub = Hub()
        await hub.start()
        try:
            async with rotation_worker.running(runtime):
                yield application(hub)
        finally:
            await hub.stop()
            vault.close()
    finally:
        install(None)
        await store.close()


def application(hub: Hub) -> ASGIApp:
    """Return everything that the board serves, as one ASGI application."""
    api = create_api(*ROUTERS)
    api.router.routes[:0] = [
        hub.route,
        WebSocketRoute("/api/live", live_endpoint),
        *(Route(path, _nothing) for path in CLOSED),
    ]
    app.api_transformer = api
    public_url = current().settings.public_url
    pages = PrebuiltFiles(Preloads(Doorway(app()), BUILT), BUILT)
    inside = Crowd(Newcomers(CachedFiles(pages)))
    return Protected(NoStrangers(inside, public_url=public_url), built=BUILT)
