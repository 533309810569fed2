"""SQL of first-contact resolution: counts as `definitions` says of single questions, without reading those."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    cast,
    exists,
    extract,
    false,
    func,
    or_,
    select,
)
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.catalogue.models import TopicMerge
from kcc.contacts.log.kinds import Channel, Outcome, RequesterKind
from kcc.contacts.log.models import Contact, Question
from kcc.service_levels.definitions import ANSWERED, BROKEN_OFF
from kcc.storage.rows import table_of
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


class OfTopic(NamedTuple):
    """Eligible questions on a channel about a topic, empty for none; the rest as `Asked` has it."""

    part: int
    channel: Channel
    topic: str
    eligible: int
    resolved: int
    known: int
    followed: int
    seen: int


_Apart = Callable[[Any, ColumnElement[Any]], list[ColumnElement[Any]]]


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
    statement = _counted(_counting, days, of_channel=channel is not None, on_sqlite=is_sqlite(session))
    given = {**_values(between, length, days, now), "excluded": list(excluded)}
    rows = await _rows(session, statement, given | ({"channel": channel} if channel else {}))
    return [Asked(int(row[0]), bool(row[1]), *map(int, row[2:])) for row in rows]


async def of_topics(
    session: AsyncSession, between: tuple[datetime, datetime], length: timedelta, days: int, now: datetime
) -> Sequence[OfTopic]:
    """The same of each channel and topic apart."""
    statement = _counted(_channel_and_topic, days, of_channel=False, on_sqlite=is_sqlite(session))
    rows = await _rows(session, statement, _values(between, length, days, now))
    return [OfTopic(int(row[0]), row[1], row[2], *map(int, row[3:])) for row in rows]


def _counting(_contact: Any, about: ColumnElement[Any]) -> list[ColumnElement[Any]]:
    return [case((about.in_(bindparam("excluded", expanding=True)), 0), else_=1).label("counts")]


def _channel_and_topic(contact: Any, about: ColumnElement[Any]) -> list[ColumnElement[Any]]:
    return [contact.channel, func.coalesce(about, "").label("about")]


def _values(
    between: tuple[datetime, datetime], length: timedelta, days: int | None, now: datetime
) -> dict[str, object]:
    begin, end = between
    stretches = {"epoch": int(begin.timestamp()), "length": int(length.total_seconds())}
    return {"begin": begin, "end": end, **stretches} | ({} if days is None else {"known": now - timedelta(days=days)})


async def _rows(session: AsyncSession, statement: Any, given: Mapping[str, object]) -> Sequence[Any]:
    rows: Sequence[Any] = (await (await session.connection()).execute(statement, given)).all()
    return rows


@cache
def _counted(apart: _Apart, days: int | None, *, of_channel: bool, on_sqlite: bool) -> Any:
    """The statement for (stretch, what is `apart`, the five numbers) of each; to make it takes long."""
    contact, question, merge = tables()
    part = _stretch(contact.started_at, bindparam("epoch"), bindparam("length"), on_sqlite=on_sqlite).label("part")
    about = func.coalesce(merge.target, question.topic)
    known = and_(contact.requester_key.is_not(None), question.topic.is_not(None))
    followed: ColumnElement[bool] = false()
    helped: ColumnElement[bool] = false()
    if days is not None:
        followed = and_(known, contact.started_at <= bindparam("known"))
        helped = and_(followed, ~_again(contact, about, days, on_sqlite=on_sqlite))
    resolved = question.outcome.in_([Outcome(outcome) for outcome in sorted(ANSWERED)])
    groups = [part, *apart(contact, about)]
    numbers = [func.count(), *(_number(which) for which in (resolved, known, followed, helped))]
    between: tuple[Any, Any] = bindparam("begin"), bindparam("end")
    query = eligible(select(*groups, *numbers), contact, question, merge, between).group_by(*groups)
    return query.where(contact.channel == bindparam("channel")) if of_channel else query


def _again(contact: Any, about: ColumnElement[Any], days: int, *, on_sqlite: bool) -> ColumnElement[bool]:
    """The same requester asked about the same in a later contact, as `Askings.again` has it."""
    later, question, merge = tables("later")
    return exists(
        select(1)
        .select_from(_joined(later, question, merge))
        .where(later.requester_key == contact.requester_key)
        .where(later.started_at >= contact.started_at)
        .where(later.started_at < _after(contact.started_at, days, on_sqlite=on_sqlite))
        .where(or_(later.started_at > contact.started_at, later.id > contact.id))
        .where(func.coalesce(merge.target, question.topic) == about)
    )


def eligible(query: Select[Any], contact: Any, question: Any, merge: Any, between: tuple[Any, Any]) -> Select[Any]:
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
    return _stretch(moment, int(begin.timestamp()), int(length.total_seconds()), on_sqlite=is_sqlite(session))


def _stretch(moment: ColumnElement[Any], epoch: Any, length: Any, *, on_sqlite: bool) -> ColumnElement[int]:
    part: ColumnElement[int] = (_seconds(moment, on_sqlite=on_sqlite) - epoch) // length
    return part


@cache
def tables(prefix: str = "asked") -> tuple[Any, Any, Any]:
    """Contacts, their questions, and what the topics of these became part of; under names of their own."""
    contact, question, merge = (
        table_of(of).alias(f"{prefix}_{of.__tablename__}").c for of in (Contact, Question, TopicMerge)
    )
    return contact, question, merge


def _joined(contact: Any, question: Any, merge: Any) -> Any:
    tables = contact.id.table, question.id.table, merge.topic.table
    return tables[0].join(tables[1], question.contact == contact.id).outerjoin(tables[2], merge.topic == question.topic)


def _number(condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.sum(case((condition, 1), else_=0))


def _seconds(moment: ColumnElement[Any], *, on_sqlite: bool) -> ColumnElement[int]:
    """Whole seconds since 1970."""
    if on_sqlite:
        return cast(func.strftime("%s", moment), BigInteger)
    return cast(func.floor(extract("epoch", moment)), BigInteger)


def _after(moment: ColumnElement[Any], days: int, *, on_sqlite: bool) -> ColumnElement[Any]:
    """So many times 24 hours later. SQLite keeps moments as text: what comes after the seconds stays as it is."""
    if on_sqlite:
        return func.datetime(func.substr(moment, 1, 19), f"+{days} days").concat(func.substr(moment, 20))
    return moment + timedelta(days=days)
