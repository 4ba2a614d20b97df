"""Wrappers of the React parts that tell of environments on nodes."""

import reflex as rx

from openviber_app.ui.mapping import PUBLISHED


class MapDialog(rx.Component):
    """What the map dialog holds; `environment` is the selected one's id."""

    library = f"{PUBLISHED}/map_dialog.jsx"
    tag = "MapDialog"

    environment: rx.Var[str]


class Bindings(rx.Component):
    """The nodes that an environment is on."""

    library = f"{PUBLISHED}/bindings.jsx"
    tag = "Bindings"

    environment: rx.Var[str]


class Standing(rx.Component):
    """How an environment stands, and on which node."""

    library = f"{PUBLISHED}/standing.jsx"
    tag = "Standing"

    environment: rx.Var[str]


class Mappings(rx.Component):
    """Every environment by node."""

    library = f"{PUBLISHED}/mappings.jsx"
    tag = "Mappings"


map_dialog = MapDialog.create
bindings = Bindings.create
mappings = Mappings.create
standing = Standing.create
