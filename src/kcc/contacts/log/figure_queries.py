"""SQL of the contact log for figures: nothing in it tells who asked."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import case, false, func
from sqlalchemy import select as select_columns
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.contacts.log.kinds import Channel, Outcome, RequesterKind, Source
from kcc.contacts.log.models import Contact, Question, QuestionArticle
from kcc.storage.rows import table_of


class AskedRow(NamedTuple):
    """A question as it was logged; `at` is when its contact began, `key` tells requesters from each other.

    `department` is where it went; `reached` whether that answered, None when it was not called.
    """

    id: int
    contact: int
    at: datetime
    channel: Channel
    requester: RequesterKind
    key: str | None
    topic: str | None
    outcome: Outcome | None
    searched: bool
    department: str | None
    reached: bool | None


async def asked(session: AsyncSession, begin: datetime, end: datetime) -> Sequence[AskedRow]:
    """The questions of contacts that began from one moment up to, not at, another; open ones too."""
    contact, question = (Contact.__table__.c, Question.__table__.c)  # type: ignore[attr-defined]
    query: Any = (
        select_columns(
            question.id,
            contact.id,
            contact.started_at,
            contact.channel,
            contact.requester,
            contact.requester_key,
            question.topic,
            question.outcome,
            question.searched,
            question.department,
            # As `Question.department_reached`.
            case((question.tried, false()), else_=question.reached),
        )
        .join_from(Contact, Question, question.contact == contact.id)
        .where(contact.started_at >= begin, contact.started_at < end)
    )
    return [AskedRow(*row) for row in (await session.exec(query)).all()]


async def opened(session: AsyncSession, begin: datetime, end: datetime) -> dict[int, list[str]]:
    """The articles that were opened for each of these questions, by its id; one without is not in it."""
    contact, question, link = (table_of(of).c for of in (Contact, Question, QuestionArticle))
    query: Any = (
        select_columns(link.question, link.slug)
        .join_from(contact.id.table, question.id.table, question.contact == contact.id)
        .join(link.slug.table, link.question == question.id)
        .where(contact.started_at >= begin, contact.started_at < end)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for number, slug in (await session.exec(query)).all():
        found[number].append(slug)
    return found


async def first_began(session: AsyncSession) -> datetime | None:
    """When the first contact began; None when there is none."""
    query: Any = select_columns(func.min(col(Contact.started_at)))
    found: datetime | None = (await session.exec(query)).scalar_one()
    return found


async def topic_questions(
    session: AsyncSession, begin: datetime, end: datetime, agent: str | None = None
) -> dict[str, int]:
    """How many questions were logged under the code of each topic, by an agent or all.

    Of contacts that began from one moment up to, not at, another.
    """
    number: Any = func.count()
    query: Any = (
        select_columns(col(Question.topic), number)
        .join(Contact, col(Contact.id) == Question.contact)
        .where(col(Contact.started_at) >= begin, col(Contact.started_at) < end, col(Question.topic).is_not(None))
        .group_by(col(Question.topic))
    )
    if agent is not None:
        query = query.where(Contact.agent == agent)
    return {str(topic): count for topic, count in (await session.exec(query)).all()}


async def article_uses(
    session: AsyncSession, begin: datetime, end: datetime, requester: RequesterKind | None
) -> Sequence[tuple[str, str, Outcome | None, int]]:
    """(topic, slug, outcome, number) of the questions in which an article was opened."""
    number: Any = func.count()
    query: Any = (
        select_columns(col(Question.topic), col(QuestionArticle.slug), col(Question.outcome), number)
        .join(Question, col(Question.id) == QuestionArticle.question)
        .join(Contact, col(Contact.id) == Question.contact)
        .where(col(Contact.started_at) >= begin, col(Contact.started_at) < end, col(Question.topic).is_not(None))
        .group_by(col(Question.topic), col(QuestionArticle.slug), col(Question.outcome))
    )
    if requester is not None:
        query = query.where(Contact.requester == requester)
    return [(topic, slug, outcome, count) for topic, slug, outcome, count in (await session.exec(query)).all()]


async def department_sources(
    session: AsyncSession, begin: datetime, end: datetime
) -> Sequence[tuple[str, Source, int]]:
    """(department, what happened, number) of the questions that went to a department.

    One that calls back because nobody answered there is in two of these: both happened.
    """
    question = Question.__table__.c  # type: ignore[attr-defined]
    went = (Source.DEPARTMENT_REACHED, Source.DEPARTMENT_NOT_REACHED, Source.CALLBACK)
    number: Any = func.count()
    query: Any = (
        select_columns(question.department, question.source, question.tried, number)
        .select_from(Question)
        .join(Contact, col(Contact.id) == Question.contact)
        .where(
            col(Contact.started_at) >= begin,
            col(Contact.started_at) < end,
            col(Question.source).in_(went),
        )
        .group_by(question.department, question.source, question.tried)
    )
    rows = (await session.exec(query)).all()
    found = [(str(department), Source(source), count) for department, source, _, count in rows]
    missed = Source.DEPARTMENT_NOT_REACHED
    return found + [(str(department), missed, count) for department, _, tried, count in rows if tried]
