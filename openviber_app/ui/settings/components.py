"""Wrapper of the settings' React part."""

import reflex as rx

from openviber_app.ui.settings import PUBLISHED


class Settings(rx.Component):
    """Every section, and the links between them."""

    library = f"{PUBLISHED}/settings.jsx"
    tag = "Settings"


settings_part = Settings.create
