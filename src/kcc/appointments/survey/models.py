"""Tables of the survey. None refers to an appointment, a visit or a person, and no time is finer than a day.

Keys are random, and SQLite keeps these rows by key: no number and no order tells which row was written when.
"""

from datetime import date
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, Column, Index
from sqlmodel import Field, SQLModel

from kcc.service_levels.definitions import SCORES
from kcc.storage.types import enum_type

LOWEST, HIGHEST = SCORES[0], SCORES[-1]
REMARK_MAX = 500


class SurveyChannel(StrEnum):
    """How somebody answered: by the link in a mail, or at the kiosk."""

    MAIL = "mail"
    KIOSK = "kiosk"


class SurveyInvitation(SQLModel, table=True):
    """A link that was mailed: it works once. `key` is a keyed hash of its token; `day` is that of the visit."""

    __tablename__ = "survey_invitation"
    __table_args__ = (Index("ix_survey_invitation_day", "day"), {"sqlite_with_rowid": False})

    key: str = Field(primary_key=True, max_length=64)
    location: str = Field(max_length=60)
    day: date
    products: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    answered: bool = False


class SurveyCount(SQLModel, table=True):
    """How many were invited about visits of a day at a location, and how many of those answered.

    For each product, and for all together under the empty name. Stays when invitations are removed.
    """

    __tablename__ = "survey_count"

    location: str = Field(primary_key=True, max_length=60)
    day: date = Field(primary_key=True)
    product: str = Field(primary_key=True, max_length=60)
    invited: int = 0
    answered: int = 0


class SurveyAnswer(SQLModel, table=True):
    """What somebody answered. By mail `day` is that of the visit; at the kiosk it is today, without products."""

    __tablename__ = "survey_answer"
    __table_args__ = (
        CheckConstraint(f"score BETWEEN {LOWEST} AND {HIGHEST}", "score"),
        Index("ix_survey_answer_day", "day"),
        {"sqlite_with_rowid": False},
    )

    key: str = Field(primary_key=True, max_length=64)
    channel: SurveyChannel = Field(sa_type=enum_type(SurveyChannel, "survey_channel"))
    location: str = Field(max_length=60)
    day: date
    products: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    score: int
    remark: str = Field(default="", max_length=REMARK_MAX)
