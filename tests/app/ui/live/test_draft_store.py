"""The rules of draft_store.js; a real browser and a killed board are in tests/browser."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from openviber_app.ui.live import components

FOLDER = Path(components.__file__).parent
BUN = Path(sys.executable).with_name("bun")
BROWSER = """
const kept = new Map(Object.entries($KEPT));
globalThis.localStorage = {
  getItem: (name) => kept.get(name) ?? null,
  setItem: (name, text) => kept.set(name, text),
  removeItem: (name) => kept.delete(name),
};
const heard = {};
globalThis.window = { addEventListener: (name, reader) => (heard[name] = reader) };
globalThis.document = { addEventListener() {}, hidden: false };
const sent = [];
const server = { value: $SERVER, ownerId: "ada", isAway: false };
globalThis.fetch = async (path, options) => {
  if (server.isAway) throw new TypeError("away");
  if (options.method === "PUT") {
    server.value = JSON.parse(options.body).value;
    sent.push({ value: server.value, keepalive: options.keepalive ?? false });
  }
  return new Response(JSON.stringify({ value: server.value, ownerId: server.ownerId }));
};
const { keptDrafts } = await import("$HERE/draft_store.js");
const draft = keptDrafts.open("a");
const until = async (isTrue) => {
  while (!isTrue()) await new Promise((done) => setTimeout(done, 5));
};
const show = (value) => console.log(JSON.stringify(value));
"""


def run(tmp_path: Path, script: str, *, kept: Any = None, server: Any = None) -> Any:
    """Run a script in a small browser; `kept` is what an earlier visit left in it."""
    stored = {name: json.dumps(value) for name, value in (kept or {}).items()}
    start = BROWSER.replace("$HERE", str(FOLDER)).replace("$KEPT", json.dumps(stored))
    file = tmp_path / "probe.mjs"
    file.write_text(start.replace("$SERVER", json.dumps(server)) + script + "\nprocess.exit(0);")
    done = subprocess.run(
        [str(BUN), "run", str(file)], check=True, capture_output=True, text=True, timeout=50
    )
    return json.loads(done.stdout)


def left(value: Any, *, is_confirmed: bool) -> dict[str, Any]:
    """What an earlier visit of Ada's left in the browser."""
    return {
        "openviber:drafts-of": "ada",
        "openviber:draft:ada:a": {"value": value, "isConfirmed": is_confirmed},
    }


def test_a_letter_is_in_the_browser_before_the_board_is_asked(tmp_path: Path) -> None:
    script = """
    draft.set("e");
    show([JSON.parse(kept.get("openviber:draft::a")), sent]);
    """
    assert run(tmp_path, script) == [{"value": "e", "isConfirmed": False}, []]


def test_the_board_gets_the_last_words_and_confirms_them(tmp_path: Path) -> None:
    script = """
    draft.subscribe(() => {});
    draft.set("e"); draft.set("ec"); draft.set((text) => text + "ho");
    await until(() => draft.snapshot().state === "saved");
    show([sent, JSON.parse(kept.get("openviber:draft:ada:a"))]);
    """
    sent, kept = run(tmp_path, script)
    assert sent == [{"value": "echo", "keepalive": False}]
    assert kept == {"value": "echo", "isConfirmed": True}


def test_words_that_the_board_never_had_win_and_are_sent(tmp_path: Path) -> None:
    script = """
    draft.subscribe(() => {});
    await until(() => sent.length);
    show([draft.snapshot().value, sent[0].value]);
    """
    found = run(tmp_path, script, kept=left("mine", is_confirmed=False), server="another device's")
    assert found == ["mine", "mine"]


@pytest.mark.parametrize("server", ["another device's", None])
def test_words_that_the_board_had_give_way_to_its_own(tmp_path: Path, server: str | None) -> None:
    script = """
    const first = draft.snapshot().value;
    draft.subscribe(() => {});
    await until(() => draft.snapshot().isLoaded);
    show([first, draft.snapshot().value, sent]);
    """
    found = run(tmp_path, script, kept=left("old", is_confirmed=True), server=server)
    assert found == ["old", server, []]


def test_what_is_typed_before_the_board_answers_is_not_overwritten(tmp_path: Path) -> None:
    script = """
    draft.subscribe(() => {});
    draft.set("typed");
    await until(() => draft.snapshot().state === "saved");
    show([draft.snapshot().value, sent.map((one) => one.value)]);
    """
    assert run(tmp_path, script, server="stored") == ["typed", ["typed"]]


def test_an_outage_is_waited_out(tmp_path: Path) -> None:
    script = """
    server.isAway = true;
    draft.subscribe(() => {});
    draft.set("kept");
    await until(() => draft.snapshot().state === "local");
    server.isAway = false;
    heard.online();
    await until(() => draft.snapshot().state === "saved");
    show(server.value);
    """
    assert run(tmp_path, script) == "kept"


def test_a_page_that_goes_sends_what_is_not_confirmed(tmp_path: Path) -> None:
    script = """
    draft.set("last words");
    heard.pagehide();
    show([sent, JSON.parse(kept.get("openviber:draft::a")).isConfirmed]);
    """
    assert run(tmp_path, script) == [[{"value": "last words", "keepalive": True}], False]


def test_an_empty_value_deletes(tmp_path: Path) -> None:
    script = """
    draft.subscribe(() => {});
    await until(() => draft.snapshot().isLoaded);
    await draft.discard();
    await until(() => draft.snapshot().state === "saved");
    show([server.value, draft.snapshot().value, kept.has("openviber:draft:ada:a")]);
    """
    found = run(tmp_path, script, kept=left("sent now", is_confirmed=True), server="sent now")
    assert found == [None, None, False]


@pytest.mark.parametrize("is_confirmed", [True, False])
def test_one_persons_words_never_become_the_next_ones(tmp_path: Path, is_confirmed: bool) -> None:
    script = """
    draft.subscribe(() => {});
    heard.pagehide();
    await until(() => draft.snapshot().value === "ada's");
    show([sent, kept.has("openviber:draft:eve:a")]);
    """
    kept = {
        "openviber:drafts-of": "eve",
        "openviber:draft:eve:a": {"value": "eve's", "isConfirmed": is_confirmed},
    }
    assert run(tmp_path, script, kept=kept, server="ada's") == [[], True]


def test_another_tab_is_followed_unless_one_types_here(tmp_path: Path) -> None:
    script = """
    draft.subscribe(() => {});
    await until(() => draft.snapshot().isLoaded);
    const name = "openviber:draft:ada:a";
    kept.set(name, JSON.stringify({ value: "other tab", isConfirmed: true }));
    heard.storage({ key: name });
    const followed = draft.snapshot().value;
    draft.set("typed here");
    kept.set(name, JSON.stringify({ value: "again", isConfirmed: true }));
    heard.storage({ key: name });
    show([followed, draft.snapshot().value]);
    """
    assert run(tmp_path, script) == ["other tab", "typed here"]
