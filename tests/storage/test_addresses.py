"""How the database's address is understood, and that the outbox's open entries are found without reading the rest."""

import pytest
from sqlalchemy import inspect

from kcc.storage.database import Database, async_url


@pytest.mark.parametrize("mode", ["disable", "prefer", "require", "verify-full"])
def test_sslmode_is_what_the_driver_calls_ssl(mode: str) -> None:
    url = async_url(f"postgresql://kcc@host/kcc?sslmode={mode}&host=elsewhere")
    assert url.drivername == "postgresql+asyncpg"
    assert dict(url.query) == {"ssl": mode, "host": "elsewhere"}


async def test_open_entries_are_found_by_topic(database: Database) -> None:
    """Entries that are only followed are never done: those of another topic must not be read past."""
    async with database.engine.begin() as connection:
        indexes = await connection.run_sync(lambda sync: inspect(sync).get_indexes("outbox_entry"))
    (index,) = [index for index in indexes if index["name"] == "ix_outbox_entry_open"]
    assert index["column_names"] == ["topic", "available_at"]
