"""The scripts of the nodes page and of adding a node, published at addresses of their own."""

import reflex as rx

PUBLISHED = "$/public/external/openviber_app/ui/nodes"

for _script in (
    *("add_node.jsx", "arrival.jsx", "clock.jsx", "command_block.jsx", "commands.js"),
    *("node_card.jsx", "node_details.jsx", "node_name.jsx", "nodes_page.jsx", "removal.js"),
):
    rx.asset(_script, shared=True)
