"""The wrapper of the form that makes and edits an environment."""

from pathlib import Path

import reflex as rx

MAIN = "environment_form.jsx"
for _file in sorted(Path(__file__).parent.glob("*.js*")):
    rx.asset(_file.name, shared=True)  # they import each other, from the same folder


class EnvironmentForm(rx.Component):
    """The page of `/environments/new` and `/environments/<id>/edit`; the address says which."""

    library = f"$/public{rx.asset(MAIN, shared=True)}"
    tag = "EnvironmentForm"


environment_form = EnvironmentForm.create
