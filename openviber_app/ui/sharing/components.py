"""Wrappers of the React parts that tell with whom an environment is shared."""

import reflex as rx

from openviber_app.ui.published import script


class Sharing(rx.Component):
    """With whom an environment is shared, and sharing it with somebody else."""

    library = script("sharing/share_later.jsx")
    tag = "Sharing"

    environment: rx.Var[str]


class Leave(rx.Component):
    """The way out of an environment that somebody shares."""

    library = script("sharing/leave.jsx")
    tag = "Leave"

    environment: rx.Var[str]
    name: rx.Var[str]


sharing = Sharing.create
leave = Leave.create
