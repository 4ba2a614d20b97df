"""The set-up page and the sign-in page: both work before any state is loaded."""

import reflex as rx

from openviber_app.ui.door.components import openid_button, openid_refusal
from openviber_app.ui.kit.parts import field, logo
from openviber_app.ui.live.components import api_form


def _door(title: str, text: str, *form: rx.Component, note: str = "") -> rx.Component:
    return rx.el.main(
        rx.el.div(
            rx.el.div(logo(), rx.el.span("OpenViber"), class_name="brand"),
            rx.el.div(
                rx.el.h1(title),
                rx.el.p(text, class_name="door-text"),
                *form,
                class_name="door-card",
            ),
            rx.el.p(note, class_name="door-note") if note else rx.fragment(),
            class_name="door",
        ),
        class_name="door-page",
    )


def setup() -> rx.Component:
    """Return the page that makes the owner's account."""
    return _door(
        "Set up your board",
        "You are the first one here. This makes the account that owns the board.",
        api_form(
            field(
                "Set-up code",
                "code",
                required=True,
                auto_focus=True,
                auto_complete="off",
                auto_capitalize="characters",
                spell_check=False,
                placeholder="XXXX-XXXX-XXXX-XXXX",
                help_text="Printed where the board was started. It works once.",
            ),
            field("Your name", "name", required=True, auto_complete="name"),
            field("E-mail", "email", type="email", required=True, auto_complete="username"),
            field(
                "Password",
                "password",
                type="password",
                required=True,
                min_length=10,
                auto_complete="new-password",
                help_text="At least 10 characters.",
            ),
            action="/api/setup",
            next="/",
            submit="Create account",
            busy="Creating…",
            class_name="form",
        ),
        note="Everything stays on this board: it has no account elsewhere.",
    )


def sign_in() -> rx.Component:
    """Return the page for people with an account."""
    return _door(
        "Sign in",
        "To the board on this address.",
        openid_refusal(),
        api_form(
            field(
                "E-mail",
                "email",
                type="email",
                required=True,
                auto_focus=True,
                auto_complete="username",
            ),
            field(
                "Password",
                "password",
                type="password",
                required=True,
                auto_complete="current-password",
            ),
            action="/api/sessions",
            next="/",
            submit="Sign in",
            busy="Signing in…",
            class_name="form",
        ),
        openid_button(),
    )
