"""What a person does on the board, by clicking or by touch, in the words of its pages."""

import re
from collections.abc import Mapping

from playwright.sync_api import Locator, Page, expect

from tests.support.browser import PHONE

PERSON = {
    "Your name": "Ada",
    "E-mail": "ada@example.org",
    "Password": "correct horse battery staple",
}


class Journey:
    """One person's browser. Each method ends when the page shows what it led to."""

    def __init__(self, page: Page) -> None:
        self.page = page
        width = (page.viewport_size or {"width": 0})["width"]
        self.is_phone = width <= PHONE[0]

    # ------------------------------------------------------------ hands

    def press(self, target: Locator) -> None:
        """Tap on a phone, click elsewhere."""
        if self.is_phone:
            target.tap()
        else:
            target.click()

    def type_into(self, target: Locator, text: str) -> None:
        """Write a text where another one may stand."""
        self.press(target)
        target.fill(text)

    def _seen(self, target: Locator) -> Locator:
        return target.locator("visible=true").first

    # ------------------------------------------------------------ the door

    def sign_up(self, code: str) -> None:
        """Make the owner's account."""
        self.page.goto("/")
        self.page.wait_for_url(re.compile(r"/setup/?$"))
        self.type_into(self.page.get_by_label("Set-up code"), code)
        for label, text in PERSON.items():
            self.type_into(self.page.get_by_label(label, exact=True), text)
        self.press(self.page.get_by_role("button", name="Create account"))
        expect(self.page).to_have_url(re.compile(r"^http://[^/]+/$"))

    # ------------------------------------------------------------ an environment

    def start_environment(self, repository: str) -> None:
        """Take a repository's address from the empty board to the form of its environment."""
        self.page.goto("/")
        card = self.page.get_by_role("region", name="Your repository")
        self.type_into(card.get_by_label("Address"), repository)
        self.press(card.get_by_role("button", name="Continue"))
        self.page.wait_for_url("**/environments/new*")
        expect(self.page.get_by_label("Repository address")).to_have_value(repository)

    def describe(self, *, name: str) -> None:
        """Fill in the rest of the first step."""
        main = self.page.get_by_role("main")  # dialogs of the frame have names too
        self.type_into(main.get_by_label("Name", exact=True), name)

    def set_up_with(self, script: str) -> None:
        """Fill in the second step."""
        self.next("Code execution")
        self.press(self.page.get_by_role("radio", name="Run my script"))
        self.type_into(self.page.get_by_label("Set-up script"), script)

    def give(self, *, variables: Mapping[str, str], secrets: Mapping[str, str]) -> None:
        """Fill in the third step."""
        self.next("Variables")
        for name, value in variables.items():
            self.press(self.page.get_by_role("button", name="+ Variable"))
            region = self.page.get_by_role("region", name="Variables")
            self.type_into(region.get_by_label("Name", exact=True).last, name)
            self.type_into(region.get_by_label(f"Value of {name}"), value)
        for name, value in secrets.items():
            self.press(self.page.get_by_role("button", name="+ Secret"))
            self.type_into(self.page.get_by_label("Name of the secret").last, name)
            self.type_into(self.page.get_by_label(f"Value of {name}", exact=True), value)

    def next(self, step: str) -> None:
        """Go on to a step."""
        self.press(self.page.get_by_role("button", name=f"Next: {step}"))
        steps = self.page.get_by_role("navigation", name="Steps")
        expect(steps.locator("[aria-current=step]")).to_contain_text(step)

    def validate(self) -> None:
        """Go to the last step and wait for what the board found out."""
        self.next("Validation")
        expect(self.page.get_by_role("region", name="Repository reachable")).to_be_visible()

    def create_and_map(self) -> str:
        """Save; return the environment's id, with the map dialog open."""
        self.press(self.page.get_by_role("button", name="Create and map to a node"))
        expect(self.map_dialog).to_be_visible()
        found = re.search(r"/environments/([0-9a-f-]{36})", self.page.url)
        assert found, self.page.url
        return found[1]

    # ------------------------------------------------------------ a node for it

    @property
    def map_dialog(self) -> Locator:
        return self.page.get_by_role("dialog", name="Map to node")

    def prepare_on(self, node: str) -> None:
        """Choose a node and have the environment prepared; the dialog becomes the attempt."""
        card = self.map_dialog.locator("label").filter(has_text=node)
        self.press(card)
        expect(card.get_by_role("radio")).to_be_checked()
        self.press(self.map_dialog.get_by_role("button", name="Prepare environment"))
        expect(self.attempt_log).to_be_visible()

    @property
    def attempt_log(self) -> Locator:
        return self.page.get_by_role("dialog").get_by_role("log")

    @property
    def pill(self) -> Locator:
        """How the environment is, wherever the page says so first."""
        return self._seen(self.page.locator("#main > header .pill"))

    def close_dialog(self) -> None:
        self.page.keyboard.press("Escape")
        expect(self.page.get_by_role("dialog")).to_have_count(0)

    # ------------------------------------------------------------ a thread

    def start_thread(self, script: str) -> str:
        """Say the first thing in a new thread; return its id."""
        self.page.goto("/")
        self.press(self._seen(self.page.get_by_role("link", name="New thread")))
        self.page.wait_for_url("**/environments/*")
        self.send(script)
        self.page.wait_for_url(re.compile(r"/threads/[0-9a-f-]{36}"))
        return self.page.url.rpartition("/")[2].split("?")[0]

    def send(self, script: str) -> None:
        self.type_into(self.page.get_by_role("textbox", name="Script"), script)
        self.press(self.page.get_by_role("button", name=re.compile("^(Send|Queue)$")))

    def run_ends(self, status: str) -> Locator:
        """Wait for the last run's end; return its card."""
        card = self.page.locator(f".run[data-status={status}]").last
        expect(card).to_be_visible()
        return card

    def read_log(self, card: Locator) -> Locator:
        """Open a run's work as far as its log."""
        log = card.get_by_role("log")
        for closed in (
            "button.run-fold[aria-expanded=false]",
            "button.step-line[aria-expanded=false]",
        ):
            if log.count() == 0 and card.locator(closed).count():
                self.press(card.locator(closed).last)
        expect(log.last).to_be_visible()
        return log.last
