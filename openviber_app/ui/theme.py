"""The names of colours, type and spacing that pages are written with."""

from typing import Any

COLOURS = (
    *("bg", "panel", "raise", "line", "line2", "tx", "tx2", "tx3", "code"),
    *("accent", "accent-tx", "accent-soft", "vio", "add", "del"),
    *("green", "green-soft", "amber", "amber-soft", "red", "red-soft", "blue", "blue-soft"),
)

TAILWIND: dict[str, Any] = {
    "darkMode": "class",
    "content": ["./app/**/*.{js,jsx}", "./utils/**/*.{js,jsx}", "./public/external/**/*.jsx"],
    "plugins": [],
    "theme": {
        "extend": {
            "colors": {name: f"var(--{name})" for name in COLOURS},
            "fontFamily": {
                "sans": ["Inter Variable", "ui-sans-serif", "system-ui", "sans-serif"],
                "mono": ["JetBrains Mono Variable", "ui-monospace", "Menlo", "monospace"],
            },
            "boxShadow": {"card": "var(--shadow)"},
        }
    },
}
