"""Wrappers of what stands around every page."""

import reflex as rx

from openviber_app.ui.published import script


class ActivityBadge(rx.Component):
    """How many threads wait for you; also the tab's title and icon."""

    library = script("shell/activity.jsx")
    tag = "ActivityBadge"


class PaletteButton(rx.Component):
    """Opens the palette; shows its keys as this machine writes them."""

    library = script("shell/palette_button.jsx")
    tag = "PaletteButton"


class Shell(rx.Component):
    """The palette, the list of shortcuts and the keys that open them."""

    library = script("shell/shell.jsx")
    tag = "Shell"

    environment: rx.Var[str]


class UserMenu(rx.Component):
    """The person, and what is theirs."""

    library = script("shell/user_menu.jsx")
    tag = "UserMenu"

    name: rx.Var[str]
    compact: rx.Var[bool]


activity_badge = ActivityBadge.create
palette_button = PaletteButton.create
shell = Shell.create
user_menu_part = UserMenu.create
