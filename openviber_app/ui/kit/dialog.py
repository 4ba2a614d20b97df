"""Dialogs: which one is open is part of the address."""

import reflex as rx

from openviber_app.ui.published import script

PACKAGES = ("lucide-react@1.26.0",)
"""What the scripts of the kit import; the lock has the same version."""


class Host(rx.Component):
    """Once on a page: opens dialogs for scripts and for buttons made by `opens`."""

    library = script("kit/host.jsx")
    tag = "Host"

    lib_dependencies: list[str] = [*PACKAGES]  # noqa: RUF012 - a field of Reflex


class Sheet(rx.Component):
    """From the bottom on a phone, in the middle elsewhere."""

    library = script("kit/sheet.jsx")
    tag = "Sheet"

    title: rx.Var[str]
    text: rx.Var[str]
    wide: rx.Var[bool]
    bare: rx.Var[bool]
    action: rx.Var[rx.Component]


host = Host.create


def opens(target: str, **parameters: str | rx.Var[str]) -> dict[str, str | rx.Var[str]]:
    """Return the attributes of a button that opens a dialog; `parameters` are ids or words."""
    found: dict[str, str | rx.Var[str]] = {"data-opens": target, "aria-haspopup": "dialog"}
    if parameters:
        found["data-with"] = "&".join(f"{name}={value}" for name, value in parameters.items())
    return found


def sheet(
    *children: rx.Component,
    id: str,  # noqa: A002 - HTML's word
    title: str | rx.Var[str],
    text: str | rx.Var[str] = "",
    wide: bool = False,
    bare: bool = False,
    action: rx.Component | None = None,
) -> rx.Component:
    """Return a dialog that is open while the address says `?dialog=<id>`.

    `text` is a sentence below the title, `action` stands beside it, `wide` makes it 760 px, and a
    `bare` one shows no head (its title is still its name).
    """
    more = {} if action is None else {"action": action}
    return Sheet.create(*children, id=id, title=title, text=text, wide=wide, bare=bare, **more)
