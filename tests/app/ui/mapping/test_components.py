"""The words and rules of environments on nodes, run as JavaScript."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from openviber_app.ui import mapping

FOLDER = Path(mapping.__file__).parent
BUN = Path(sys.executable).with_name("bun")


def run_script(tmp_path: Path, script: str) -> Any:
    """Run JavaScript beside our own modules; return what it printed as JSON."""
    file = tmp_path / "probe.mjs"
    file.write_text(script.replace("$HERE", str(FOLDER)))
    done = subprocess.run(
        [str(BUN), "run", str(file)], check=True, capture_output=True, text=True, timeout=50
    )
    return json.loads(done.stdout)


def test_phases_come_in_the_nodes_order_and_the_rest_waits(tmp_path: Path) -> None:
    script = """
    import { clock, phasesOf, progressOf, runningMs } from "$HERE/attempt_words.js";
    const prepare = { status: "running", phases: [
      { name: "resolve", status: "done", durationMs: 400, detail: "" },
      { name: "fetch", status: "skipped", durationMs: 0, detail: "" },
      { name: "checkout", status: "running", durationMs: null, detail: "" },
    ] };
    console.log(JSON.stringify([
      phasesOf(prepare).map((phase) => phase.mark), progressOf(prepare),
      runningMs(prepare, 1000), clock(3_725_000), clock(14_900),
    ]));
    """
    marks, progress, running, long, short = run_script(tmp_path, script)
    assert marks == ["done", "done", "busy", "off", "off", "off"]
    assert progress == {"over": 2, "all": 6}
    assert running == 600
    assert (long, short) == ("1:02:05", "00:14")


def test_a_failure_names_its_command_and_a_fetch_has_none(tmp_path: Path) -> None:
    script = """
    import { failureOf } from "$HERE/attempt_words.js";
    const tail = Array.from({ length: 30 }, (_, n) => n).join("\\n");
    const step = { command: "a\\nb", exitCode: 3, logTail: tail };
    const failed = { status: "failed", reason: "failed", message: "m", phases: [] };
    console.log(JSON.stringify([
      failureOf({ ...failed, receipt: { failingCommand: "b", steps: [step] } }),
      failureOf({ ...failed, receipt: {}, phases: [{ name: "fetch", status: "failed" }] }),
      failureOf({ ...failed, status: "succeeded", receipt: {} }),
    ]));
    """
    command, fetch, none = run_script(tmp_path, script)
    assert (command["command"], command["exitCode"]) == ("b", 3)
    assert command["tail"].split("\n") == [str(n) for n in range(10, 30)]
    assert (fetch["command"], fetch["exitCode"], fetch["tail"]) == ("", None, "")
    assert "access token" in fetch["advice"]
    assert none is None


def test_a_node_and_what_goes_with_an_unmapping_are_said_shortly(tmp_path: Path) -> None:
    script = """
    import { nodeFacts, unmapText } from "$HERE/node_words.js";
    const node = { os: "Debian GNU/Linux 12 (bookworm)", cores: 16,
      memoryFreeBytes: 38 * 2 ** 30, diskFreeBytes: 212 * 2 ** 30 };
    const slots = { ready: 1, claimed: 1 };
    console.log(JSON.stringify([nodeFacts(node), unmapText({ nodeName: "attic", slots })]));
    """
    facts, text = run_script(tmp_path, script)
    assert facts == "Debian 12 · 16 cores · 38 GB free · 212 GB disk"
    assert text.startswith("Its 2 workspaces on attic are removed")
