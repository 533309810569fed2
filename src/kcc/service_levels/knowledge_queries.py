"""SQL of the knowledge measures: counts as `knowledge_definitions` says of single questions, without reading those."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, literal, null, select, union_all, values
from sqlalchemy import column as named
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.contacts.log.kinds import Channel, Outcome
from kcc.contacts.log.models import QuestionArticle
from kcc.service_levels.definitions import ANSWERED, BROKEN_OFF
from kcc.service_levels.first_contact_queries import stretch, tables
from kcc.service_levels.knowledge_definitions import CALLBACK, Helping, Linking
from kcc.storage.rows import table_of


@dataclass(frozen=True, slots=True)
class Which:
    """Questions of contacts that began from one moment up to, not at, another; on a channel or all, on topics or all.

    A question is about what its topic became part of.
    """

    begin: datetime
    end: datetime
    channel: Channel | None
    topics: Collection[str] | None


class Linked(NamedTuple):
    """The figures of a stretch of time, counted from 0, or of a topic: the other is None."""

    part: int | None
    topic: str | None
    figures: Linking


async def linked(
    session: AsyncSession, which: Which, length: timedelta, published: Mapping[str, datetime]
) -> Sequence[Linked]:
    """By stretches of whole seconds, and by topic; `published`: when articles first were, those after `begin`."""
    one = _questions(session, which, length, published)
    there, since = one.c.there > 0, and_(one.c.there == 0, one.c.articles > 0)
    back = and_(one.c.articles == 0, one.c.searched, one.c.outcome == Outcome(CALLBACK))
    counted = (
        select(one.c.part, one.c.topic, func.count().label("questions"))
        .add_columns(*(_number(what).label(name) for name, what in (("reused", there), ("new", since), ("back", back))))
        .group_by(one.c.part, one.c.topic)
        .cte()
    )
    sums = [func.sum(counted.c[name]) for name in ("questions", "reused", "new", "back")]
    query = union_all(
        select(counted.c.part, null().label("topic"), *sums).group_by(counted.c.part),
        select(null(), counted.c.topic, *sums).group_by(counted.c.topic),
    )
    rows = (await (await session.connection()).execute(query)).all()
    return [Linked(part, topic, Linking(*map(int, numbers))) for part, topic, *numbers in rows]


async def helped(session: AsyncSession, which: Which) -> dict[str, Helping]:
    """How each article helped that was used, by slug."""
    contact, question, merge = tables()
    link = table_of(QuestionArticle).c
    resolved = _number(question.outcome.in_([Outcome(outcome) for outcome in sorted(ANSWERED)]))
    query = _could_link(select(link.slug, func.count(), resolved), which, contact, question, merge)
    query = query.join(link.slug.table, link.question == question.id).group_by(link.slug)
    rows = (await (await session.connection()).execute(query)).all()
    return {slug: Helping(questions, int(answered)) for slug, questions, answered in rows}


def _questions(session: AsyncSession, which: Which, length: timedelta, published: Mapping[str, datetime]) -> Any:
    """Each question with how many articles it has, and how many of those were there when its contact began."""
    contact, question, merge = tables()
    link = table_of(QuestionArticle).c
    was_there: ColumnElement[bool] = link.slug.is_not(None)
    part, about = stretch(session, contact.started_at, which.begin, length), func.coalesce(merge.target, question.topic)
    columns = [part.label("part"), about.label("topic"), question.outcome, question.searched]
    query = _could_link(select(*columns), which, contact, question, merge)
    query = query.outerjoin(link.slug.table, link.question == question.id)
    if published:
        later = (
            values(named("slug", link.slug.type), named("at", contact.started_at.type), name="later")
            .data(list(published.items()))
            .cte()
        )
        query = query.outerjoin(later, and_(later.c.slug == link.slug, later.c.at > contact.started_at))
        was_there = and_(was_there, later.c.slug.is_(None))
    numbers = [func.count(link.slug).label("articles"), _number(was_there).label("there")]
    return query.add_columns(*numbers).group_by(question.id, *columns).subquery()


def _could_link(query: Any, which: Which, contact: Any, question: Any, merge: Any) -> Any:
    query = (
        query.select_from(contact.id.table.join(question.id.table, question.contact == contact.id))
        .outerjoin(merge.topic.table, merge.topic == question.topic)
        .where(contact.started_at >= which.begin, contact.started_at < which.end)
        .where(question.topic.is_not(None), question.outcome.is_not(None), question.outcome != Outcome(BROKEN_OFF))
    )
    if which.channel is not None:
        query = query.where(contact.channel == which.channel)
    if which.topics is not None:
        query = query.where(func.coalesce(merge.target, question.topic).in_(sorted(which.topics)))
    return query


def _number(condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.sum(case((condition, literal(1)), else_=literal(0)))
