"""A37: somebody measures how long the board takes to refuse a token.

There is nothing to measure: a token is looked up by its hash in an index, so that a guess that is
nearly right takes the way of one that is all wrong. Here that is held by structure, not by a
stopwatch: the SQL that is sent and the comparisons in the source.
"""

import ast
import re
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from openviber_app.domain.errors import NotSignedInError
from openviber_app.services import accounts, nodes
from openviber_app.services.runtime import Runtime
from tests.support import board as boards

ROOT = Path(__file__).resolve().parents[2]
SECRETIVE = re.compile(r"token|code|signature|password|session|cookie|digest|mac$")
HASHED = re.compile(r"hash|_id$|digest")


async def test_a_guess_never_reaches_the_database(tmp_path: Path) -> None:
    async with boards.runtime(tmp_path) as runtime:
        person = await boards.add_person(runtime, name="Ada")
        grant = await accounts.start_session(runtime, person.actor)
        nearly = {person.token[:-1] + "x", grant.value[:-1] + "x"}
        asked: list[str] = []

        def note(*arguments: object) -> None:
            asked.append(str(arguments[2]) + str(arguments[3]))

        event.listen(Engine, "before_cursor_execute", note)
        try:
            for guess in nearly:
                await _refused(runtime, guess)
        finally:
            event.remove(Engine, "before_cursor_execute", note)
    assert asked
    for guess in nearly:
        assert not [sql for sql in asked if guess in sql or guess[:-1] in sql]


async def _refused(runtime: Runtime, guess: str) -> None:
    for look_up in (
        accounts.get_actor_by_token,
        accounts.get_actor_by_session,
        nodes.get_node_by_token,
    ):
        with pytest.raises(NotSignedInError):
            await look_up(runtime, guess)


def test_no_secret_is_compared_character_by_character() -> None:
    found = [
        f"{file.relative_to(ROOT)}:{node.lineno} {ast.unparse(node)}"
        for folder in ("services", "vault", "hub", "api", "live", "gate")
        for file in sorted((ROOT / "openviber_app" / folder).rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Compare) and _is_about_a_secret(node)
    ]
    assert not found, "\n".join(found)


def _is_about_a_secret(node: ast.Compare) -> bool:
    if not all(isinstance(one, ast.Eq | ast.NotEq) for one in node.ops):
        return False
    sides = [node.left, *node.comparators]
    if any(_is_plain(side) for side in sides):
        return False
    names = [ast.unparse(side).rpartition(".")[2].lower() for side in sides]
    return any(SECRETIVE.search(name) and not HASHED.search(name) for name in names)


def _is_plain(side: ast.expr) -> bool:
    """Whether a side is a literal, or a name in capitals: a status, a kind of finding."""
    return isinstance(side, ast.Constant) or ast.unparse(side).rpartition(".")[2].isupper()
