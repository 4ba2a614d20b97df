"""How soon what a process prints is in the page, and how much of it the page takes."""

from playwright.sync_api import Page

from bench.figures import Row, Target, compare, held, percentile, percentiles, spread
from bench.stack import Stack
from bench.visitor import notes, visiting
from tests.support.machine import Machine

PACED_LINES, PACED_RATE = 5_000, 500
FLAT_LINES = 400_000
FLAT_TIMES = 3

PACED = f"""python3 -u -c '
import time
start = time.time()
for n in range({PACED_LINES}):
    left = start + n / {PACED_RATE} - time.time()
    if left > 0:
        time.sleep(left)
    print(f"line <{{n}}> at <{{time.time() * 1000:.3f}}>")
'"""
FLAT = f"""python3 -c '
import time
print(f"line <0> at <{{time.time() * 1000:.3f}}>", flush=True)
for n in range(1, {FLAT_LINES}):
    print(f"line <{{n}}> at <0> with some words that make it as long as the lines of a build")
'"""

WATCH = r"""
window.lines = { last: -1, late: [], at: 0 };
const LINE = /line <(\d+)> at <([\d.]+)>/g;
const look = () => {
  const now = performance.timeOrigin + performance.now();
  for (const log of document.querySelectorAll("[role=log]")) {
    let newest = lines.last;
    for (const [, number, printed] of log.textContent.slice(-40000).matchAll(LINE)) {
      if (+number <= lines.last) continue;
      if (+printed) lines.late.push(now - +printed);
      newest = Math.max(newest, +number);
    }
    if (newest > lines.last) lines.at = now;
    lines.last = newest;
  }
};
const CHANGES = { childList: true, subtree: true, characterData: true };
new MutationObserver(look).observe(document, CHANGES);
"""
"""Each line's milliseconds from its print to the mutation that brought it; one clock for both."""


def measure_output(stack: Stack, node: Machine) -> list[Row]:
    """Watch the thread of a run in a page while its process prints."""
    environment, binding_id = stack.ready(node)
    late, longest = _paced(stack, environment)
    rates: list[float] = []
    tasks: list[float] = []
    for _ in range(FLAT_TIMES):
        stack.wait_for_spare(binding_id)
        rate, task = _flat(stack, environment)
        rates.append(rate)
        tasks.append(task)
    what = f"a process's line to the page, {PACED_RATE} lines/s"
    p99 = percentile(late, 99)
    return [
        compare(what, percentiles(late, "ms"), percentile(late, 50), target=Target(25, "ms (p50)")),
        compare("the same: p99", f"**{p99:.1f} ms**", p99, target=Target(150, "ms")),
        Row("the same: the page's longest task", f"{longest:.0f} ms"),
        held(
            f"{FLAT_LINES:,} lines flat out, the first printed to the last in the page",
            rates,
            Target(20_000, "lines/s", at_least=True),
        ),
        Row("the same: the page's longest task", spread(tasks, "ms")),
    ]


def _run(stack: Stack, page: Page, environment: dict, *, script: str, lines: int) -> dict:
    thread = stack.rest.thread(environment, title="Print")
    page.goto(f"/threads/{thread['id']}")
    page.get_by_label("Conversation").wait_for()
    page.evaluate("notes.longest = 0")
    stack.rest.say(thread, script)
    page.wait_for_function(f"window.lines.last === {lines - 1}")
    (run,) = stack.rest.get(f"/api/threads/{thread['id']}/timeline")["runs"]
    _, _, log = stack.rest.call("GET", f"/api/runs/{run['id']}/log")
    began = float(log.split(b"<", 2)[2].split(b">")[0])
    return page.evaluate("window.lines") | {"began": began}


def _paced(stack: Stack, environment: dict) -> tuple[list[float], float]:
    with visiting(stack, scripts=WATCH) as page:
        seen = _run(stack, page, environment, script=PACED, lines=PACED_LINES)
        return seen["late"], notes(page)["longest"]


def _flat(stack: Stack, environment: dict) -> tuple[float, float]:
    with visiting(stack, scripts=WATCH) as page:
        seen = _run(stack, page, environment, script=FLAT, lines=FLAT_LINES)
        return FLAT_LINES / (seen["at"] - seen["began"]) * 1000, notes(page)["longest"]
