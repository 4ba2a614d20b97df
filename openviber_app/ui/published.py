"""The browser scripts: where the bundler finds those that lie beside the Python modules here.

`scripts/frontend.py` puts each at the address of its own file before it builds, so that they import
each other by it: `import { openDialog } from "$/public/external/openviber_app/ui/kit/dialogs.js"`.
"""

_PUBLISHED = "$/public/external/openviber_app/ui"


def script(file: str) -> str:
    """Return the address of a script by its place in this package, such as `kit/menu.jsx`."""
    return f"{_PUBLISHED}/{file}"
