"""Tests of `openviber_app.api.timeline_payloads`."""

from dataclasses import fields

from openviber_app.api import timeline_payloads
from openviber_app.services import timeline_pages


def test_every_field_of_a_view_has_its_place_in_the_json() -> None:
    for view, body in (
        (timeline_pages.ItemView, timeline_payloads.Item),
        (timeline_pages.FileView, timeline_payloads.File),
        (timeline_pages.RunView, timeline_payloads.RunBody),
        (timeline_pages.TimelinePage, timeline_payloads.Timeline),
    ):
        assert {field.name for field in fields(view)} == set(body.model_fields)
