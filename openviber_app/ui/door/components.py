"""Wrappers of the door's React parts: signing in by OpenID Connect, where the owner set it up."""

import reflex as rx

from openviber_app.ui.published import script


class OpenIdRefusal(rx.Component):
    """Why the provider's answer let nobody in, when the address says that it did not."""

    library = script("door/openid.jsx")
    tag = "OpenIdRefusal"


class OpenIdButton(rx.Component):
    """The way to the provider; nothing where the owner set none."""

    library = script("door/openid.jsx")
    tag = "OpenIdButton"


class OpenIdJoin(rx.Component):
    """The way to the provider with the invite that the form holds; nothing where there is none."""

    library = script("door/openid.jsx")
    tag = "OpenIdJoin"


openid_refusal = OpenIdRefusal.create
openid_button = OpenIdButton.create
openid_join = OpenIdJoin.create
