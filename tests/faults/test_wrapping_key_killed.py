"""F39: whoever rotates the wrapping key is killed in the middle; it goes on, and all opens."""

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from openviber_app.domain.kms import KmsChoice, choose_kms
from tests.support.board_process import KEPT, ROOT, BoardProcess, board_process
from tests.support.fake_transit import TOKEN, FakeTransit, fake_transit
from tests.support.kept_keys import (
    PER_ENVIRONMENT,
    KeptKeys,
    Progress,
    Values,
    add_environments,
)
from tests.support.processes import LoggedProcess, wait_until
from tests.support.rest import Rest

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

AT_ONCE = 8
"""Environments that are added before each try: 16 batches of secrets."""

TRIES = 5


def command(board: BoardProcess, *words: str, **settings: str) -> LoggedProcess:
    """Start `openviber-board secrets ...` on a board's data, beside it or without it."""
    environment = {name: os.environ[name] for name in KEPT if name in os.environ}
    return LoggedProcess(
        [sys.executable, "-m", "openviber_app", "secrets", *words],
        log=board.data.parent / "secrets.log",
        environment=environment | {"DATA": str(board.data)} | settings,
        cwd=ROOT,
    )


def ended(process: LoggedProcess) -> str:
    """Wait for a command's good end; return what it said."""
    assert process.wait() == 0, process.output()
    return process.output()


def owner_of(board: BoardProcess) -> Rest:
    rest = Rest(board.url)
    rest.become_owner(board.setup_code())
    return rest


def is_under_way(kept: KeptKeys) -> Progress | None:
    found = kept.progress()
    return found if found is not None and (found.done > 0 or found.has_ended) else None


def wait_for_a_second_key(kept: KeptKeys, rotating: LoggedProcess) -> None:
    """Wait for a batch that has moved, or for an end that was faster than our look."""
    wait_until(
        lambda: len(kept.used) > 1 or rotating.exit_code() is not None, what="the first batch"
    )


def wait_for_the_end(kept: KeptKeys) -> Progress:
    def over() -> Progress | None:
        found = kept.progress()
        return found if found is not None and found.has_ended else None

    return wait_until(over, what="the end of the rotation")


def assert_complete(rest: Rest, kept: KeptKeys, values: Values, *, old: str) -> None:
    """Everything moved, by the rotation's word, by the rows and by opening each of them."""
    count = sum(map(len, values.values()))
    told = rest.get("/api/keys")
    current, rotation = told["currentKeyId"], told["rotation"]
    assert rotation["endedAt"] is not None
    assert (rotation["done"], rotation["total"]) == (count + len(values), count + len(values))
    assert (rotation["problems"], rotation["stopped"]) == ([], "")
    assert current != old
    assert kept.used == {current} == {use["keyId"] for use in told["keys"]}
    verified = rest.post("/api/keys/verify")
    assert (verified["findings"], verified["secrets"]) == ([], count)


# ---------------------------------------------------------------- keys in a file


async def test_f39_a_board_killed_while_it_rotates_goes_on_at_its_next_start(
    tmp_path: Path,
) -> None:
    values: Values = {}
    with board_process(tmp_path) as board:
        rest, kept = owner_of(board), KeptKeys(board.data)
        old = rest.get("/api/keys")["currentKeyId"]
        for _ in range(TRIES):
            add_environments(rest, values, number=AT_ONCE, each=PER_ENVIRONMENT)
            old = rest.get("/api/keys")["currentKeyId"]
            rest.post("/api/keys/wrapping/rotate")
            wait_until(lambda: is_under_way(kept), what="the first batch")
            board.kill()
            left = kept.progress()
            assert left is not None
            assert left.problems == {}
            if kept.is_in_the_middle:
                break
            board.restart()  # it was faster than the kill: give it more to do
            wait_for_the_end(kept)
        else:
            pytest.fail(f"{TRIES} rotations of up to {len(values)} environments were never caught")
        board.restart()
        wait_for_the_end(kept)
        assert_complete(rest, kept, values, old=old)
        assert f"removed {old}" in ended(command(board, "verify", "--prune"))
        board.stop()
    assert await kept.open_all() == values  # with nothing but the new key


async def test_f39_a_command_killed_without_a_board_goes_on_when_it_is_run_again(
    tmp_path: Path,
) -> None:
    values: Values = {}
    with board_process(tmp_path) as board:
        rest, kept = owner_of(board), KeptKeys(board.data)
        old = rest.get("/api/keys")["currentKeyId"]
        for _ in range(TRIES):
            add_environments(rest, values, number=AT_ONCE, each=PER_ENVIRONMENT)
            old = rest.get("/api/keys")["currentKeyId"]
            board.stop()
            rotating = command(board, "rotate")
            wait_for_a_second_key(kept, rotating)
            rotating.kill()
            left = kept.progress()
            assert left is not None
            assert left.problems == {}
            if kept.is_in_the_middle:
                break
            board.restart()
            wait_for_the_end(kept)
        else:
            pytest.fail(f"{TRIES} rotations of up to {len(values)} environments were never caught")
        said = ended(command(board, "rotate"))
        assert f"{left.total} of {left.total}" in said
        board.restart()
        assert_complete(rest, kept, values, old=old)
        board.stop()
    assert await kept.open_all() == values


# ---------------------------------------------------------------- a key service

BATCH = 50
EACH = 45
"""Three environments of these: batches that end within one."""


@pytest.fixture
def transit() -> Iterator[FakeTransit]:
    with fake_transit() as served:
        yield served


def settings_of(transit: FakeTransit) -> dict[str, str]:
    return {"KMS": "vault:board", "VAULT_ADDR": transit.address, "VAULT_TOKEN": TOKEN}


def choice_of(transit: FakeTransit) -> KmsChoice:
    return choose_kms("vault:board", address=transit.address, token=TOKEN)


@contextmanager
def full_board(folder: Path, transit: FakeTransit) -> Iterator[tuple[BoardProcess, Rest, Values]]:
    values: Values = {}
    with board_process(folder, settings=settings_of(transit)) as board:
        rest = owner_of(board)
        add_environments(rest, values, number=3, each=EACH)
        yield board, rest, values


def done_at_least(kept: KeptKeys, number: int) -> Callable[[str], bool]:
    def is_due(path: str) -> bool:
        found = kept.progress()
        return "/encrypt/" in path and found is not None and found.done >= number

    return is_due


async def test_f39_a_board_killed_at_every_step_of_one_rotation_ends_it(
    tmp_path: Path, transit: FakeTransit
) -> None:
    with full_board(tmp_path, transit) as (board, rest, values):
        kept, count = KeptKeys(board.data), 3 * EACH
        old, new = "vault:board:1", "vault:board:2"
        steps = (BATCH, 2 * BATCH, count, count + 3)
        for number, done in enumerate(steps):
            with transit.holding(done_at_least(kept, done)) as is_held:
                if number == 0:
                    rest.post("/api/keys/wrapping/rotate")
                else:
                    board.start(wait=False)
                board.process.wait_for(is_held.is_set, what=f"the answer after {done}")
                board.kill()
            left = kept.progress()
            assert left is not None
            assert (left.done, left.problems, left.has_ended) == (done, {}, False)
            secrets = min(done, count)
            assert kept.of_secrets() == +Counter({old: count - secrets, new: secrets})
            assert kept.of_lists() == +Counter({old: 3 - (done - secrets), new: done - secrets})
            assert kept.of_canary() == old
        board.restart()
        wait_for_the_end(kept)
        assert_complete(rest, kept, values, old=old)
        assert len(transit.versions) == 2  # the same rotation all the time
        board.stop()
    transit.forget(1)
    assert await kept.open_all(choice_of(transit)) == values


async def test_f39_a_board_killed_before_it_heard_of_the_new_key_has_lost_nothing(
    tmp_path: Path, transit: FakeTransit
) -> None:
    with full_board(tmp_path, transit) as (board, rest, values):
        kept = KeptKeys(board.data)
        settings = settings_of(transit)
        with transit.holding(lambda path: path.endswith("/rotate")) as is_held:
            rotating = command(board, "rotate", **settings)
            rotating.wait_for(is_held.is_set, what="the request for a new key")
            rotating.kill()
            board.kill()
        assert len(transit.versions) == 2
        assert kept.progress() is None
        board.restart()
        assert rest.post("/api/keys/verify")["findings"] == []
        rest.post("/api/keys/wrapping/rotate")
        wait_for_the_end(kept)
        assert_complete(rest, kept, values, old="vault:board:1")
        board.stop()
    transit.forget(1)
    transit.forget(2)  # which nothing was ever sealed with
    assert await kept.open_all(choice_of(transit)) == values


@pytest.mark.parametrize("goes_on", ["command", "board"])
async def test_f39_beside_a_board_a_killed_command_leaves_all_open_and_either_goes_on(
    tmp_path: Path, transit: FakeTransit, goes_on: str
) -> None:
    with full_board(tmp_path, transit) as (board, rest, values):
        kept, settings = KeptKeys(board.data), settings_of(transit)
        with transit.holding(done_at_least(kept, BATCH)) as is_held:
            rotating = command(board, "rotate", **settings)
            rotating.wait_for(is_held.is_set, what="the answer after the first batch")
            rotating.kill()
        assert kept.is_in_the_middle
        assert rest.post("/api/keys/verify")["findings"] == []  # with both keys in use
        add_environments(rest, values, number=1, each=EACH)  # and people go on
        if goes_on == "command":
            ended(command(board, "rotate", **settings))
        else:
            board.kill()
            board.restart()
            wait_for_the_end(kept)
        assert_kept_by_the_rows(rest, kept, values)
        board.stop()
    transit.forget(1)
    assert await kept.open_all(choice_of(transit)) == values


def assert_kept_by_the_rows(rest: Rest, kept: KeptKeys, values: Values) -> None:
    """As `assert_complete`, where new things were saved with the new key meanwhile."""
    rotation = rest.get("/api/keys")["rotation"]
    assert (rotation["done"], rotation["endedAt"] is not None) == (rotation["total"], True)
    assert kept.used == {"vault:board:2"}
    verified = rest.post("/api/keys/verify")
    assert (verified["findings"], verified["secrets"]) == ([], sum(map(len, values.values())))
