"""Tables of the kennisbank: articles, their revisions, the words behind search, what use teaches."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from kcc.storage.types import enum_type


class Audience(StrEnum):
    """Who may read an article."""

    PUBLIC = "public"
    AGENTS = "agents"


class Status(StrEnum):
    """Where an article is in its life. Only published ones are found."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Article(SQLModel, table=True):
    """One answer in the kennisbank, as it is now. Texts are Markdown with `{{fee}}` placeholders."""

    __table_args__ = (
        CheckConstraint("valid_until IS NULL OR valid_from IS NULL OR valid_until >= valid_from", name="valid_range"),
        CheckConstraint("version >= 1", name="version_positive"),
    )

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(max_length=120, unique=True)
    source_id: str | None = Field(default=None, max_length=80, unique=True)
    version: int = 1
    title: str = Field(max_length=200)
    upl: str = Field(max_length=200)
    topic: str = Field(max_length=60, foreign_key="topic.code", index=True)
    department: str = Field(max_length=60, foreign_key="department.code")
    audience: Audience = Field(sa_type=enum_type(Audience, "article_audience"))
    status: Status = Field(sa_type=enum_type(Status, "article_status"), index=True)
    language: str = Field(default="nl", max_length=5)
    short_answer: str = Field(max_length=600)
    body: str = Field(sa_column=Column(Text, nullable=False))
    internal: str = Field(default="", sa_column=Column(Text, nullable=False))
    facts: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    variants: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    synonyms: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    related: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    product: str | None = Field(default=None, max_length=60)
    form: str | None = Field(default=None, max_length=500)
    valid_from: date | None = None
    valid_until: date | None = None
    review_date: date | None = None
    imported_checksum: str | None = Field(default=None, max_length=64)
    created_at: datetime
    updated_at: datetime


class ArticleRevision(SQLModel, table=True):
    """What an article was at one version, who made it so and when. Never changed."""

    __tablename__ = "article_revision"
    __table_args__ = (UniqueConstraint("article_id", "version"),)

    id: int | None = Field(default=None, primary_key=True)
    article_id: int = Field(foreign_key="article.id")
    version: int
    content: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    changed_at: datetime
    changed_by: str = Field(max_length=120)


class WordListKind(StrEnum):
    """The word lists editors own."""

    SYNONYMS = "synonyms"
    COMPOUNDS = "compounds"


class WordList(SQLModel, table=True):
    """The text of one word list, as in `kennisbank/synonyms.txt` and `kennisbank/compounds.txt`."""

    __tablename__ = "word_list"

    kind: WordListKind = Field(primary_key=True, sa_type=enum_type(WordListKind, "word_list_kind"))
    text: str = Field(sa_column=Column(Text, nullable=False))
    updated_at: datetime


class SearchChannel(StrEnum):
    """Where somebody searched."""

    RESIDENT = "resident"
    DESK = "desk"


class SearchCount(SQLModel, table=True):
    """How often words were searched on a day and how that ended. Words only; nothing about a person."""

    __tablename__ = "search_count"

    day: date = Field(primary_key=True)
    channel: SearchChannel = Field(primary_key=True, sa_type=enum_type(SearchChannel, "search_channel"))
    query: str = Field(primary_key=True, max_length=200)
    searches: int = 0
    without_result: int = 0
    opened: int = 0
    resolved: int = 0
    not_the_answer: int = 0


class Verdict(StrEnum):
    """What somebody says of an article they read."""

    RESOLVED = "resolved"
    NOT_THE_ANSWER = "not-the-answer"
    WRONG = "wrong"


class ArticleFeedback(SQLModel, table=True):
    """One verdict on an article. `wrong` ones stay open until an editor has handled them."""

    __tablename__ = "article_feedback"

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(max_length=120, index=True)
    verdict: Verdict = Field(sa_type=enum_type(Verdict, "feedback_verdict"))
    channel: SearchChannel = Field(sa_type=enum_type(SearchChannel, "feedback_channel"))
    query: str | None = Field(default=None, max_length=200)
    note: str | None = Field(default=None, max_length=1000)
    created_at: datetime
    handled_at: datetime | None = None
    handled_by: str | None = Field(default=None, max_length=120)


class ProposalState(StrEnum):
    """What the editor thought of a learned query."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class VariantProposal(SQLModel, table=True):
    """Words with which an article was found and resolved a contact: a question variant, if an editor nods."""

    __tablename__ = "variant_proposal"
    __table_args__ = (UniqueConstraint("slug", "query"),)

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(max_length=120)
    query: str = Field(max_length=200)
    count: int = 1
    state: ProposalState = Field(default=ProposalState.OPEN, sa_type=enum_type(ProposalState, "proposal_state"))
    last_at: datetime
