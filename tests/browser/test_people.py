"""How people come, what they are, how they leave, and how they get in again: by clicking."""

import os
import re
import subprocess
import sys

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.board_process import ROOT, BoardProcess
from tests.support.browser import visitor
from tests.support.rest import OWNER, RefusedError, Rest
from tests.support.visit import SIZES, Opening, shoot, violations

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

SIGN_IN = re.compile(r"/sign-in/?(\?.*)?$")
GRACE = {"name": "Grace", "email": "grace@example.org", "password": "correct horse battery"}


def fill(page: Page, values: dict[str, str]) -> None:
    for name, value in values.items():
        page.fill(f"[name={name}]", value)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_doors_of_links_fit_the_screen_and_axe_finds_nothing(
    browser: Browser, board: BoardProcess, rest: Rest, size: str, scheme: str
) -> None:
    assert rest.token  # there is an owner
    with visitor(browser, board.url, size=SIZES[size], scheme=scheme) as page:
        for path in ("/join", "/join#ov_invite_x", "/reset"):
            page.goto("about:blank")
            page.goto(path)
            expect(page.get_by_role("heading")).to_be_visible()
            shown = page.get_by_text("not the whole link").count()
            if path == "/join":
                expect(page.get_by_text("not the whole link")).to_be_visible()
            else:
                assert not shown
            assert violations(page) == []
            shoot(page, f"door-{path.strip('/').replace('#', '-').partition('_')[0]}")


def test_an_invite_is_sent_used_once_and_seen_by_no_server(
    open_page: Opening, browser: Browser, board: BoardProcess
) -> None:
    page = open_page("/settings?section=people")
    page.get_by_label("For whom").fill("Grace Hopper")
    page.get_by_role("button", name="Create link").click()
    link = page.get_by_role("region", name="Invite link").inner_text()
    assert violations(page) == []
    shoot(page, "settings-invite")
    page.get_by_role("button", name="I have it").click()
    expect(page.get_by_role("list", name="Open invites")).to_contain_text("Grace Hopper")
    assert link not in page.content()
    address, _, token = link.partition("#")
    assert address == f"{board.url}/join"
    with visitor(browser, board.url) as theirs:
        asked: list[str] = []
        theirs.on("request", lambda r: asked.append(f"{r.url} {r.headers}"))
        theirs.goto(link)
        expect(theirs).to_have_url(re.compile(r"/join/?$"))
        fill(theirs, GRACE)
        theirs.get_by_role("button", name="Create account").click()
        expect(theirs.get_by_role("button", name="Your menu, Grace")).to_be_visible()
        assert asked
        assert not [line for line in asked if token in line]
        theirs.goto("/settings?section=people")  # not for her: the first section is shown
        expect(theirs.get_by_role("heading", name="Profile")).to_be_visible()
        expect(theirs.get_by_role("link", name="People")).to_have_count(0)
    body = GRACE | {"email": "other@example.org", "token": token}
    with pytest.raises(RefusedError) as refused:
        Rest(board.url).post("/api/join", body)
    assert refused.value.status == 403


def test_another_role_signs_somebody_out_where_they_are_and_the_last_owner_stays(
    open_page: Opening, browser: Browser, board: BoardProcess, rest: Rest
) -> None:
    rest.post("/api/users", GRACE | {"name": "Ida", "email": "ida@example.org"})
    page = open_page("/settings?section=people")
    expect(page.get_by_role("combobox", name="Role of Ada")).to_have_count(0)
    expect(page.get_by_role("button", name="Remove Ada")).to_have_count(0)
    with visitor(browser, board.url) as theirs:
        theirs.goto("/sign-in")
        fill(theirs, {"email": "ida@example.org", "password": GRACE["password"]})
        theirs.get_by_role("button", name="Sign in").click()
        expect(theirs.get_by_role("button", name="Your menu, Ida")).to_be_visible()
        page.get_by_label("Role of Ida").select_option("admin")
        asked = page.get_by_role("alertdialog")
        expect(asked).to_contain_text("signed out everywhere")
        asked.get_by_role("button", name="Change role").click()
        expect(page.get_by_label("Role of Ida")).to_have_value("admin")
        theirs.wait_for_url(SIGN_IN)
    shoot(page, "settings-people-roles")
    page.set_viewport_size({"width": 390, "height": 844})
    shoot(page, "settings-people-roles")
    page.get_by_role("button", name="Remove Ida").click()
    asked = page.get_by_role("alertdialog")
    expect(asked).to_contain_text("cannot be undone")
    assert violations(page) == []
    asked.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("button", name="Remove Ida")).to_have_count(0)


def test_a_forgotten_password_is_set_anew_with_what_the_console_prints(
    open_page: Opening, browser: Browser, board: BoardProcess, rest: Rest
) -> None:
    rest.post("/api/users", GRACE | {"name": "Joan", "email": "joan@example.org"})
    done = subprocess.run(
        [sys.executable, "-m", "openviber_app", "reset-password", "joan@example.org"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATA": str(board.data), "PUBLIC_URL": board.url},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    link = next(word for word in done.stdout.split() if "#ov_reset_" in word)
    with visitor(browser, board.url) as page:
        page.goto(link)
        expect(page).to_have_url(re.compile(r"/reset/?$"))
        expect(page.get_by_label("One-time code")).to_have_value(link.partition("#")[2])
        page.get_by_label("New password").fill("another long one")
        page.get_by_role("button", name="Set password").click()
        page.wait_for_url(SIGN_IN)
        fill(page, {"email": "joan@example.org", "password": "another long one"})
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("button", name="Your menu, Joan")).to_be_visible()
    assert OWNER["email"] not in done.stdout
