"""Tables of announcements. Instants in UTC."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Column, Index, Text
from sqlmodel import Field, SQLModel

from kcc.storage.types import enum_type

TEXT_MAX = 5000


class Importance(StrEnum):
    """How soon an announcement must be read; in this order they are shown, the last one first."""

    NORMAL = "normal"
    IMPORTANT = "important"
    URGENT = "urgent"

    @property
    def rank(self) -> int:
        """Its place in the order; the higher the sooner."""
        return list(Importance).index(self)


class Announcement(SQLModel, table=True):
    """News, shown from `starts_at` up to, not at, `ends_at`; until somebody ends it when that is null.

    `text` is Markdown. `written_by` is the name of whoever wrote it first.
    """

    __table_args__ = (
        CheckConstraint("ends_at IS NULL OR ends_at >= starts_at", name="period"),
        CheckConstraint("version >= 1", name="version_positive"),
        Index("ix_announcement_ends_at", "ends_at"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    title: str = Field(max_length=120)
    text: str = Field(sa_column=Column(Text, nullable=False))
    importance: Importance = Field(sa_type=enum_type(Importance, "announcement_importance"))
    starts_at: datetime
    ends_at: datetime | None = None
    written_by: str = Field(max_length=120)
    written_at: datetime
    changed_at: datetime
    version: int = 1


class AnnouncementRead(SQLModel, table=True):
    """Somebody read an announcement. `reader` is the name they sign in with, or that of a token."""

    __tablename__ = "announcement_read"

    announcement: int = Field(primary_key=True, foreign_key="announcement.id", ondelete="CASCADE")
    reader: str = Field(primary_key=True, max_length=80)
    read_at: datetime
