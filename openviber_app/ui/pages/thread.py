"""A thread: its timeline above its composer, what it changed beside them.

The page reads the thread itself, by the REST API and the live channel: a restarted board takes
nothing off the screen.
"""

import reflex as rx

from openviber_app.ui.frame import COLUMN, frame
from openviber_app.ui.live.components import thread_page


def thread() -> rx.Component:
    """Return the page of a thread."""
    return frame(
        is_first_on_phone=False,
        main=rx.el.main(thread_page(), id="main", tab_index=-1, class_name=COLUMN),
    )
