from datetime import timedelta
from pathlib import Path

import pytest

from openviber_app.domain.errors import InvalidInputError
from openviber_app.domain.kept_drafts import DRAFTS_MAX
from openviber_app.services import drafts
from openviber_app.services.runtime import Runtime
from tests.support import board
from tests.support.board import People, StillClock


async def test_each_writing_is_a_revision_and_an_empty_one_forgets(
    runtime: Runtime, people: People
) -> None:
    actor = people.alice.actor
    assert (await drafts.get_draft(runtime, actor, key="a")).revision == 0
    for revision, value in enumerate(["e", "ec", {"text": "echo"}], 1):
        kept = await drafts.put_draft(runtime, actor, key="a", value=value)
        assert (kept.value, kept.revision) == (value, revision)
    found = await drafts.get_draft(runtime, actor, key="a")
    assert (found.value, found.revision) == ({"text": "echo"}, 3)
    assert found.updated_at is not None
    emptied = await drafts.put_draft(runtime, actor, key="a", value="")
    assert (emptied.value, emptied.revision, emptied.updated_at) == (None, 0, None)
    assert (await drafts.get_draft(runtime, actor, key="a")).value is None


async def test_nobody_reads_or_deletes_somebody_elses(runtime: Runtime, people: People) -> None:
    await drafts.put_draft(runtime, people.alice.actor, key="a", value="private")
    assert (await drafts.get_draft(runtime, people.bob.actor, key="a")).value is None
    await drafts.delete_draft(runtime, people.bob.actor, key="a")
    assert (await drafts.get_draft(runtime, people.alice.actor, key="a")).value == "private"
    await drafts.delete_draft(runtime, people.alice.actor, key="a")
    assert (await drafts.get_draft(runtime, people.alice.actor, key="a")).value is None


async def test_a_draft_too_many_replaces_the_one_untouched_for_longest(tmp_path: Path) -> None:
    clock = StillClock()
    async with board.runtime(tmp_path, clock=clock) as runtime:
        actor = (await board.add_person(runtime, name="Alice")).actor
        for at in range(DRAFTS_MAX):
            await drafts.put_draft(runtime, actor, key=f"d{at}", value="x")
            clock.move(timedelta(seconds=1))
        await drafts.put_draft(runtime, actor, key="d0", value="touched again")
        clock.move(timedelta(seconds=1))
        await drafts.put_draft(runtime, actor, key="one-more", value="x")
        left = {
            key: (await drafts.get_draft(runtime, actor, key=key)).value
            for key in ("d0", "d1", "d2", "one-more")
        }
    assert left == {"d0": "touched again", "d1": None, "d2": "x", "one-more": "x"}


async def test_what_cannot_be_kept_is_refused_and_the_last_words_stay(
    runtime: Runtime, people: People
) -> None:
    actor = people.alice.actor
    await drafts.put_draft(runtime, actor, key="a", value="kept")
    with pytest.raises(InvalidInputError, match="256 KiB"):
        await drafts.put_draft(runtime, actor, key="a", value="x" * 300_000)
    assert (await drafts.get_draft(runtime, actor, key="a")).value == "kept"
    with pytest.raises(InvalidInputError, match="key"):
        await drafts.get_draft(runtime, actor, key="a b")
