"""Which stored things are sealed with which wrapping key."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from openviber_app.store.tables import Environment, EnvironmentSecret
from openviber_app.store.trust_tables import KeyRotation


async def count_by_key(db: AsyncSession) -> tuple[Counter[str], Counter[str]]:
    """Return how many secrets, then how many lists of environments, are on which key."""
    by_key = col(EnvironmentSecret.kms_key_id)
    rows = await db.execute(select(by_key, func.count()).group_by(by_key))
    secrets = Counter({str(key): int(number) for key, number in rows})
    texts = await db.execute(
        select(Environment.secrets_manifest).where(col(Environment.secrets_manifest) != "")
    )
    return secrets, Counter(text.partition("\n")[0] for text in texts.scalars())


async def list_secrets_on_other_keys(
    db: AsyncSession, *, key_id: str, after: UUID | None, limit: int
) -> Sequence[tuple[EnvironmentSecret, Environment]]:
    """Return secrets that another key wraps, in the order of their ids."""
    query = (
        select(EnvironmentSecret, Environment)
        .join(Environment, col(Environment.id) == col(EnvironmentSecret.environment_id))
        .where(col(EnvironmentSecret.kms_key_id) != key_id)
        .order_by(col(EnvironmentSecret.id))
        .limit(limit)
    )
    if after is not None:
        query = query.where(col(EnvironmentSecret.id) > after)
    return [(row[0], row[1]) for row in (await db.execute(query)).all()]


async def list_lists_on_other_keys(
    db: AsyncSession, *, key_id: str, after: UUID | None, limit: int
) -> Sequence[Environment]:
    """Return environments whose sealed list another key wraps, in the order of their ids."""
    manifest = col(Environment.secrets_manifest)
    query = (
        select(Environment)
        .where(manifest != "", ~manifest.startswith(f"{key_id}\n", autoescape=True))
        .order_by(col(Environment.id))
        .limit(limit)
    )
    if after is not None:
        query = query.where(col(Environment.id) > after)
    return (await db.execute(query)).scalars().all()


async def put_secret(
    db: AsyncSession, *, secret_id: UUID, was: bytes, encrypted_value: bytes, key_id: str
) -> bool:
    """Put a value that was wrapped anew in its row, unless the row was saved meanwhile."""
    done = await db.execute(
        update(EnvironmentSecret)
        .where(
            col(EnvironmentSecret.id) == secret_id, col(EnvironmentSecret.encrypted_value) == was
        )
        .values(encrypted_value=encrypted_value, kms_key_id=key_id)
        .returning(col(EnvironmentSecret.id)),
        execution_options={"synchronize_session": False},
    )
    return done.first() is not None


async def put_list(db: AsyncSession, *, environment_id: UUID, was: str, text: str) -> bool:
    """Put a list that was wrapped anew in its row, unless the environment was saved meanwhile."""
    done = await db.execute(
        update(Environment)
        .where(col(Environment.id) == environment_id, col(Environment.secrets_manifest) == was)
        .values(secrets_manifest=text)
        .returning(col(Environment.id)),
        execution_options={"synchronize_session": False},
    )
    return done.first() is not None


async def find_rotation(db: AsyncSession, *, is_open: bool) -> KeyRotation | None:
    """Return the latest rotation; `is_open` asks for one that has not ended."""
    query = select(KeyRotation).order_by(col(KeyRotation.id).desc()).limit(1)
    if is_open:
        query = query.where(col(KeyRotation.ended_at).is_(None))
    return (await db.execute(query)).scalar_one_or_none()
