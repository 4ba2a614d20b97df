"""The rules of the thread page's plain scripts; a real browser has them in tests/browser."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from openviber_app.ui.live import components

FOLDER = Path(components.__file__).parent
BUN = Path(sys.executable).with_name("bun")


def run_script(tmp_path: Path, script: str) -> Any:
    """Run JavaScript beside our own modules; return what it printed as JSON."""
    file = tmp_path / "probe.mjs"
    file.write_text(script.replace("$HERE", str(FOLDER)))
    done = subprocess.run(
        [str(BUN), "run", str(file)], check=True, capture_output=True, text=True, timeout=50
    )
    return json.loads(done.stdout)


def parsed(tmp_path: Path, text: str) -> Any:
    script = f"""
    import {{ parse }} from "$HERE/markdown.js";
    console.log(JSON.stringify(parse({json.dumps(text)})));
    """
    return run_script(tmp_path, script)


def test_markdown_knows_paragraphs_code_lists_and_links(tmp_path: Path) -> None:
    text = (
        "I made `RetryPolicy` **take** the *time*\nonce.\n\n## Next\n- one\n- two `x`\n\n3. three\n"
        "```py\na = '<b>'\n```\nsee [the docs](https://example.org/a_(b)) or https://example.org/c."
    )
    kinds = parsed(tmp_path, text)
    assert [one["t"] for one in kinds] == ["p", "h", "ul", "ol", "pre", "p"]
    assert [part["t"] for part in kinds[0]["parts"]] == [
        *("text", "code", "text", "strong", "text", "em", "text")
    ]
    assert [part["text"] for part in kinds[2]["items"][1]] == ["two ", "x"]
    assert kinds[3]["start"] == 3
    assert kinds[4]["text"] == "a = '<b>'"
    links = [part["href"] for part in kinds[5]["parts"] if part["t"] == "link"]
    assert links == ["https://example.org/a_(b)", "https://example.org/c"]


def test_a_mask_may_be_a_links_name_and_makes_none_by_its_brackets(tmp_path: Path) -> None:
    text = "[[REDACTED]](https://example.org/a) and [REDACTED](https://example.org/b)"
    parts = parsed(tmp_path, text)[0]["parts"]
    assert [(part["t"], part["text"]) for part in parts] == [
        ("link", "[REDACTED]"),
        ("text", " and [REDACTED]("),
        ("link", "https://example.org/b"),
        ("text", ")"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "[x](javascript:alert(1))",
        "[x](JAVASCRIPT:alert(1))",
        "[x](data:text/html,hi)",
        "[x](//elsewhere.example)",
        "[x](/relative)",
        "<img src=x onerror=alert(1)>",
        "<script>alert(1)</script>",
    ],
)
def test_markdown_leaves_what_is_not_safe_as_the_text_that_it_was(
    tmp_path: Path, text: str
) -> None:
    assert parsed(tmp_path, text) == [{"t": "p", "parts": [{"t": "text", "text": text}]}]


def test_a_fence_that_never_ends_and_a_long_line_do_no_harm(tmp_path: Path) -> None:
    (block,) = parsed(tmp_path, "```\n" + "a\n" * 10)
    assert block["t"] == "pre"
    for piece in ("*", "`", "[", "**a", "` ", "[a](", "http://", "*a "):
        assert parsed(tmp_path, piece * 20_000)


BLOCKS = """
import { blocksOf, countSteps, logStepOf, partsOf } from "$HERE/thread_blocks.js";
const item = (id, position, kind, runId = null, fields = {}) =>
  ({ id, position, kind, runId, fields, seq: position });
const run = (id, messageId) => ({ id, messageId, seq: 1 });
"""


def test_a_message_stands_with_its_run_also_when_another_came_meanwhile(tmp_path: Path) -> None:
    script = (
        BLOCKS
        + """
    const runs = new Map([["r1", run("r1", "m1")], ["r2", run("r2", "m2")]]);
    const items = [
      item("t2", 6, "terminal", "r2"), item("m1", 1, "user_message", "r1"),
      item("t1", 3, "terminal", "r1"), item("m2", 2, "user_message", "r2"), item("n", 5, "notice"),
    ];
    const blocks = blocksOf(items, runs);
    const again = blocksOf([...items], runs, new Map(blocks.map((b) => [b.key, b])));
    const cut = blocksOf(items.filter((one) => one.id !== "m1"), runs);
    console.log(JSON.stringify({
      shown: blocks.map((b) => [b.key, b.run?.id ?? null, b.items.map((i) => i.id)]),
      same: blocks.every((b, n) => b === again[n]),
      cut: cut.map((b) => [b.key, b.message?.id ?? null]),
    }));
    """
    )
    told = run_script(tmp_path, script)
    assert told["shown"] == [["m1", "r1", ["t1"]], ["m2", "r2", ["t2"]], ["n", None, ["n"]]]
    assert told["same"]
    assert told["cut"] == [["m2", "m2"], ["m1", None], ["n", None]]


def test_work_folds_and_what_was_said_at_the_end_does_not(tmp_path: Path) -> None:
    script = (
        BLOCKS
        + """
    const { steps, said, notices } = partsOf([
      item("a", 1, "agent_message", "r"), item("b", 2, "tool_call", "r", { log_start: 0 }),
      item("n", 3, "notice", "r"), item("c", 4, "terminal", "r", { log_start: 5 }),
      item("p", 5, "plan", "r"), item("d", 6, "agent_message", "r"),
    ]);
    const ids = (list) => list.map((one) => one.id);
    const lists = [steps, said, notices].map(ids);
    console.log(JSON.stringify([...lists, logStepOf(steps), countSteps(steps)]));
    """
    )
    assert run_script(tmp_path, script) == [["a", "b", "c", "p"], ["d"], ["n"], "c", 3]


@pytest.mark.parametrize("top", [0, 1, 450, 2000, 1e9])
def test_a_window_covers_the_view_and_leaves_out_the_rest(tmp_path: Path, top: float) -> None:
    script = f"""
    import {{ windowOf }} from "$HERE/window.js";
    const sizes = Array.from({{ length: 1000 }}, (_, n) => 20 + (n % 7) * 10);
    const found = windowOf(sizes, {{ top: {top}, height: 500 }}, 100);
    const sum = (list) => list.reduce((a, b) => a + b, 0);
    const drawn = sum(sizes.slice(found.from, found.to));
    console.log(JSON.stringify({{ ...found, drawn, total: sum(sizes) }}));
    """
    told = run_script(tmp_path, script)
    assert told["before"] + told["drawn"] + told["after"] == told["total"]
    start = min(top, told["total"] - 500)
    assert told["before"] <= start
    assert told["before"] + told["drawn"] >= start + 500
    assert told["drawn"] <= 500 + 2 * 100 + 2 * 80


def test_words_of_a_run_say_how_it_ended_and_what_to_do(tmp_path: Path) -> None:
    script = """
    import { adviceOf, duration, firstLine, lateWords, pillOf, stateOf } from "$HERE/words.js";
    const run = (status, more = {}) =>
      ({ status, reason: "", exitCode: null, durationMs: 1200, ...more });
    const stopping = run("running", { stopRequestedAt: "x" });
    const exited = run("failed", { exitCode: 3, reason: "failed" });
    const late = run("failed", { reason: "timeout" });
    const says = (one) => adviceOf(one) !== "";
    console.log(JSON.stringify({
      times: [20, 1240, 58_400, 61_000, 3_660_000].map(duration),
      states: [run("completed"), exited, run("queued"), stopping].map(stateOf),
      pills: [exited, late, run("completed")].map(pillOf),
      advice: [exited, run("lost"), run("completed"), run("running")].map(says),
      lines: ["#!/bin/sh\\n\\nmake test", "a\\nb", ""].map(firstLine),
      late: lateWords({ status: "completed", exitCode: 0, durationMs: 12_000, files: [1] }),
    }));
    """
    told = run_script(tmp_path, script)
    assert told["times"] == ["< 0.1 s", "1.2 s", "58 s", "1 min 1 s", "1 h 1 min"]
    assert told["states"] == [
        "Worked 1.2 s",
        "Failed after 1.2 s",
        "Waits for its node",
        "Stopping",
    ]
    assert told["pills"] == ["exit 3", "time limit", ""]
    assert told["advice"] == [True, True, False, False]
    assert told["lines"] == ["make test", "a …", ""]
    assert "completed, exit 0, after 12 s, 1 file" in told["late"]


def test_the_same_words_go_under_the_same_key_until_they_were_taken(tmp_path: Path) -> None:
    script = """
    const kept = new Map();
    globalThis.localStorage = {
      getItem: (name) => kept.get(name) ?? null,
      setItem: (name, text) => kept.set(name, text),
      removeItem: (name) => kept.delete(name),
    };
    const { begin, finish } = await import("$HERE/sending.js");
    const first = begin("thread:1", "ls");
    const again = begin("thread:1", "ls");
    const other = begin("thread:1", "pwd");
    finish("thread:1");
    const after = begin("thread:1", "pwd");
    console.log(JSON.stringify([first.key === again.key, other.key === first.key,
      other.threadKey === first.threadKey, after.key === other.key]));
    """
    assert run_script(tmp_path, script) == [True, False, True, False]


def test_a_height_leads_to_its_row_and_a_row_to_its_height(tmp_path: Path) -> None:
    script = """
    import { indexAt, topOf } from "$HERE/window.js";
    const sizes = [10, 20, 30];
    console.log(JSON.stringify([[0, 9, 10, 29, 30, 1e9].map((top) => indexAt(sizes, top)),
      [0, 1, 2].map((index) => topOf(sizes, index)), indexAt([], 5)]));
    """
    assert run_script(tmp_path, script) == [[0, 0, 1, 1, 2, 2], [0, 10, 30], 0]
