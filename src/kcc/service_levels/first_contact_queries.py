"""SQL of first-contact resolution: counts as `definitions` says of single questions, without reading those."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, Select, and_, case, cast, exists, extract, false, func, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.catalogue.models import TopicMerge
from kcc.contacts.log.kinds import Channel, Outcome, RequesterKind
from kcc.contacts.log.models import Contact, Question
from kcc.service_levels.definitions import ANSWERED, BROKEN_OFF
from kcc.storage.turns import is_sqlite


class Asked(NamedTuple):
    """Eligible questions about topics that count, or about those that do not: in all, and as `AsMarked` and `AsSeen`.

    `part` counts stretches of time from 0.
    """

    part: int
    counts: bool
    eligible: int
    resolved: int
    known: int
    followed: int
    seen: int


async def asked(
    session: AsyncSession,
    between: tuple[datetime, datetime],
    length: timedelta,
    channel: Channel | None,
    excluded: Collection[str],
    days: int | None,
    now: datetime,
) -> Sequence[Asked]:
    """The questions of contacts that began from one moment up to, not at, another, by stretches of whole seconds.

    Without `days` nobody is looked for among later contacts, which takes most of the time: none is `followed`.
    """
    contact, question, merge = tables()
    part = stretch(session, contact.started_at, between[0], length)
    about = func.coalesce(merge.target, question.topic)
    counts = case((about.in_(list(excluded)), 0), else_=1)
    known = and_(contact.requester_key.is_not(None), question.topic.is_not(None))
    followed: ColumnElement[bool] = false()
    helped: ColumnElement[bool] = false()
    if days is not None:
        followed = and_(known, contact.started_at <= now - timedelta(days=days))
        helped = and_(followed, ~_again(session, contact, about, days))
    resolved = question.outcome.in_([Outcome(outcome) for outcome in sorted(ANSWERED)])
    columns = [part, counts, func.count(), *(_number(which) for which in (resolved, known, followed, helped))]
    query = eligible(select(*columns), contact, question, merge, between).group_by(part, counts)
    if channel is not None:
        query = query.where(contact.channel == channel)
    rows = (await (await session.connection()).execute(query)).all()
    return [Asked(int(row[0]), bool(row[1]), *map(int, row[2:])) for row in rows]


def _again(session: AsyncSession, contact: Any, about: ColumnElement[Any], days: int) -> ColumnElement[bool]:
    """The same requester asked about the same in a later contact, as `Askings.again` has it."""
    later, question, merge = tables()
    return exists(
        select(1)
        .select_from(_joined(later, question, merge))
        .where(later.requester_key == contact.requester_key)
        .where(later.started_at >= contact.started_at)
        .where(later.started_at < _after(session, contact.started_at, days))
        .where(or_(later.started_at > contact.started_at, later.id > contact.id))
        .where(func.coalesce(merge.target, question.topic) == about)
    )


def eligible(
    query: Select[Any], contact: Any, question: Any, merge: Any, between: tuple[datetime, datetime]
) -> Select[Any]:
    """Of the questions of contacts that began from one moment up to, not at, another those that are eligible."""
    begin, end = between
    return (
        query.select_from(_joined(contact, question, merge))
        .where(contact.started_at >= begin, contact.started_at < end)
        .where(contact.requester != RequesterKind.OWN_ORGANISATION)
        .where(question.outcome.is_not(None), question.outcome != Outcome(BROKEN_OFF))
    )


def stretch(
    session: AsyncSession, moment: ColumnElement[Any], begin: datetime, length: timedelta
) -> ColumnElement[int]:
    """In which stretch of whole seconds a moment is, counted from 0 at `begin`."""
    return (_seconds(session, moment) - int(begin.timestamp())) // int(length.total_seconds())


def tables() -> tuple[Any, Any, Any]:
    """Contacts, their questions, and what the topics of these became part of; under names of their own."""
    contact, question, merge = (of.__table__.alias().c for of in (Contact, Question, TopicMerge))  # type: ignore[union-attr]
    return contact, question, merge


def _joined(contact: Any, question: Any, merge: Any) -> Any:
    tables = contact.id.table, question.id.table, merge.topic.table
    return tables[0].join(tables[1], question.contact == contact.id).outerjoin(tables[2], merge.topic == question.topic)


def _number(condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.sum(case((condition, 1), else_=0))


def _seconds(session: AsyncSession, moment: ColumnElement[Any]) -> ColumnElement[int]:
    """Whole seconds since 1970."""
    if is_sqlite(session):
        return cast(func.strftime("%s", moment), BigInteger)
    return cast(func.floor(extract("epoch", moment)), BigInteger)


def _after(session: AsyncSession, moment: ColumnElement[Any], days: int) -> ColumnElement[Any]:
    """So many times 24 hours later. SQLite keeps moments as text: what comes after the seconds stays as it is."""
    if is_sqlite(session):
        return func.datetime(func.substr(moment, 1, 19), f"+{days} days").concat(func.substr(moment, 20))
    return moment + timedelta(days=days)
