"""Making and editing an environment, by clicking, on a real board with the node of its machine."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.processes import wait_until
from tests.support.rest import Rest
from tests.support.visit import Opening, shoot, violations

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

NEW = "/environments/new"
REPO = "https://github.com/acme/checkout-api"
OTHER = "https://github.com/other/checkout-api"
BROKEN = "set -u\nif [ -f uv.lock ]; then\n  uv sync --frozen\n"
ENV_FILE = """export CONFIG='prod'
TZ=UTC # city
STRIPE_KEY=sk_live_4242
DB_URL=postgres://u:hunter2@h/d
"""


def named(page: Page) -> Locator:
    """The form's Name; dialogs of the frame have one too."""
    return page.get_by_role("main").get_by_label("Name", exact=True)


def step(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Steps").get_by_role("link", name=name).click()


def plan(page: Page) -> Locator:
    return page.get_by_role("complementary", name="What a node will do")


def start(opened: Page, rest: Rest) -> Page:
    """Begin with an empty form, whatever the last test left."""
    rest.delete("/api/drafts/environment:new")
    opened.evaluate("localStorage.clear()")
    opened.goto(NEW)
    return opened


def made(rest: Rest, name: str, **fields: Any) -> dict[str, Any]:
    return rest.environment(name, **fields)


def own_node(rest: Rest) -> dict[str, Any]:
    """The node of the board's machine, once it is there."""

    def there() -> dict[str, Any] | None:
        (node, *_) = rest.get("/api/nodes")["nodes"]
        return node if node["link"] == "connected" else None

    return wait_until(there, what="the board's own node")


def paste(page: Page, target: Locator, text: str) -> None:
    """Paste as a person does: the field's paste event carries the text."""
    target.focus()
    target.evaluate(
        """(field, text) => {
          const data = new DataTransfer();
          data.setData("text/plain", text);
          const how = { clipboardData: data, bubbles: true, cancelable: true };
          field.dispatchEvent(new ClipboardEvent("paste", how));
        }""",
        text,
    )


def test_a_pasted_address_fills_its_parts_and_suggests_the_name(page: Page, rest: Rest) -> None:
    start(page, rest)
    paste(
        page,
        page.get_by_label("Repository address"),
        f"{REPO}/tree/dev",
    )
    expect(page.get_by_label("Repository address")).to_have_value(REPO)
    expect(page.get_by_label("Organisation")).to_have_value("acme")
    expect(page.get_by_label("Repository", exact=True)).to_have_value("checkout-api")
    expect(page.get_by_label("Branch")).to_have_value("dev")
    expect(named(page)).to_have_value("checkout-api")
    expect(plan(page)).to_contain_text("github.com/acme/checkout-api")
    expect(plan(page)).to_contain_text("at dev")
    page.get_by_label("Organisation").fill("other")
    expect(page.get_by_label("Repository address")).to_have_value(OTHER)
    page.get_by_label("Folder on a node").check()
    expect(page.get_by_label("Repository address")).to_have_count(0)
    page.get_by_label("Path on the node").fill("/srv/code")
    expect(plan(page)).to_contain_text("use /srv/code")
    page.get_by_label("Git repository").check()
    expect(page.get_by_label("Repository address")).to_have_value(OTHER)


def test_an_environment_is_made_by_clicking_through_the_steps(page: Page, rest: Rest) -> None:
    start(page, rest)
    page.get_by_label("Empty folder").check()
    named(page).fill("clicked")
    page.get_by_role("button", name="Next: Code execution").click()
    page.wait_for_url(re.compile(r"\?step=code$"))
    page.get_by_label("Run my script").check()
    page.get_by_label("Set-up script").fill("echo one\necho two\n")
    page.get_by_label("Time limit").fill("5")
    page.get_by_label("Keep the volume").check()
    expect(plan(page)).to_contain_text("the set-up script (2 lines)")
    expect(plan(page)).to_contain_text("5 min")
    expect(plan(page)).to_contain_text("keep the volume")
    step(page, "Variables")
    page.get_by_role("button", name="+ Variable").click()
    named(page).fill("CONFIG")
    page.get_by_label("Value of CONFIG").fill("prod\nline two")
    page.get_by_role("button", name="+ Secret").click()
    page.get_by_label("Name of the secret").fill("STRIPE")
    page.get_by_label("Value of STRIPE").fill("sk_live_4242")
    page.get_by_label("Who sees STRIPE").select_option("runtime")
    expect(plan(page)).to_contain_text("STRIPE ••••")
    step(page, "Validation")
    page.get_by_role("button", name="Create", exact=True).click()
    page.wait_for_url(re.compile(r"/environments/[0-9a-f-]{36}/?$"))
    found = rest.get("/api/environments/" + page.url.rstrip("/").rpartition("/")[2])
    assert (found["name"], found["type"], found["setupMode"]) == ("clicked", "manual", "manual")
    assert (found["timeLimitSeconds"], found["persistVolume"]) == (300, True)
    assert found["variables"] == [{"key": "CONFIG", "value": "prod\nline two"}]
    assert [(s["key"], s["scope"]) for s in found["secrets"]] == [("STRIPE", "runtime")]
    assert rest.get("/api/drafts/environment:new")["value"] is None


def test_create_and_map_asks_for_the_node_next(page: Page, rest: Rest) -> None:
    start(page, rest)
    page.get_by_label("Empty folder").check()
    named(page).fill("to map")
    step(page, "Validation")
    page.get_by_role("button", name="Create and map to a node").click()
    page.wait_for_url(re.compile(r"/environments/[0-9a-f-]{36}/?\?dialog=map$"))


def test_what_the_board_refuses_is_said_at_its_field_on_its_step(page: Page, rest: Rest) -> None:
    start(page, rest)
    page.get_by_label("Repository address").fill("https://user:pw@github.com/acme/api")
    step(page, "Code execution")
    page.get_by_label("Working directory").fill("../outside")
    step(page, "Variables")
    page.get_by_role("button", name="+ Variable").click()
    named(page).fill("9LIVES")
    step(page, "Validation")
    expect(page.get_by_role("region", name="4 fields to correct")).to_be_visible()
    expect(page.get_by_role("button", name="Create", exact=True)).to_be_disabled()
    page.get_by_role("button", name="Fix 4 errors to continue").click()
    page.wait_for_url(re.compile(r"\?step=basic$"))
    steps = page.get_by_role("navigation", name="Steps")
    expect(steps.get_by_role("link", name="Code execution")).to_contain_text("1 error")
    expect(steps.get_by_role("link", name="Variables")).to_contain_text("1 error")
    expect(named(page)).to_have_attribute("aria-invalid", "true")
    address = page.get_by_label("Repository address")
    expect(address).to_have_attribute("aria-invalid", "true")
    expect(address).to_have_accessible_description(
        re.compile("carries no user name, password or token")
    )
    step(page, "Code execution")
    expect(page.get_by_text("The working directory lies inside the environment")).to_be_visible()
    page.get_by_label("Working directory").fill("inside")
    expect(page.get_by_text("The working directory lies inside the environment")).to_have_count(0)
    expect(steps.get_by_role("link", name="Code execution")).not_to_contain_text("error")
    step(page, "Variables")
    expect(page.get_by_text("does not begin with a digit")).to_be_visible()


def test_a_script_is_read_before_it_runs_and_its_errors_stop_the_way(
    page: Page, rest: Rest
) -> None:
    own_node(rest)
    start(page, rest)
    page.get_by_label("Empty folder").check()
    named(page).fill("with a script")
    step(page, "Code execution")
    page.get_by_label("Run my script").check()
    page.get_by_label("Set-up script").fill(BROKEN)
    step(page, "Validation")
    card = page.get_by_role("region", name="Set-up script")
    expect(card).to_contain_text("syntax error: unexpected end of file")
    expect(page.get_by_role("link", name="Code execution")).to_contain_text("error")
    for name in ("Create", "Create and map to a node"):
        expect(page.get_by_role("button", name=name, exact=True)).to_be_disabled()
    expect(page.get_by_role("region", name="Node preflight")).to_contain_text("cores")
    page.get_by_role("button", name="Edit: Set-up script").click()
    script = page.get_by_role("textbox", name="Set-up script")
    expect(script).to_be_focused()
    expect(page.get_by_role("list", name="Findings in: Set-up script")).to_contain_text(
        "unexpected end of file"
    )
    expect(page.locator(".form-gutter [data-level=error]").first).to_be_visible()
    script.fill(BROKEN + 'fi\necho "$NOWHERE"\n')
    step(page, "Validation")
    expect(page.get_by_role("region", name="Variables")).to_contain_text("NOWHERE")
    page.get_by_role("button", name="Create", exact=True).click()
    page.wait_for_url(re.compile(r"/environments/[0-9a-f-]{36}/?$"))


def test_the_plan_is_what_a_node_then_does(rest: Rest) -> None:
    body = {
        "name": "planned",
        "type": "manual",
        "setupMode": "manual",
        "setupScript": "echo set up",
        "checkCommand": "true",
    }
    steps = rest.post("/api/environments/plan", body)["steps"]
    node = own_node(rest)
    stored = rest.post("/api/environments", body)
    prepared = rest.prepared(rest.map(stored, node["id"])["id"])
    done = [phase["name"] for phase in prepared["phases"] if phase["status"] == "done"]
    assert [step["phase"] for step in steps] == done


def test_a_pasted_env_file_fills_rows_and_no_secret_of_it_is_kept(page: Page, rest: Rest) -> None:
    start(page, rest)
    page.get_by_label("Empty folder").check()
    named(page).fill("from a file")
    step(page, "Variables")
    page.get_by_role("button", name="+ Variable").click()
    paste(page, named(page), ENV_FILE)
    expect(page.get_by_label("Value of TZ")).to_have_value("UTC")
    expect(page.get_by_label("Value of CONFIG")).to_have_value("prod")
    expect(page.get_by_label("Value of STRIPE_KEY")).to_have_value("sk_live_4242")
    expect(page.get_by_role("link", name="Variables")).to_contain_text("2 + 2")
    expect(page.get_by_text("Kept as a draft")).to_be_visible()
    kept = page.evaluate("JSON.stringify(localStorage)")
    draft = str(rest.get("/api/drafts/environment:new"))
    for place in (kept, draft):
        assert "CONFIG" in place
        assert "STRIPE_KEY" in place
        assert "sk_live" not in place
        assert "hunter2" not in place
    page.reload()
    expect(page.get_by_label("Value of TZ")).to_have_value("UTC")
    expect(page.get_by_label("Value of STRIPE_KEY")).to_have_value("")
    expect(page.get_by_text("Type its value again").first).to_be_visible()
    page.get_by_label("Value of STRIPE_KEY").fill("sk_live_4242")
    page.get_by_label("Value of DB_URL").fill("postgres://u:hunter2@h/d")
    step(page, "Validation")
    page.get_by_role("button", name="Create", exact=True).click()
    page.wait_for_url(re.compile(r"/environments/[0-9a-f-]{36}/?$"))


def test_a_variable_that_looks_secret_waits_for_a_choice(page: Page, rest: Rest) -> None:
    start(page, rest)
    step(page, "Variables")
    page.get_by_role("button", name="+ Variable").click()
    named(page).fill("API_TOKEN")
    page.get_by_label("Value of API_TOKEN").fill("abc-4711")
    expect(page.get_by_text("Kept as a draft")).to_be_visible()
    assert "abc-4711" not in page.evaluate("JSON.stringify(localStorage)")
    assert "abc-4711" not in str(rest.get("/api/drafts/environment:new"))
    page.get_by_role("button", name="Make it a secret").click()
    expect(page.get_by_label("Who sees API_TOKEN")).to_be_visible()
    page.get_by_role("button", name="Make API_TOKEN plain").click()
    expect(page.get_by_label("Value of API_TOKEN")).to_have_value("abc-4711")
    expect(page.get_by_label("Who sees API_TOKEN")).to_have_count(0)


def test_tab_indents_a_script_and_escape_opens_the_way_out(page: Page, rest: Rest) -> None:
    start(page, rest)
    step(page, "Code execution")
    page.get_by_label("Run my script").check()
    script = page.get_by_label("Set-up script")
    script.focus()
    page.keyboard.type("if true")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("echo")
    expect(script).to_have_value("if true\n  echo")
    page.keyboard.press("Shift+Tab")
    expect(script).to_have_value("if true\necho")
    expect(script).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Maintenance script")).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_axe_finds_nothing_on_any_step(
    open_page: Opening, rest: Rest, size: str, scheme: str
) -> None:
    page = start(open_page("/", size=size, scheme=scheme), rest)
    page.get_by_label("Repository address").fill("https://git.example.org/acme/checkout-api")
    if size == "phone":
        page.get_by_text("What a node will do").locator("visible=true").click()
    shoot(page, "environment-basic")
    assert violations(page) == []
    step(page, "Code execution")
    page.get_by_label("Run my script").check()
    page.get_by_label("Set-up script").fill(BROKEN)
    shoot(page, "environment-code")
    assert violations(page) == []
    step(page, "Variables")
    page.get_by_role("button", name="Paste a .env").click()
    page.get_by_label("Lines of a .env").fill(ENV_FILE)
    page.get_by_role("button", name="Add these").click()
    page.get_by_role("button", name="Add: Git token").click()
    shoot(page, "environment-variables")
    assert violations(page) == []
    step(page, "Validation")
    expect(page.locator(".checks[aria-busy=false]")).to_be_visible()
    shoot(page, "environment-validation")
    assert violations(page) == []
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.evaluate("innerWidth")
