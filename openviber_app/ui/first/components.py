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


first_steps = FirstSteps.create
recent_threads = RecentThreads.create
