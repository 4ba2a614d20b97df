"""Wrappers of the React parts that tell of environments on nodes."""

import reflex as rx

from openviber_app.ui.published import script


class MapDialog(rx.Component):
    """What the map dialog holds; `environment` is the selected one's id."""

    library = script("mapping/map_later.jsx")
    tag = "MapDialog"

    environment: rx.Var[str]


class Bindings(rx.Component):
    """The nodes that an environment is on."""

    library = script("mapping/bindings.jsx")
    tag = "Bindings"

    environment: rx.Var[str]
    can_run: rx.Var[bool]
    can_edit: rx.Var[bool]
    shared_by: rx.Var[str]


class Standing(rx.Component):
    """How an environment stands, and on which node."""

    library = script("mapping/standing.jsx")
    tag = "Standing"

    environment: rx.Var[str]


class Mappings(rx.Component):
    """Every environment by node."""

    library = script("mapping/mappings.jsx")
    tag = "Mappings"


map_dialog = MapDialog.create
bindings = Bindings.create
mappings = Mappings.create
standing = Standing.create
