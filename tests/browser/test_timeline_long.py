"""A thread of 5,000 entries: all of it can be read, little of it is in the document."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.board_process import BoardProcess
from tests.support.rest import Rest
from tests.support.thread_page import fill_thread, suggesting_environment
from tests.support.visit import Opening

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

ENTRIES = 5000
MOST_ROWS = 80
KEYS = "Array.from(document.querySelectorAll('[role=feed] .said pre'), (e) => e.textContent)"


@pytest.fixture(scope="module")
def thread(board: BoardProcess, rest: Rest) -> dict[str, Any]:
    made = rest.thread(suggesting_environment(rest))
    fill_thread(board.data, made, ENTRIES)
    return made


def feed_of(page: Page) -> Locator:
    return page.get_by_role("feed", name="Conversation")


def number_of(text: str) -> int:
    return int(text.partition("\n")[0].removeprefix("echo entry "))


def test_it_opens_at_its_end_and_every_entry_can_be_scrolled_to(
    open_page: Opening, thread: dict[str, Any]
) -> None:
    page = open_page(f"/threads/{thread['id']}")
    expect(page.get_by_text(f"echo entry {ENTRIES - 1}", exact=False).first).to_be_visible()
    feed = feed_of(page)
    seen: list[int] = []
    while 1 not in seen:
        texts = page.evaluate(KEYS)
        numbers = [number_of(text) for text in texts]
        assert len(numbers) <= MOST_ROWS
        assert numbers == list(range(numbers[0], numbers[-1] + 1, 2)), "in order, each once"
        seen += numbers
        first = numbers[0]
        if first == 1:
            break
        feed.evaluate("(e) => { e.scrollTop -= e.clientHeight * 0.9; }")
        page.wait_for_function(f"() => {{ const all = {KEYS}; return all[0] !== {texts[0]!r}; }}")
    assert sorted(set(seen)) == list(range(1, ENTRIES, 2))
    feed.focus()
    page.keyboard.press("Home")
    expect(page.locator(".said").first).to_be_in_viewport()
    expect(page.locator(".said").first).to_have_text(re.compile(r"^echo entry 1\s"))
    page.get_by_role("button", name="Jump to latest").click()
    expect(page.get_by_text(f"echo entry {ENTRIES - 1}").first).to_be_in_viewport()


def test_what_is_read_stays_in_its_place_while_older_and_newer_entries_come(
    open_page: Opening, rest: Rest, thread: dict[str, Any]
) -> None:
    page = open_page(f"/threads/{thread['id']}")
    expect(page.get_by_text(f"echo entry {ENTRIES - 1}").first).to_be_visible()
    feed = feed_of(page)
    moved = page.evaluate(
        """async () => {
          const feed = document.querySelector('[role=feed]');
          const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
          let worst = 0;
          let was = 0;
          for (let n = 0; n < 150; n++) {
            const rows = [...feed.querySelectorAll('[data-key]')];
            const row = rows.find((one) => one.getBoundingClientRect().top > 100);
            const before = row.getBoundingClientRect().top;
            const step = Math.min(120, feed.scrollTop);
            feed.scrollTop -= step;
            await frame();
            await frame();
            if (!row.isConnected) return 'the entry that was read is gone';
            const off = row.getBoundingClientRect().top - before - step;
            if (step) worst = Math.max(worst, Math.abs(off));
            was += step;
          }
          return was > 10000 ? worst : 'it did not scroll';
        }"""
    )
    assert isinstance(moved, (int, float)), moved
    assert moved < 3
    place = "(e) => e.querySelector('[data-key]').getBoundingClientRect().top"
    before = feed.evaluate(place)
    rest.say(thread, "echo a new one")
    expect(page.get_by_role("button", name="1 new")).to_be_visible()
    assert abs(feed.evaluate(place) - before) < 3
    page.get_by_role("button", name="1 new").click()
    expect(page.get_by_text("echo a new one").first).to_be_in_viewport()
