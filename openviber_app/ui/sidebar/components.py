"""Wrappers of the sidebar's React components; their scripts lie beside them."""

from typing import Any

import reflex as rx

from openviber_app.ui.published import script


class ThreadList(rx.Component):
    """An environment's threads: searched, grouped, drawn only where one looks."""

    library = script("sidebar/thread_list.jsx")
    tag = "ThreadList"

    environment: rx.Var[str]
    name: rx.Var[str]


class NewThread(rx.Component):
    """The way to a new thread, or why there is none yet and what to do."""

    library = script("sidebar/new_thread.jsx")
    tag = "NewThread"

    environment: rx.Var[str]
    is_mapped: rx.Var[bool]
    shared_by: rx.Var[str]
    can_run: rx.Var[bool]


class EnvironmentNav(rx.Component):
    """The environments as links with stars."""

    library = script("sidebar/environment_list.jsx")
    tag = "EnvironmentNav"

    rows: rx.Var[list[Any]]


class EnvironmentChoice(rx.Component):
    """The environments as cards: searched, prepared, mapped, pinned."""

    library = script("sidebar/environment_list.jsx")
    tag = "EnvironmentChoice"

    rows: rx.Var[list[Any]]


class CurrentEnvironment(rx.Component):
    """Tells the board which environment this person is in."""

    library = script("sidebar/environment_list.jsx")
    tag = "CurrentEnvironment"

    environment: rx.Var[str]
    current: rx.Var[str]


thread_list = ThreadList.create
new_thread = NewThread.create
environment_nav = EnvironmentNav.create
environment_choice = EnvironmentChoice.create
current_environment = CurrentEnvironment.create
