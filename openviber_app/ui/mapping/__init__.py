"""Environments on nodes: mapping one, following the attempt, managing them all.

The scripts are published under the addresses of the files themselves, as those of the kit are.
"""

import reflex as rx

PUBLISHED = "$/public/external/openviber_app/ui/mapping"

for _script in (
    *("actions.jsx", "attempt.jsx", "attempt_words.js", "bindings.jsx", "history.jsx"),
    *("map_dialog.jsx", "mappings.jsx", "node_cards.jsx", "node_words.js", "strategy.jsx"),
    *("standing.jsx", "use_live.js"),
):
    rx.asset(_script, shared=True)
