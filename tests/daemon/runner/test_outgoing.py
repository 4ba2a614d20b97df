"""What may leave in an event."""

from typing import Any

from openviber_daemon.runner.outgoing import clean_payload, clip


def clean(payload: dict[str, Any], shrink: int = 1) -> dict[str, Any]:
    return clean_payload(payload, lambda text: text.replace("ready", "***"), shrink=shrink)


def test_free_text_is_masked_at_every_depth_and_data_is_not() -> None:
    payload = {
        "status": "ready",
        "message": "it is ready",
        "phases": ({"name": "ready", "detail": "ready now", "logStart": 4},),
        "receipt": {
            "steps": [{"command": "echo ready", "logTail": "ready", "variables": ["ready"]}]
        },
        "records": [
            {"id": "ready", "text": "ready", "fields": {"title": "ready", "a": [{"b": "ready"}, 3]}}
        ],
    }

    assert clean(payload) == {
        "status": "ready",
        "message": "it is ***",
        "phases": [{"name": "ready", "detail": "*** now", "logStart": 4}],
        "receipt": {"steps": [{"command": "echo ***", "logTail": "***", "variables": ["ready"]}]},
        "records": [
            {"id": "ready", "text": "***", "fields": {"title": "***", "a": [{"b": "***"}, 3]}}
        ],
    }


def test_short_text_fits_the_wire_and_says_what_is_missing() -> None:
    cleaned = clean({"message": "m" * 10_000, "logTail": "t" * 20_000, "text": "x" * 99_999})

    assert len(cleaned["message"]) == 4000
    assert cleaned["message"].endswith("… (6000 more characters)")
    assert len(cleaned["logTail"]) == 16 * 1024
    assert len(cleaned["text"]) == 32 * 1024


def test_it_can_be_made_smaller_still() -> None:
    cleaned = clean({"logTail": "t" * 20_000, "fields": {"a": "b" * 20_000}}, shrink=16)

    assert len(cleaned["logTail"]) == 1024
    assert len(cleaned["fields"]["a"]) == 1024


def test_a_text_is_masked_before_it_is_clipped() -> None:
    """Or the cut could go through a secret and leave half of it."""
    masked = clean_payload(
        {"message": "x" * 3990 + "hunter2-secret"},
        lambda text: text.replace("hunter2-secret", "[REDACTED]"),
    )

    assert "hunter" not in masked["message"]


def test_what_fits_is_left_alone() -> None:
    assert clip("as it is", 8) == "as it is"
