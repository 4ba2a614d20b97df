"""The keys' section and the list of what nodes were sent, by clicking."""

import pytest
from playwright.sync_api import expect

from tests.support.ready import ready_environment
from tests.support.rest import Rest
from tests.support.visit import Opening, shoot, violations

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


def test_the_owner_rotates_verifies_and_sees_who_was_sent_what(
    open_page: Opening, rest: Rest
) -> None:
    made = ready_environment(rest, "with-secret")
    path = f"/api/environments/{made['id']}"
    shown = rest.get(path)
    put = {name: shown[name] for name in ("name", "type", "setupMode", "setupScript")}
    rest.put(path, {**put, "secrets": [{"key": "TOKEN", "value": "hunter2-secret"}]})
    (binding,) = rest.get("/api/bindings")["bindings"]
    prepare = rest.post(f"/api/bindings/{binding['id']}/prepares", {})
    assert rest.prepared(prepare["prepare"]["id"])["status"] == "succeeded"
    rest.put(path, {**put, "secrets": [{"key": "TOKEN", "value": "hunter3-secret"}]})

    page = open_page("/settings?section=keys")
    page.get_by_role("button", name="Verify all secrets").click()
    expect(page.get_by_text("All open: 1 secret of 1 environment.")).to_be_visible()
    page.get_by_role("button", name="Rotate…").click()
    page.get_by_role("button", name="Rotate", exact=True).click()
    expect(page.get_by_text("2 of 2 sealed again.")).to_be_visible()
    assert violations(page) == []
    shoot(page, "keys-rotated")

    for size in ("desktop", "phone"):
        page = open_page(f"/environments/{made['id']}/edit?step=variables", size=size)
        expect(page.get_by_text("version 1 (old; 2 is current)")).to_be_visible()
        assert "hunter" not in page.content()
        assert violations(page) == []
        page.get_by_text("version 1 (old").scroll_into_view_if_needed()
        shoot(page, "keys-delivered")
