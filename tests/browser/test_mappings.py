"""Every environment by node."""

import pytest
from playwright.sync_api import expect

from tests.support.ready import ready_environment
from tests.support.rest import Rest
from tests.support.visit import Opening, shoot, violations

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]


def test_an_empty_board_says_what_belongs_there(open_page: Opening) -> None:
    page = open_page("/mappings")
    expect(page.get_by_text("No environment yet")).to_be_visible()
    expect(page.get_by_role("main").get_by_role("link", name="Create environment")).to_be_visible()
    assert violations(page) == []


@pytest.fixture(scope="module")
def environments(rest: Rest) -> None:
    """One that is ready, one that failed, one that is nowhere."""
    made = ready_environment(rest, "checkout-api")
    node = rest.get(f"/api/environments/{made['id']}/bindings")["bindings"][0]["nodeId"]
    broken = rest.environment("storefront-web", setupMode="manual", setupScript="exit 3")
    rest.prepared(rest.map(broken, node)["id"])
    rest.environment("infra-scripts")


@pytest.mark.usefixtures("environments")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_every_environment_is_there_with_its_node(
    open_page: Opening, size: str, scheme: str
) -> None:
    page = open_page("/mappings", size=size, scheme=scheme)
    main = page.get_by_role("main")
    expect(main.locator("tr", has_text="checkout-api")).to_contain_text("Ready")
    expect(main.locator("tr", has_text="storefront-web")).to_contain_text("exit code 3")
    expect(main.locator("tr", has_text="infra-scripts")).to_contain_text("Unmapped")
    assert violations(page) == []
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.evaluate("innerWidth")
    shoot(page, "mappings")


@pytest.mark.usefixtures("environments")
def test_the_filter_is_in_the_address_and_mapping_starts_here(open_page: Opening) -> None:
    page = open_page("/mappings?q=infra")
    main = page.get_by_role("main")
    expect(main.locator("tbody tr")).to_have_count(1)
    main.get_by_role("button", name="Map infra-scripts to node").click()
    dialog = page.get_by_role("dialog", name="Map to node")
    expect(dialog).to_contain_text("infra-scripts will be provisioned there")
    dialog.get_by_role("button", name="Prepare environment").click()
    expect(dialog.get_by_role("heading", name="Ready on")).to_be_visible()
    dialog.get_by_role("button", name="Close").first.click()
    expect(main.locator("tbody tr")).to_contain_text("Ready")
    main.get_by_role("searchbox").fill("no such thing")
    expect(main.get_by_text("Nothing fits")).to_be_visible()
    assert "q=no+such+thing" in page.url
    main.get_by_role("searchbox").fill("")
    expect(main.locator("tbody tr")).to_have_count(3)
