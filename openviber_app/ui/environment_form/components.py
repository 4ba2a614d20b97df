"""The wrapper of the form that makes and edits an environment."""

import reflex as rx

from openviber_app.ui.published import script


class EnvironmentForm(rx.Component):
    """The page of `/environments/new` and `/environments/<id>/edit`; the address says which."""

    library = script("environment_form/environment_form.jsx")
    tag = "EnvironmentForm"


environment_form = EnvironmentForm.create
