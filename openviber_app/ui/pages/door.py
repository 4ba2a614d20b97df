"""The doors: set-up, sign-in, joining, a new password; they work before any state is loaded."""

import reflex as rx

from openviber_app.ui.door.components import openid_button, openid_join, openid_refusal
from openviber_app.ui.first.components import from_link
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


def _new_password(label: str) -> rx.Component:
    return field(
        label,
        "password",
        type="password",
        required=True,
        min_length=10,
        auto_complete="new-password",
        help_text="At least 10 characters.",
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
            _new_password("Password"),
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


def join() -> rx.Component:
    """Return the page of an invite's link."""
    return _door(
        "Join the board",
        "You were invited. This makes your account.",
        api_form(
            from_link(
                name="token",
                missing="This is not the whole link of an invite. Open it again as it was sent to "
                "you, up to its last letter.",
            ),
            field("Your name", "name", required=True, auto_complete="name"),
            field("E-mail", "email", type="email", required=True, auto_complete="username"),
            _new_password("Password"),
            action="/api/join",
            next="/",
            submit="Create account",
            busy="Creating…",
            class_name="form",
        ),
        openid_join(),
        note="The link works once.",
    )


def reset() -> rx.Component:
    """Return the page that sets a new password with the console's code."""
    return _door(
        "Set a new password",
        "Every browser that is signed in as you is signed out.",
        api_form(
            from_link(
                name="code",
                label="One-time code",
                help="Whoever runs the board makes one: openviber-board reset-password. It works "
                "once, for 15 minutes.",
            ),
            _new_password("New password"),
            action="/api/password-reset",
            next="/sign-in",
            submit="Set password",
            busy="Setting…",
            class_name="form",
        ),
    )
