"""Wrappers of the React components of the first screen; their scripts lie beside them."""

import reflex as rx

from openviber_app.ui.published import script


class FirstSteps(rx.Component):
    """The two ways on from an empty board: a repository, or the sample."""

    library = script("first/first_steps.jsx")
    tag = "FirstSteps"

    node: rx.Var[str]


class RecentThreads(rx.Component):
    """The threads that something happened in last, in any environment."""

    library = script("first/recent_threads.jsx")
    tag = "RecentThreads"


class FromLink(rx.Component):
    """A form's field with what stands behind the `#` of the page's link."""

    library = script("first/from_link.jsx")
    tag = "FromLink"

    name: rx.Var[str]
    label: rx.Var[str]
    help: rx.Var[str]
    missing: rx.Var[str]


first_steps = FirstSteps.create
from_link = FromLink.create
recent_threads = RecentThreads.create
