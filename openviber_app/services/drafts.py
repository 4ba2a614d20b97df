"""Words that were typed and not sent, kept for their author on every device."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from openviber_app.domain.actors import Actor
from openviber_app.domain.errors import InvalidInputError
from openviber_app.domain.kept_drafts import DRAFTS_MAX, draft_problems, is_empty
from openviber_app.services.runtime import Runtime
from openviber_app.store import drafts
from openviber_app.store.draft_table import Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftView:
    """A draft; one that is not there has no value and the revision 0."""

    key: str
    owner_id: UUID
    value: Any = None
    revision: int = 0
    updated_at: datetime | None = None


async def get_draft(runtime: Runtime, actor: Actor, *, key: str) -> DraftView:
    """Return a draft, or an empty one: to have typed nothing is no error.

    Raises:
        InvalidInputError: this can be no key.
    """
    _require(key, None)
    async with runtime.store.read() as db:
        row = await drafts.find_draft(db, user_id=actor.user_id, key=key)
    return _view(actor, key, row)


async def put_draft(runtime: Runtime, actor: Actor, *, key: str, value: Any) -> DraftView:
    """Keep a draft over whatever was there; an empty one is forgotten.

    Nobody is told: a person's other pages do not change with every letter.

    Raises:
        InvalidInputError: the key or the value cannot be kept.
    """
    _require(key, value)
    row = None
    async with runtime.store.write() as db:
        if is_empty(value):
            await drafts.delete_draft(db, user_id=actor.user_id, key=key)
        else:
            row = await drafts.find_draft(db, user_id=actor.user_id, key=key)
            if row is None:
                row = Draft(
                    user_id=actor.user_id,
                    key=key,
                    value=value,
                    revision=0,
                    updated_at=runtime.clock.now(),
                )
                db.add(row)
            row.value, row.updated_at = value, runtime.clock.now()
            row.revision += 1
            await db.flush()
            await drafts.delete_oldest(db, user_id=actor.user_id, keep=DRAFTS_MAX)
    return _view(actor, key, row)


async def delete_draft(runtime: Runtime, actor: Actor, *, key: str) -> None:
    """Forget a draft; a missing one is fine.

    Raises:
        InvalidInputError: this can be no key.
    """
    _require(key, None)
    async with runtime.store.write() as db:
        await drafts.delete_draft(db, user_id=actor.user_id, key=key)


def _require(key: str, value: Any) -> None:
    if problems := draft_problems(key, value):
        raise InvalidInputError(problems)


def _view(actor: Actor, key: str, row: Draft | None) -> DraftView:
    if row is None:
        return DraftView(key=key, owner_id=actor.user_id)
    return DraftView(
        key=key,
        owner_id=actor.user_id,
        value=row.value,
        revision=row.revision,
        updated_at=row.updated_at,
    )
