"""What the board's first page weighs, and how soon it is painted."""

from dataclasses import dataclass

from bench.figures import Row, Target, held, spread
from bench.stack import Stack
from bench.visitor import devtools, found_at, notes, visiting

TIMES = 5


@dataclass(frozen=True)
class Line:
    """A network: bits a second to the browser, milliseconds there and back."""

    down: float
    latency: float


SLOW = Line(10e6, 40)
MOBILE = Line(1.6e6, 150)
SLOWER_PROCESSOR = 4
SETTLE_MS = 1000
READY = "() => document.querySelector('aside a[href], aside button') !== null"


def measure_first_page(stack: Stack) -> list[Row]:
    """Open the board as its owner, with nothing in the browser's cache."""
    stack.environment()
    lines = (None, SLOW, MOBILE)
    quick, slow, mobile = ([_open(stack, line) for _ in range(TIMES)] for line in lines)
    shift = max(seen["cls"] for seen in [*quick, *slow, *mobile])
    return [
        held("first page: all that is loaded, compressed", _all(quick, "kb"), Target(260, "KB")),
        held("first contentful paint, local", _all(quick, "fcp"), Target(200, "ms")),
        Row("largest contentful paint, local", spread(_all(quick, "lcp"), "ms")),
        held("first contentful paint, throttled", _all(slow, "fcp"), Target(700, "ms")),
        Row("largest contentful paint, throttled", spread(_all(slow, "lcp"), "ms")),
        Row("first contentful paint, mobile network", spread(_all(mobile, "fcp"), "ms")),
        Row("largest contentful paint, mobile network", spread(_all(mobile, "lcp"), "ms")),
        Row("the sidebar works, local", spread(_all(quick, "ready"), "ms")),
        Row("the sidebar works, throttled", spread(_all(slow, "ready"), "ms")),
        Row("the sidebar works, mobile network", spread(_all(mobile, "ready"), "ms")),
        Row(
            "layout shift, the worst of all",
            f"**{shift:.4f}**",
            target="0",
            verdict="MISSES" if shift else "meets",
        ),
    ]


def _all(seen: list[dict[str, float]], name: str) -> list[float]:
    return [one[name] for one in seen]


def _open(stack: Stack, line: Line | None) -> dict[str, float]:
    with visiting(stack) as page:
        link = devtools(page)
        link.send("Network.enable")
        loaded: list[float] = []
        link.on("Network.loadingFinished", lambda event: loaded.append(event["encodedDataLength"]))
        if line is not None:
            link.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER_PROCESSOR})
            slowly = {
                "offline": False,
                "latency": line.latency,
                "downloadThroughput": line.down / 8,
                "uploadThroughput": line.down / 16,
            }
            link.send("Network.emulateNetworkConditions", slowly)
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
