"""Wrappers of the small React components that talk to the board by themselves.

What grows (logs, timelines) and what people type never passes through Reflex state.
"""

import reflex as rx

from openviber_app.ui.published import script


class Ago(rx.Component):
    """How long ago an ISO time was."""

    library = script("live/ago.jsx")
    tag = "Ago"

    at: rx.Var[str]


class ApiForm(rx.Component):
    """A form that posts its fields as JSON and then goes to `next`."""

    library = script("live/api_form.jsx")
    tag = "ApiForm"

    action: rx.Var[str]
    method: rx.Var[str]
    next: rx.Var[str]
    submit: rx.Var[str]
    busy: rx.Var[str]
    extra: rx.Var[dict[str, str]]
    reveal: rx.Var[str]
    on_done: rx.EventHandler[rx.event.passthrough_event_spec(str)]


class Composer(rx.Component):
    """Where a thread's next script is typed."""

    library = script("live/composer.jsx")
    tag = "Composer"

    thread: rx.Var[str]
    environment: rx.Var[str]
    hint: rx.Var[str]
    on_created: rx.EventHandler[rx.event.passthrough_event_spec(str)]


class LogView(rx.Component):
    """The log of a prepare or a run, live. Without a height it grows with its lines."""

    library = script("live/log_view.jsx")
    tag = "LogView"

    execution: rx.Var[str]
    href: rx.Var[str]
    label: rx.Var[str]
    height: rx.Var[str]


class ThreadPage(rx.Component):
    """The thread that the address names: head, timeline, composer, inspector."""

    library = script("live/thread_page.jsx")
    tag = "ThreadPage"


class Watch(rx.Component):
    """Fires `on_change` when anything of this person's changed."""

    library = script("live/watch.jsx")
    tag = "Watch"

    on_change: rx.EventHandler[rx.event.no_args_event_spec]


ago = Ago.create
api_form = ApiForm.create
composer = Composer.create
log_view = LogView.create
thread_page = ThreadPage.create
watch = Watch.create
