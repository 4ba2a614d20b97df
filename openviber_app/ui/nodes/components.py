"""Wrappers of the nodes page's React components."""

import reflex as rx

from openviber_app.states.node_rows import NodeCard
from openviber_app.ui.nodes import PUBLISHED


class NodesPage(rx.Component):
    """The nodes, and the details of the one that the address names."""

    library = f"{PUBLISHED}/nodes_page.jsx"
    tag = "NodesPage"

    cards: rx.Var[list[NodeCard]]
    is_loaded: rx.Var[bool]


class AddNode(rx.Component):
    """A node's name, then its one-time command until the node is there."""

    library = f"{PUBLISHED}/add_node.jsx"
    tag = "AddNode"

    environment: rx.Var[str]
    environment_name: rx.Var[str]


add_node = AddNode.create
nodes_page = NodesPage.create
