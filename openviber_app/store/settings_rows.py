"""Facts of the board itself, by key."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from openviber_app.store.people_tables import BoardSetting


async def find_setting(db: AsyncSession, key: str) -> Any:
    """Return a fact, or None."""
    row = await db.get(BoardSetting, key)
    return None if row is None else row.value


async def put_setting(db: AsyncSession, key: str, value: Any) -> None:
    """Write a fact over whatever was there."""
    row = await db.get(BoardSetting, key)
    if row is None:
        db.add(BoardSetting(key=key, value=value))
    else:
        row.value = value


async def delete_setting(db: AsyncSession, key: str) -> None:
    """Forget a fact; a missing one is fine."""
    row = await db.get(BoardSetting, key)
    if row is not None:
        await db.delete(row)
