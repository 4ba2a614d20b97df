"""What belongs to no page: palette, shortcuts, the person's menu, the tab's own signs."""

import reflex as rx

PUBLISHED = "$/public/external/openviber_app/ui/shell"

for _script in (
    *("activity.jsx", "palette.jsx", "palette_button.jsx", "palette_items.js"),
    *("shell.jsx", "shortcut_list.jsx", "theme_choice.js", "user_menu.jsx"),
):
    rx.asset(_script, shared=True)
