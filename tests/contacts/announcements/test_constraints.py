"""What the database itself refuses of announcements."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import StatementError

from kcc.contacts.announcements.models import Announcement, AnnouncementRead
from kcc.storage.database import Database
from tests.conftest import NOW

FIELDS = {"title": "t", "text": "t", "importance": "normal", "starts_at": NOW, "written_by": "x"}
TIMES = {"written_at": NOW, "changed_at": NOW}


@pytest.mark.parametrize(
    "row",
    [
        Announcement(**FIELDS | TIMES | {"importance": "huge"}),
        Announcement(**FIELDS | TIMES, ends_at=NOW - timedelta(seconds=1)),
        Announcement(**FIELDS | TIMES, version=0),
        AnnouncementRead(announcement=99, reader="anna", read_at=NOW),
    ],
)
async def test_it_refuses(database: Database, row: Any) -> None:
    with pytest.raises(StatementError):
        async with database.writing() as session:
            session.add(row.model_copy())
            await session.flush()
