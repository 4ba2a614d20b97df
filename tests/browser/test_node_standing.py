"""A node is drained, given new keys and revoked from its menu, and the page says what it is."""

import re
import shutil
import sqlite3
import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.board_process import BoardProcess
from tests.support.machine import Machine, machine, wait_online
from tests.support.processes import wait_until
from tests.support.rest import Rest
from tests.support.visit import Opening, shoot, violations

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

SECRETS = [
    {"key": "STRIPE_KEY", "value": "canary-of-stripe"},
    {"key": "DB_URL", "value": "canary-of-the-database"},
]
LOOKS = [("desktop", "dark"), ("phone", "light"), ("phone", "dark"), ("desktop", "light")]


def details_of(page: Page) -> Locator:
    return page.get_by_role("complementary", name="studio-01")


def choose(page: Page, action: str) -> Locator:
    """Take an action from the node's menu; return the question that it asks."""
    details_of(page).get_by_role("button", name="Actions for studio-01").click()
    page.get_by_role("menuitem", name=re.compile(f"^{action}")).click()
    return page.get_by_role("alertdialog")


def look(open_page: Opening, node: Machine, name: str, words: str) -> None:
    """See that a state of the node reads well in every look."""
    for size, scheme in LOOKS:
        page = open_page(f"/nodes?node={node.id}", size=size, scheme=scheme)
        expect(details_of(page)).to_contain_text(words)
        assert violations(page) == []
        shoot(page, name)
        page.context.close()


def delivered(board: BoardProcess, environment_id: str, node_id: str) -> None:
    """Write down that the node was sent the environment's secrets, if that was not done."""
    now = datetime.now(UTC).isoformat(sep=" ")
    database = next(board.data.glob("*.sqlite3"))
    with sqlite3.connect(database, timeout=30) as db:
        secrets = db.execute(
            "SELECT id, key, version FROM environment_secrets WHERE environment_id=?",
            (uuid.UUID(environment_id).hex,),
        ).fetchall()
        assert secrets
        for secret_id, key, version in secrets:
            db.execute(
                "INSERT OR IGNORE INTO secret_deliveries VALUES (?,?,?,?,?,?,?,?,?)",
                (
                    uuid.uuid4().hex,
                    uuid.UUID(node_id).hex,
                    uuid.UUID(environment_id).hex,
                    secret_id,
                    key,
                    version,
                    uuid.uuid4().hex,
                    now,
                    now,
                ),
            )
    db.close()


def test_a_nodes_standing_is_changed_from_its_menu_and_reads_well(  # noqa: PLR0915 - one node's life
    open_page: Opening, rest: Rest, board: BoardProcess, tmp_path: Path
) -> None:
    with machine(tmp_path, rest, name="studio-01") as node:
        secrets = [
            {"key": "STRIPE_KEY", "value": "canary-a"},
            {"key": "DB_URL", "value": "canary-b"},
        ]
        made = rest.environment("checkout", secrets=secrets)
        rest.prepared(rest.map(made, node.id)["id"])
        page = open_page(f"/nodes?node={node.id}")
        details = details_of(page)
        expect(details).to_contain_text("Connected")

        details.get_by_role("button", name="Actions for studio-01").click()
        expect(page.get_by_role("menuitem")).to_have_count(5)
        assert violations(page) == []
        shoot(page, "node-menu")
        page.keyboard.press("Escape")
        asked = choose(page, "Drain")
        expect(asked).to_contain_text("That holds for checkout")
        asked.get_by_role("button", name="Drain").click()
        expect(details).to_contain_text("studio-01 is drained: takes no new work")
        thread = rest.thread(made, title="Waits")
        rest.say(thread, "echo later")
        assert "is drained" in rest.get(f"/api/threads/{thread['id']}")["waitsFor"]
        look(open_page, node, "node-drained", "takes no new work")
        details.get_by_role("button", name="Resume").click()
        expect(details).not_to_contain_text("drained")

        before = rest.get(f"/api/nodes/{node.id}")["signingKeyId"]
        expect(details).to_contain_text(before)
        asked = choose(page, "Rotate keys")
        expect(asked).to_contain_text("Any copy of its home folder is locked out")
        assert violations(page, within="dialog[open]") == []
        asked.get_by_role("button", name="Rotate keys").click()
        expect(details).not_to_contain_text(before)
        wait_online(rest, node)
        expect(details).to_contain_text(rest.get(f"/api/nodes/{node.id}")["signingKeyId"])
        shoot(page, "node-rotated")

        twin = Machine(tmp_path / "twin")
        shutil.copytree(node.home, twin.home, ignore=shutil.ignore_patterns("*.sock", "logs"))
        twin.start()
        try:
            expect(details).to_contain_text("Two daemons use this node's identity")
            look(open_page, node, "node-fenced", "Two daemons use")
            details.get_by_role("button", name="It is settled").click()
            expect(details).not_to_contain_text("Two daemons")

            delivered(board, made["id"], node.id)
            asked = choose(page, "Revoke")
            expect(asked).to_contain_text("cannot be used there any more: checkout")
            assert violations(page, within="dialog[open]") == []
            shoot(page, "node-revocation")
            asked.get_by_role("button", name="Revoke node").click()
            expect(details).to_contain_text("2 secrets that it has seen are to be rotated")
            wait_until(lambda: twin.process.exit_code() is not None, what="the daemon's end")
        finally:
            twin.end()
        look(open_page, node, "node-revoked", "STRIPE_KEY of checkout")
        page.goto("/nodes")
        expect(page.locator(".node-card[data-revoked]")).to_contain_text("to be rotated")
        shoot(page, "nodes-with-a-revoked-one")
        page = open_page(f"/environments/{made['id']}")
        expect(page.get_by_role("main")).to_contain_text("studio-01")
        shoot(page, "environment-on-a-revoked-node")
        page = open_page(f"/environments/{made['id']}?dialog=map")
        shoot(page, "map-dialog-with-a-revoked-node")
