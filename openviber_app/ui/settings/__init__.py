"""The settings: a person's own account, on a page with its section in the address."""

import reflex as rx

PUBLISHED = "$/public/external/openviber_app/ui/settings"

for _script in (
    *("appearance.jsx", "loaded.js", "profile.jsx", "sessions.jsx", "settings.jsx"),
    *("text_field.jsx", "tokens.jsx"),
):
    rx.asset(_script, shared=True)
