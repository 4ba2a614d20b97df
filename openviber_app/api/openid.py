"""Routes of signing in by OpenID Connect, and of the identities that people connected."""

import logging
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from openviber_app.api.auth import CurrentActor, CurrentRuntime
from openviber_app.api.openid_payloads import (
    ConnectIn,
    IdentityList,
    OpenIdOut,
    OpenIdStartIn,
    TripOut,
)
from openviber_app.api.profile_payloads import secret_of
from openviber_app.api.session_cookie import cookie_of, sign_in
from openviber_app.domain.actors import Actor
from openviber_app.domain.errors import NotSignedInError
from openviber_app.domain.openid import OpenIdRefusedError, Refusal, refusal_words
from openviber_app.services import accounts, identities, openid
from openviber_app.services.openid_flows import LIFE_SECONDS
from openviber_app.services.runtime import Runtime
from openviber_app.services.visitors import client_of, require_same_origin

LOG = logging.getLogger(__name__)

FLOW_COOKIE = "openviber_openid"
FLOW_PATH = "/api/openid"
PROFILE = "/settings?section=profile&"
DOOR = "/sign-in?"
TO_PROFILE = "&next=%2Fsettings%3Fsection%3Dprofile"
QUIET = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
"""Addresses with a code or a state in them are kept by nobody and told to nobody."""

router = APIRouter(prefix="/api", tags=["accounts"])


@router.get("/openid")
async def get_openid(runtime: CurrentRuntime, refusal: str = "") -> OpenIdOut:
    """Tell the provider's name for the button, and what a refusal on the page means."""
    name = openid.provider_name(runtime)
    return OpenIdOut(name=name, refusal=refusal_words(refusal, name) if name else "")


@router.get("/openid/start", status_code=302, response_class=RedirectResponse)
async def start(request: Request, runtime: CurrentRuntime, next: str = "/") -> Response:  # noqa: A002 - the query's name, as everywhere
    """Send a browser to the provider."""
    try:
        trip = await openid.begin_sign_in(
            runtime, next_path=next, client=client_of(request, runtime)
        )
    except OpenIdRefusedError as error:
        return _refused(error, is_connected=False)
    response = RedirectResponse(trip.url, status_code=302, headers=QUIET)
    _keep(runtime, trip, request, response)
    return response


@router.post("/openid/start")
async def start_invited(
    body: OpenIdStartIn, request: Request, response: Response, runtime: CurrentRuntime
) -> TripOut:
    """Begin with an invite, which stands in no address: the answer says where to go."""
    require_same_origin(request)
    trip = await openid.begin_sign_in(
        runtime,
        next_path=body.next,
        invite=body.invite.get_secret_value(),
        client=client_of(request, runtime),
    )
    _keep(runtime, trip, request, response)
    return TripOut(url=trip.url)


@router.get("/openid/callback", status_code=302, response_class=RedirectResponse)
async def callback(
    request: Request,
    runtime: CurrentRuntime,
    *,
    state: str = "",
    code: str = "",
    error: str = "",
    iss: str | None = None,
) -> Response:
    """Take a browser back from the provider; it is signed in, or told why not."""
    visitor = await _visitor(request, runtime)
    try:
        arrival = await openid.arrive(
            runtime,
            openid.Answer(state=state, code=code, error=error, issuer=iss),
            cookie=request.cookies.get(_cookie_of_trip(runtime)[0], ""),
            visitor=visitor,
            client=client_of(request, runtime),
        )
    except OpenIdRefusedError as refused:
        response = _refused(refused, is_connected=visitor is not None)
    else:
        response = RedirectResponse(arrival.next, status_code=302, headers=QUIET)
        if not arrival.is_connected:
            await sign_in(runtime, arrival.actor, request, response)
    name, path = _cookie_of_trip(runtime)
    response.delete_cookie(
        name,
        path=path,
        httponly=True,
        samesite="lax",
        secure=runtime.settings.is_https,
    )
    return response


@router.get("/me/identities")
async def list_identities(actor: CurrentActor, runtime: CurrentRuntime) -> IdentityList:
    """List the accounts elsewhere that open yours."""
    return IdentityList.of(await identities.list_ways_in(runtime, actor))


@router.post("/me/identities")
async def connect(
    body: ConnectIn,
    request: Request,
    response: Response,
    *,
    actor: CurrentActor,
    runtime: CurrentRuntime,
) -> TripOut:
    """Begin to connect your account at the provider: the answer says where to go."""
    trip = await openid.begin_connecting(runtime, actor, password=secret_of(body.current_password))
    _keep(runtime, trip, request, response)
    return TripOut(url=trip.url)


@router.delete("/me/identities/{identity_id}", status_code=204)
async def unlink(
    identity_id: UUID, request: Request, actor: CurrentActor, runtime: CurrentRuntime
) -> None:
    """Disconnect an account elsewhere, unless nothing else lets you in."""
    await identities.unlink(
        runtime, actor, identity_id=identity_id, client=client_of(request, runtime)
    )


async def _visitor(request: Request, runtime: Runtime) -> Actor | None:
    """Return whose session the browser has; a token is no browser and connects nothing."""
    try:
        return await accounts.get_actor_by_session(runtime, cookie_of(request, runtime))
    except NotSignedInError:
        return None


def _cookie_of_trip(runtime: Runtime) -> tuple[str, str]:
    """Return a trip's cookie and its path.

    Under https no neighbour in the domain can plant one (see `visitors.cookie_name`), and with it
    sign a browser in as somebody of theirs; such a cookie is of every path.
    """
    if runtime.settings.is_https:
        return f"__Host-{FLOW_COOKIE}", "/"
    return FLOW_COOKIE, FLOW_PATH


def _keep(runtime: Runtime, trip: openid.Trip, request: Request, response: Response) -> None:
    """Make this browser the only one that may come back from this trip."""
    response.headers.update(QUIET)
    name, path = _cookie_of_trip(runtime)
    response.set_cookie(
        name,
        trip.cookie,
        max_age=LIFE_SECONDS,
        path=path,
        httponly=True,
        samesite="lax",
        secure=runtime.settings.is_https,
    )


def _refused(error: OpenIdRefusedError, *, is_connected: bool) -> Response:
    """Lead back to a page that has words for it."""
    LOG.warning("a sign-in by OpenID Connect was refused: %.300r", error.reason)
    after = TO_PROFILE if error.refusal is Refusal.PASSWORD else ""
    page = PROFILE if is_connected else DOOR
    return RedirectResponse(f"{page}openid={error.refusal}{after}", status_code=302, headers=QUIET)
