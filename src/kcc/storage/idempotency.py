"""Idempotency keys: the same key gives the same thing, also after a lost answer or a double click.

(The Idempotency-Key header: draft-ietf-httpapi-idempotency-key-header.)
"""

import hashlib
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, SQLModel, col
from sqlmodel.ext.asyncio.session import AsyncSession

import kcc.storage.types  # noqa: F401  (naming convention before the first table)
from kcc.errors import DomainError


class IdempotencyKey(SQLModel, table=True):
    """A key that was used, for which request, and what came of it. All but `result` are hashes."""

    __tablename__ = "idempotency_key"

    key_hash: str = Field(primary_key=True, max_length=64)
    request_hash: str = Field(max_length=64)
    result: str = Field(default="", max_length=200)
    created_at: datetime = Field(index=True)


class KeyReused(DomainError):
    """The key was used before, for something else."""

    status = 409
    kind = "key-reused"
    title = "Sleutel al gebruikt"


async def begin(session: AsyncSession, scope: str, key: str, request: str, now: datetime) -> str | None:
    """Claim the key for this request. Returns the result of an earlier one with the same key, None for the first.

    Two at the same moment take turns: the second waits for the end of the first one's transaction.
    Raises KeyReused when the key belongs to another request.
    """
    key_hash, request_hash = _hash(f"{scope}\n{key}"), _hash(request)
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = {"key_hash": key_hash, "request_hash": request_hash, "result": "", "created_at": now}
    made = await session.exec(insert(IdempotencyKey).values(row).on_conflict_do_nothing())
    if made.rowcount:
        return None
    known = await session.get_one(IdempotencyKey, key_hash)
    if known.request_hash != request_hash:
        raise KeyReused("Deze Idempotency-Key is al gebruikt voor een ander verzoek. Stuur een nieuwe sleutel mee.")
    return known.result


async def finish(session: AsyncSession, scope: str, key: str, result: str) -> None:
    """Remember what came of the request that claimed the key."""
    known = await session.get_one(IdempotencyKey, _hash(f"{scope}\n{key}"))
    known.result = result


async def result(session: AsyncSession, scope: str, key: str) -> str | None:
    """What came of the request that claimed the key; None when none did."""
    known = await session.get(IdempotencyKey, _hash(f"{scope}\n{key}"))
    return known.result if known else None


async def purge(session: AsyncSession, before: datetime) -> None:
    """Forget the keys that were used before a moment."""
    await session.exec(delete(IdempotencyKey).where(col(IdempotencyKey.created_at) < before))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
