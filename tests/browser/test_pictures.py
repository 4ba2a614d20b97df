"""A tour of every page and dialog, on a board in use: a picture of each, and axe on each."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.support.board_process import BoardProcess
from tests.support.rest import Rest
from tests.support.rich_board import RichBoard, rich_board
from tests.support.visit import SIZES, Opening, shoot, violations

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400)]

PLACES = (
    ("home", "/", "Fix flaky webhook retry test"),
    ("environment", "/environments/[checkout-api]", "gpu-box"),
    ("environment-stale", "/environments/[storefront-web]", "Stale"),
    ("environment-failed", "/environments/[data-jobs]", "Error"),
    ("environment-unmapped", "/environments/[infra-scripts]", "Unmapped"),
    ("edit", "/environments/[checkout-api]/edit", "Basic"),
    ("wizard", "/environments/new", "Basic"),
    ("wizard-code", "/environments/new?step=code", "Code execution"),
    ("wizard-variables", "/environments/new?step=variables", "Variables"),
    ("wizard-validation", "/environments/new?step=validation", "Validation"),
    ("map", "/environments/[infra-scripts]?dialog=map", "studio-01"),
    ("map-ready", "/mappings?dialog=map&map.prepare=[checkout-api on studio-01]", "setup ok"),
    ("map-failed", "/mappings?dialog=map&map.prepare=[data-jobs on studio-01]", "no matching"),
    ("mappings", "/mappings", "data-jobs"),
    ("thread-running", "/threads/[Fix flaky webhook retry test]", "run 40 of 50"),
    ("thread-done", "/threads/[Upgrade Stripe SDK to v14]", "Worked"),
    ("thread-failed", "/threads/[Migrate to SQLAlchemy 2.1]", "exit 3"),
    ("thread-archived", "/threads/[Try the new linter]", "archived"),
    ("thread-setup", "/threads/[Upgrade Stripe SDK to v14]?inspector=setup", "setup ok"),
    ("nodes", "/nodes", "old-laptop"),
    ("node", "/nodes?node=[studio-01]", "studio-01"),
    ("add-node", "/nodes?dialog=add-node", "Name"),
    ("environments", "/?dialog=environments", "storefront-web"),
    ("palette", "/?dialog=palette", "Create environment"),
    ("shortcuts", "/?dialog=shortcuts", "Search and commands"),
    *((f"settings-{s}", f"/settings?section={s}", "Settings") for s in ("profile", "sessions")),
    *((f"settings-{s}", f"/settings?section={s}", "Settings") for s in ("tokens", "appearance")),
    ("kit", "/kit", "A dialog"),
)
"""Its name, its address with names in brackets, and words that stand there once it is whole."""


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RichBoard]:
    with rich_board(tmp_path_factory.mktemp("rich")) as running:
        yield running


@pytest.fixture(scope="module")
def board(rich: RichBoard) -> BoardProcess:
    return rich.board


@pytest.fixture(scope="module")
def rest(rich: RichBoard) -> Rest:
    return rich.rest


def address_of(rich: RichBoard, path: str) -> str:
    ids = {**rich.environments, **rich.threads, **rich.nodes, **rich.prepares}
    for name, value in ids.items():
        path = path.replace(f"[{name}]", value)
    assert "[" not in path, path
    return path


def see(page: Page, words: str) -> None:
    expect(page.get_by_text(words).locator("visible=true").first).to_be_visible()
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_every_place_is_whole_and_axe_finds_nothing(
    open_page: Opening, rich: RichBoard, size: str, scheme: str
) -> None:
    page = open_page("/", size=size, scheme=scheme)
    wrong: dict[str, list[str]] = {}
    for name, path, words in PLACES:
        page.goto(address_of(rich, path))
        see(page, words)
        shoot(page, f"tour-{name}")
        found = violations(page)
        if page.evaluate("document.documentElement.scrollWidth") > SIZES[size][0]:
            found.append("it is wider than the screen")
        if found:
            wrong[name] = found
    assert wrong == {}
