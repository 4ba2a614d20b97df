"""Wrappers of the nodes page's React components."""

import reflex as rx

from openviber_app.states.node_rows import NodeCard
from openviber_app.ui.published import script


class NodesPage(rx.Component):
    """The nodes, and the details of the one that the address names."""

    library = script("nodes/nodes_page.jsx")
    tag = "NodesPage"

    cards: rx.Var[list[NodeCard]]
    is_loaded: rx.Var[bool]


class AddNode(rx.Component):
    """A node's name, then its one-time command until the node is there."""

    library = script("nodes/add_later.jsx")
    tag = "AddNode"

    environment: rx.Var[str]
    environment_name: rx.Var[str]


add_node = AddNode.create
nodes_page = NodesPage.create
