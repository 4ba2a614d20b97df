"""Wrappers of the small React components that talk to the board by themselves.

What grows (logs, timelines) and what people type never passes through Reflex state.
"""

import reflex as rx

_PARTS = (
    *("socket.js", "request.js", "words.js", "copy_text.js"),
    *("log_bytes.js", "log_line.js", "log_pane.js", "log_rows.js"),
    *("log_search.js", "log_source.js", "log_text.js"),
    *("draft_store.js", "draft.js", "sending.js"),
    *("thread_blocks.js", "thread_store.js", "window.js", "markdown.js", "markdown.jsx"),
    *("timeline.jsx", "block.jsx", "run_card.jsx", "steps.jsx"),
    *("thread_header.jsx", "thread_menu.jsx", "inspector.jsx"),
)
for _part in _PARTS:
    rx.asset(_part, shared=True)  # imported by the files below, from the same folder


def _library(file: str) -> str:
    return f"$/public{rx.asset(file, shared=True)}"


class Ago(rx.Component):
    """How long ago an ISO time was."""

    library = _library("ago.jsx")
    tag = "Ago"

    at: rx.Var[str]


class ApiForm(rx.Component):
    """A form that posts its fields as JSON and then goes to `next`."""

    library = _library("api_form.jsx")
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

    library = _library("composer.jsx")
    tag = "Composer"

    thread: rx.Var[str]
    environment: rx.Var[str]
    hint: rx.Var[str]
    on_created: rx.EventHandler[rx.event.passthrough_event_spec(str)]


class LogView(rx.Component):
    """The log of a prepare or a run, live. Without a height it grows with its lines."""

    library = _library("log_view.jsx")
    tag = "LogView"

    execution: rx.Var[str]
    href: rx.Var[str]
    label: rx.Var[str]
    height: rx.Var[str]


class ThreadPage(rx.Component):
    """The thread that the address names: head, timeline, composer, inspector."""

    library = _library("thread_page.jsx")
    tag = "ThreadPage"


class Watch(rx.Component):
    """Fires `on_change` when anything of this person's changed."""

    library = _library("watch.jsx")
    tag = "Watch"

    on_change: rx.EventHandler[rx.event.no_args_event_spec]


ago = Ago.create
api_form = ApiForm.create
composer = Composer.create
log_view = LogView.create
thread_page = ThreadPage.create
watch = Watch.create
