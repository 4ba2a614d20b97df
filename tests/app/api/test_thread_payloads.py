"""Tests of `openviber_app.api.thread_payloads`."""

from dataclasses import fields

import pytest
from pydantic import ValidationError

from openviber_app.api import thread_payloads
from openviber_app.services.messages import MessageView
from openviber_app.services.thread_views import LastRun, ThreadView


def test_every_field_of_a_view_has_its_place_in_the_json() -> None:
    for view, body in (
        (ThreadView, thread_payloads.ThreadBody),
        (LastRun, thread_payloads.LastRunBody),
        (MessageView, thread_payloads.MessageBody),
    ):
        assert {field.name for field in fields(view)} == set(body.model_fields)


def test_what_people_send_is_closed() -> None:
    for body in (
        thread_payloads.ThreadCreate,
        thread_payloads.ThreadPatch,
        thread_payloads.MessageCreate,
    ):
        with pytest.raises(ValidationError, match="surprise"):
            body.model_validate({"surprise": 1})
