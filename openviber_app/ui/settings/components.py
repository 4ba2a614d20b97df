"""Wrapper of the settings' React part."""

import reflex as rx

from openviber_app.ui.published import script


class Settings(rx.Component):
    """Every section, and the links between them."""

    library = script("settings/settings.jsx")
    tag = "Settings"

    manages_people: rx.Var[bool]


settings_part = Settings.create
