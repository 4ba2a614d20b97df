"""The design system: the only part of the pages that knows a component library.

Its scripts are published here, so that their addresses are those of the files themselves:
`import { openDialog } from "$/public/external/openviber_app/ui/kit/dialogs.js"`.
"""

import reflex as rx

PUBLISHED = "$/public/external/openviber_app/ui/kit"

for _script in (
    *("choice.jsx", "code_block.jsx", "confirm.js", "dialogs.js", "host.jsx"),
    *("icons.jsx", "menu.jsx"),
    *("sheet.jsx", "shortcuts.js", "toast.js", "tooltip.jsx"),
):
    rx.asset(_script, shared=True)
