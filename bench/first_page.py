"""What the board's first page weighs, and how soon it is painted."""

from bench.figures import Row, Target, compare, held, spread
from bench.stack import Stack
from bench.visitor import devtools, found_at, notes, visiting

TIMES = 5
SLOW = {
    "offline": False,
    "latency": 40,  # milliseconds
    "downloadThroughput": 10e6 / 8,  # bytes a second
    "uploadThroughput": 5e6 / 8,
}
SLOWER_PROCESSOR = 4
SETTLE_MS = 1000
READY = "() => document.querySelector('aside a[href], aside button') !== null"


def measure_first_page(stack: Stack) -> list[Row]:
    """Open the board as its owner, with nothing in the browser's cache."""
    stack.environment()
    quick = [_open(stack, is_slow=False) for _ in range(TIMES)]
    slow = [_open(stack, is_slow=True) for _ in range(TIMES)]
    shift = max(seen["cls"] for seen in [*quick, *slow])
    return [
        held("first page: all that is loaded, compressed", _all(quick, "kb"), Target(260, "KB")),
        held("first contentful paint, local", _all(quick, "fcp"), Target(200, "ms")),
        Row("largest contentful paint, local", spread(_all(quick, "lcp"), "ms")),
        held("first contentful paint, throttled", _all(slow, "fcp"), Target(700, "ms")),
        Row("largest contentful paint, throttled", spread(_all(slow, "lcp"), "ms")),
        Row("the sidebar works, local", spread(_all(quick, "ready"), "ms")),
        Row("the sidebar works, throttled", spread(_all(slow, "ready"), "ms")),
        compare(
            "layout shift, the worst of all", f"**{shift:.4f}**", shift, target=Target(1e-9, "")
        ),
    ]


def _all(seen: list[dict[str, float]], name: str) -> list[float]:
    return [one[name] for one in seen]


def _open(stack: Stack, *, is_slow: bool) -> dict[str, float]:
    with visiting(stack) as page:
        link = devtools(page)
        link.send("Network.enable")
        loaded: list[float] = []
        link.on("Network.loadingFinished", lambda event: loaded.append(event["encodedDataLength"]))
        if is_slow:
            link.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER_PROCESSOR})
            link.send("Network.emulateNetworkConditions", SLOW)
        page.goto("/")
        page.evaluate(f"seenAt({READY})")
        ready = found_at(page)
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(SETTLE_MS)
        paint = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
        seen = notes(page)
        return {
            "kb": sum(loaded) / 1024,
            "fcp": float(page.evaluate(paint)),
            "lcp": seen["lcp"],
            "cls": seen["cls"],
            "ready": ready,
        }
