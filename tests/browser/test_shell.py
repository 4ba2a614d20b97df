"""The frame of every page."""

import pytest
from playwright.sync_api import expect

from tests.support.visit import Opening, shoot, violations

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_an_empty_board_reads_well(open_page: Opening, size: str, scheme: str) -> None:
    page = open_page("/", size=size, scheme=scheme)
    expect(page.get_by_text("1 node online").locator("visible=true")).to_be_visible()
    assert violations(page) == []
    shoot(page, "empty-board")
