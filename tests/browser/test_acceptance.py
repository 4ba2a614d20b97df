"""The six things that environments and threads were made for, by clicking and by touch."""

import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Response, WebSocket, expect

from tests.support.board_process import BoardProcess, board_process
from tests.support.browser import visitor
from tests.support.git_server import GitServer
from tests.support.journey import Journey
from tests.support.machine import Machine, files_with, proxies_of, wait_online
from tests.support.rest import Rest
from tests.support.visit import PATIENCE, SIZES, shoot

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

LIBRARY = "iniconfig==2.3.1"
NODE = "studio-02"
SECRET = "hunter2-Zq9#4 b/+tail"
SETUP = """\
set -eu
echo "setting up for $STAGE"
while [ ! -e '{marker}' ]; do sleep 0.1; done
python3 -m venv .venv
.venv/bin/pip install --quiet -e . pytest
echo "the token is $API_TOKEN"
echo "$API_TOKEN" | base64
date +%s%N > .venv/set-up-at
"""
TESTS = """\
date +%s%N
cat .venv/set-up-at
echo "stage $STAGE, token $API_TOKEN"
.venv/bin/python -m pytest -q -p no:cacheprovider testing
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The unpacked source distribution of a small public library, with its test suite."""
    folder = tmp_path_factory.mktemp("sdist")
    subprocess.run(
        [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:",
         "--dest", str(folder), LIBRARY],
        check=True,
    )  # fmt: skip
    (archive,) = folder.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    return next(entry for entry in folder.iterdir() if entry.is_dir())


@dataclass
class Heard:
    """Everything that a browser was told."""

    texts: list[tuple[str, str]] = field(default_factory=list)

    def listen(self, page: Page) -> None:
        page.on("response", self._response)
        page.on("websocket", self._socket)

    def _response(self, response: Response) -> None:
        if "/api/" in response.url:
            with suppress(Exception):  # one whose page has gone has no body
                self.texts.append((response.url, response.text()))

    def _socket(self, socket: WebSocket) -> None:
        socket.on("framereceived", lambda data: self.texts.append((socket.url, str(data))))

    def places_of(self, secret: str) -> list[str]:
        forms = (secret, json.dumps(secret)[1:-1])
        return [place for place, text in self.texts if any(form in text for form in forms)]


@dataclass
class Story:
    """One person's way; each chapter is told once, with those before it."""

    journey: Journey
    board: BoardProcess
    node: Machine
    repository: str
    folder: Path
    heard: Heard

    @property
    def page(self) -> Page:
        return self.journey.page

    @property
    def marker(self) -> Path:
        return self.folder / "go-on"

    def get(self, path: str) -> Any:
        """Ask the board with the person's own session."""
        answer = self.page.request.get(path)
        assert answer.ok, answer.text()
        return answer.json()

    @cached_property
    def owner(self) -> Rest:
        """Sign up; returns the owner as a program, for the second machine's installation."""
        self.journey.sign_up(self.board.setup_code())
        rest = Rest(self.board.url)
        made = self.page.request.post(
            "/api/tokens", data={"name": "tests"}, headers={"origin": self.board.url}
        )
        rest.token = made.json()["value"]
        self.node.onboard(rest, name=NODE)
        self.node.start()
        wait_online(rest, self.node)
        return rest

    @cached_property
    def environment(self) -> str:
        """Create the environment in four steps; returns its id."""
        assert self.owner
        self.journey.start_environment(self.repository)
        self.journey.describe(name="iniconfig")
        self.journey.set_up_with(SETUP.format(marker=self.marker))
        self.journey.give(
            variables={"STAGE": "acceptance", **proxies_of(os.environ)},
            secrets={"API_TOKEN": SECRET},
        )
        self.journey.validate()
        return self.journey.create_and_map()

    @cached_property
    def preparing(self) -> str:
        """Map it; returns what the log says while the set-up script waits for us."""
        assert self.environment
        self.journey.prepare_on(NODE)
        expect(self.journey.attempt_log).to_contain_text("setting up for acceptance")
        return self.journey.attempt_log.inner_text()

    @cached_property
    def is_ready(self) -> bool:
        """Let the set-up script go on, and wait for what the page says."""
        assert self.preparing
        self.marker.touch()
        expect(self.page.get_by_role("dialog")).to_contain_text("[REDACTED]")
        self.journey.close_dialog()
        expect(self.journey.pill).to_contain_text("Ready")
        return True

    @cached_property
    def output(self) -> str:
        """Run the project's own tests in a new thread; returns its log as the page shows it."""
        assert self.is_ready
        self.journey.start_thread(TESTS)
        card = self.journey.run_ends("completed")
        log = self.journey.read_log(card)
        expect(log).to_contain_text(" passed")
        return log.inner_text()


@pytest.fixture(scope="module", params=["desktop", "phone"])
def story(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    browser: Browser,
    library: Path,
) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp(request.param)
    with GitServer(folder / "git") as git:
        repository = git.create_repo("iniconfig", library)
        settings = {"OPENVIBER_GIT_HOSTS": git.host}
        with (
            board_process(folder / "board", settings=settings) as board,
            visitor(browser, board.url, size=SIZES[request.param]) as page,
        ):
            page.set_default_timeout(PATIENCE)
            heard = Heard()
            heard.listen(page)
            machine = Machine(folder / "machine")
            try:
                yield Story(Journey(page), board, machine, repository, folder, heard)
            finally:
                machine.end()


def test_acceptance_1_an_environment_with_a_script_and_secrets_is_created(story: Story) -> None:
    found = story.get(f"/api/environments/{story.environment}")
    assert found["repoUrl"] == story.repository
    assert found["setupScript"].startswith("set -eu")
    assert {row["key"]: row["value"] for row in found["variables"]}["STAGE"] == "acceptance"
    assert [row["key"] for row in found["secrets"]] == ["API_TOKEN"]
    assert "value" not in found["secrets"][0]


def test_acceptance_2_it_is_mapped_and_its_prepare_is_seen_live(story: Story) -> None:
    assert "setting up for acceptance" in story.preparing
    assert not story.marker.exists()  # so the script was still at work when the page told of it
    shoot(story.page, "acceptance-preparing")
    assert story.is_ready


def test_acceptance_3_a_thread_runs_without_a_command_on_the_machine(story: Story) -> None:
    assert " passed" in story.output
    shoot(story.page, "acceptance-thread")
    thread_id = story.page.url.rpartition("/")[2].split("?")[0]
    assert story.get(f"/api/threads/{thread_id}")["environmentId"] == story.environment


def test_acceptance_4_the_run_has_its_variables_and_comes_after_the_set_up(story: Story) -> None:
    assert "stage acceptance, token [REDACTED]" in story.output
    ran_at, set_up_at = (int(n) for n in [w for w in story.output.split() if len(w) == 19][:2])
    assert set_up_at < ran_at


def test_acceptance_5_the_secret_is_nowhere_in_the_clear(story: Story) -> None:
    assert story.output
    for path in ("/", f"/environments/{story.environment}", "/mappings", "/nodes"):
        story.page.goto(path)
        expect(story.page.locator("body")).not_to_contain_text(SECRET)
    story.page.goto(f"/environments/{story.environment}/edit?step=variables")
    expect(story.page.get_by_text("API_TOKEN").first).to_be_visible()
    values = "[...document.querySelectorAll('input, textarea')].map((one) => one.value).join('\\n')"
    assert SECRET not in story.page.content() + story.page.evaluate(values)
    assert SECRET not in story.page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")
    assert story.heard.texts
    assert story.heard.places_of(SECRET) == []
    for form in (SECRET.encode(), json.dumps(SECRET)[1:-1].encode()):
        assert files_with(form, story.board.data.parent) == []
        assert files_with(form, story.node.home.parent) == []


def test_acceptance_6_the_sidebar_begins_with_environments_and_threads(story: Story) -> None:
    assert story.output
    story.page.goto("/")
    sidebar = story.page.get_by_role("complementary", name="Sidebar")
    expect(sidebar).to_contain_text("iniconfig")
    threads = sidebar.get_by_role("group", name="Threads")
    expect(threads.get_by_role("link")).to_have_count(1)
    story.journey.press(threads.get_by_role("link").first)
    expect(story.page.get_by_role("feed", name="Conversation")).to_be_visible()
    width = story.page.evaluate("document.documentElement.scrollWidth")
    assert width <= (story.page.viewport_size or {"width": 0})["width"]
