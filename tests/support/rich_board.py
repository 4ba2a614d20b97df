"""A board as a team uses it: real nodes, environments and runs with the names that people give."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from openviber_app.store.engine import Store, sqlite_url
from openviber_app.store.tables import Thread
from tests.support.board_process import BoardProcess, board_process
from tests.support.git_server import GitServer
from tests.support.machine import Machine, machine
from tests.support.processes import wait_until
from tests.support.rest import Rest

RETRY = '''\
"""How long to wait before a webhook is sent again."""

from datetime import datetime, timedelta


class RetryPolicy:
    def __init__(self, base: int = 2, cap: int = 3600) -> None:
        self.base, self.cap = base, cap

    def next_attempt(self, attempt: int) -> datetime:
        delay = self.base * 2**attempt
        return datetime.now() + timedelta(seconds=delay)
'''
TEST = """\
import unittest
from datetime import datetime

from app.retry import RetryPolicy


class Retries(unittest.TestCase):
    def test_it_waits_longer_each_time(self):
        policy = RetryPolicy()
        self.assertLess(policy.next_attempt(1), policy.next_attempt(2))

    def test_it_lies_in_the_future(self):
        self.assertGreater(RetryPolicy().next_attempt(0), datetime.now())
"""
CHECKOUT = {
    "README.md": "# checkout-api\n\nTakes the money.\n",
    "app/__init__.py": "",
    "app/retry.py": RETRY,
    "tests/__init__.py": "",
    "tests/test_retry.py": TEST,
}
SETUP = """\
set -eu
python3 -m compileall -q app tests
echo "connecting with $STRIPE_KEY"
python3 -m unittest -q
echo "setup ok"
"""
FIX = """\
# Take the time once, and cap the delay
python3 - <<'END'
from pathlib import Path
file = Path("app/retry.py")
text = file.read_text()
text = text.replace("attempt: int)", "attempt: int, now: datetime | None = None)")
text = text.replace("self.base * 2**attempt", "min(self.cap, self.base * 2**attempt)")
file.write_text(text.replace("return datetime.now()", "return (now or datetime.now())"))
END
git diff --stat
python3 -m unittest -v
"""
UPGRADE = "mkdir -p docs && seq -f 'Step %.0f of the upgrade.' 40 > docs/upgrade.md && git add -N ."
LEDGER = "printf '# Ledger\\n\\nEvery entry has a twin.\\n' > LEDGER.md; python3 -m unittest -v"
MIGRATE = "echo 'collected 41 tests'; echo 'ImportError: Mapped' >&2; exit 3"
BROKEN = "echo 'Collecting pandas'\necho 'no matching distribution' >&2\nexit 1"
WATCH = (
    'for n in $(seq 1 40); do echo "run $n of 50: $([ $n = 17 ] && echo FAILED || echo ok)"; '
    "done; sleep 900"
)


@dataclass
class RichBoard:
    """The ids by the names that people gave."""

    board: BoardProcess
    rest: Rest
    environments: dict[str, str] = field(default_factory=dict)
    threads: dict[str, str] = field(default_factory=dict)
    prepares: dict[str, str] = field(default_factory=dict)
    nodes: dict[str, str] = field(default_factory=dict)


@contextmanager
def rich_board(folder: Path) -> Iterator[RichBoard]:
    """Run the board, two nodes and one that is away."""
    with ExitStack() as opened:
        git = opened.enter_context(GitServer(folder / "git"))
        addresses = {name: git.create_repo(name, CHECKOUT) for name in ("checkout-api", "web")}
        settings = {"OPENVIBER_GIT_HOSTS": git.host}
        board = opened.enter_context(board_process(folder / "board", settings=settings))
        rest = Rest(board.url)
        rest.become_owner(board.setup_code())
        rich = RichBoard(board, rest)
        for name in ("studio-01", "gpu-box", "old-laptop"):
            node = opened.enter_context(machine(folder / name, rest, name=name))
            rich.nodes[name] = node.id
            if name == "old-laptop":
                _leave(rest, node)
        _environments(rich, addresses)
        _threads(rich)
        with ThreadPoolExecutor(1) as aside:  # a test of pages has a loop in its own thread
            aside.submit(asyncio.run, _age(rich)).result()
        yield rich


def _leave(rest: Rest, node: Machine) -> None:
    node.stop()
    wait_until(
        lambda: rest.get(f"/api/nodes/{node.id}")["link"] != "connected" or None,
        what="the board missing a node",
    )


def _environments(rich: RichBoard, addresses: dict[str, str]) -> None:
    rest = rich.rest
    checkout = rest.environment(
        "checkout-api",
        description="Takes the money.",
        repoUrl=addresses["checkout-api"],
        repoBranch="main",
        setupMode="manual",
        setupScript=SETUP,
        variables=[
            {"key": "STAGE", "value": "staging"},
            {"key": "PYTHONWARNINGS", "value": "error"},
        ],
        secrets=[{"key": "STRIPE_KEY", "value": "sk-not-a-real-key-51Nq8"}],
    )
    web = rest.environment("storefront-web", repoUrl=addresses["web"], repoBranch="main")
    scripts = rest.environment("infra-scripts", setupMode="manual", setupScript="git init -q .")
    for made in (checkout, web, scripts):
        rich.environments[made["name"]] = made["id"]
    for made, node in ((checkout, "studio-01"), (checkout, "gpu-box"), (web, "studio-01")):
        prepare = rest.prepared(rest.map(made, rich.nodes[node])["id"])
        assert prepare["status"] == "succeeded", rest.log("prepares", prepare["id"]).decode()
        rich.prepares[f"{made['name']} on {node}"] = prepare["id"]
    fields = {"name": "storefront-web", "type": "github", "setupMode": "manual"}
    changed = {"repoUrl": addresses["web"], "repoBranch": "main", "setupScript": "echo changed"}
    rest.put(f"/api/environments/{web['id']}", fields | changed)  # its copy is stale now
    broken = rest.environment("data-jobs", setupMode="manual", setupScript=BROKEN)
    prepare = rest.prepared(rest.map(broken, rich.nodes["studio-01"])["id"])
    rich.environments["data-jobs"] = broken["id"]
    rich.prepares["data-jobs on studio-01"] = prepare["id"]


def _threads(rich: RichBoard) -> None:
    rest, checkout = rich.rest, {"id": rich.environments["checkout-api"]}
    done = {
        "Migrate to SQLAlchemy 2.1": MIGRATE,
        "Document the ledger schema": LEDGER,
        "Try the new linter": "echo nothing to do",
        "Add idempotency keys to refunds": UPGRADE,
        "Upgrade Stripe SDK to v14": FIX,
    }
    for title, script in done.items():
        thread = rest.thread(checkout, title=title)
        rest.do(thread, script)
        rich.threads[title] = thread["id"]
    old = rich.threads["Try the new linter"]
    rest.patch(f"/api/threads/{old}", {"status": "archived"})
    flaky = rest.thread(checkout, title="Fix flaky webhook retry test")
    rest.do(flaky, FIX)
    run = rest.run_of(flaky, rest.say(flaky, WATCH))
    rest.run_status(run["id"], "running")
    rich.threads["Fix flaky webhook retry test"] = flaky["id"]


async def _age(rich: RichBoard) -> None:
    """Let some threads lie in the past, as they do on a board that is used."""
    ago = {"Migrate to SQLAlchemy 2.1": 4, "Document the ledger schema": 3}
    store = Store(sqlite_url(rich.board.data / "board.sqlite3"))
    try:
        async with store.write() as db:
            for title, days in ago.items():
                thread = await db.get_one(Thread, UUID(rich.threads[title]))
                thread.last_message_at -= timedelta(days=days)
    finally:
        await store.close()
