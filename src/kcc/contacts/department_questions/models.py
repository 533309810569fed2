"""The table of questions to departments. Instants in UTC."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Column, Index, Text, text
from sqlmodel import Field, SQLModel

QUESTION_MAX = 1000
ANSWER_MAX = 4000


class DepartmentQuestion(SQLModel, table=True):
    """What somebody asked a department, about an article or else about a topic.

    `asked_by` is the name they sign in with, `asker` the one on screens. The token of the link in the mail follows from
    `seed` and the secret key; only its hash is kept. `answered_by` is who says so themselves, or the employee who took
    the answer down. The asker has seen the answer at `seen_at`; the question is dealt with at `closed_at`.
    `bsn_confirmed_not`: somebody said that a number in a text, which could be a citizen service number, is none.
    """

    __tablename__ = "department_question"
    __table_args__ = (
        CheckConstraint("(article IS NULL) <> (topic IS NULL)", name="about"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered"),
        CheckConstraint("(answer IS NULL) = (answered_by IS NULL)", name="answered_by"),
        CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", name="closed"),
        CheckConstraint("seen_at IS NULL OR answer IS NOT NULL", name="seen"),
        Index("ix_department_question_asked_by_asked_at", "asked_by", "asked_at"),
        Index(
            "ix_department_question_open",
            "article",
            postgresql_where=text("closed_at IS NULL"),
            sqlite_where=text("closed_at IS NULL"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    article: str | None = Field(default=None, max_length=120)
    topic: str | None = Field(default=None, max_length=60, foreign_key="topic.code", index=True)
    department: str = Field(max_length=60, foreign_key="department.code", index=True)
    question: str = Field(max_length=QUESTION_MAX)
    asked_by: str = Field(max_length=80)
    asker: str = Field(max_length=120)
    asked_at: datetime
    seed: str = Field(max_length=64)
    token_hash: str = Field(max_length=64, unique=True)
    undelivered_at: datetime | None = None
    answer: str | None = Field(default=None, sa_column=Column(Text))
    answered_by: str | None = Field(default=None, max_length=120)
    answered_at: datetime | None = None
    bsn_confirmed_not: bool = False
    seen_at: datetime | None = None
    closed_at: datetime | None = None
    closed_by: str | None = Field(default=None, max_length=120)
