import reflex as rx

from openviber_app.ui.relocate import RelocatableFrontend
from openviber_app.ui.theme import TAILWIND

config = rx.Config(
    app_name="openviber_app",
    telemetry_enabled=False,
    show_built_with_reflex=False,
    state_manager_mode=rx.constants.StateManagerMode.MEMORY,
    cors_allowed_origins=[],
    default_color_mode="system",
    frontend_compression_formats=["brotli", "gzip"],  # brotli: over TLS and from loopback
    plugins=[rx.plugins.TailwindV4Plugin(TAILWIND), RelocatableFrontend()],
    disable_plugins=[rx.plugins.SitemapPlugin],
)
