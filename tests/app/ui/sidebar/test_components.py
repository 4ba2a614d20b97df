import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from openviber_app.ui.sidebar import components

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


def test_the_plan_has_a_place_for_every_row(tmp_path: Path) -> None:
    script = """
    import { drawnOf, placeOf, planOf } from "$HERE/thread_plan.js";
    const counts = { pinned: 2, today: 3, last7Days: 0, older: 9995, archived: 18 };
    const sizes = { row: 50, heading: 30 };
    const shut = planOf(counts, { ...sizes, isArchiveOpen: false });
    const open = planOf(counts, { ...sizes, isArchiveOpen: true });
    const drawn = drawnOf(open, { from: open.height - 120, to: open.height, row: 50 });
    console.log(JSON.stringify({
      heights: [shut.height, open.height],
      positions: [shut.positions, open.positions],
      titles: open.stretches.filter((s) => s.title).map((s) => s.title),
      last: drawn.map((s) => [s.section, s.begin, s.end]),
      first: drawnOf(open, { from: -400, to: 131, row: 50 })
        .map((s) => s.title ?? [s.begin, s.end]),
      places: [0, 2, 5, 10017, 10018].map((n) => placeOf(open, n, 50)),
    }));
    """
    found = run_script(tmp_path, script)
    assert found["heights"] == [4 * 30 + 10_000 * 50, 4 * 30 + 10_018 * 50]
    assert found["positions"] == [10_000, 10_018]
    assert found["titles"] == ["Pinned", "Today", "Older", "Archived"]
    assert found["last"] == [["archived", 15, 18]]
    assert found["first"] == ["Pinned", [0, 2], "Today"]
    first, today, older, last, none = found["places"]
    assert first == {"top": 30, "section": "pinned", "index": 0}
    assert today == {"top": 160, "section": "recent", "index": 0}
    assert older == {"top": 340, "section": "recent", "index": 3}
    assert last == {"top": 120 + 10_017 * 50, "section": "archived", "index": 17}
    assert none is None


def test_a_row_says_the_one_fact_worth_knowing(tmp_path: Path) -> None:
    script = """
    import { factOf, markOf, whenOf } from "$HERE/thread_words.js";
    const thread = (status, more = {}) =>
      ({ status: "active", waitsFor: "", lastRun: status && { status }, ...more });
    const rows = [
      thread(null), thread("running"), thread("waiting_approval"), thread("lost"),
      thread("stopped"),
      thread("failed", { lastRun: { status: "failed", exitCode: 3 } }),
      thread("failed", { lastRun: { status: "failed", exitCode: null } }),
      thread("completed", { lastRun: { status: "completed", additions: 212, deletions: 38 } }),
      thread("completed"), thread("completed", { status: "paused" }),
      thread("queued", { waitsFor: "studio-01 to connect" }),
    ];
    const now = Date.parse("2026-11-23T12:00:00Z");
    const ago = (s) => whenOf(new Date(now - s * 1000).toISOString(), now);
    const times = [5, 240, 3700, 200_000].map(ago);
    console.log(JSON.stringify([rows.map((row) => [markOf(row), factOf(row).text]), times]));
    """
    rows, times = run_script(tmp_path, script)
    assert rows == [
        ["off", ""],
        ["busy", "running"],
        ["needs-you", "needs approval"],
        ["warn", "lost"],
        ["off", "stopped"],
        ["failed", "failed: exit 3"],
        ["failed", "failed"],
        ["done", "+212 \N{MINUS SIGN}38"],
        ["done", ""],
        ["done", "paused"],
        ["warn", "waits for studio-01 to connect"],
    ]
    assert times[:3] == ["now", "4 min", "1 h"]
    assert times[3].startswith("Sat")
