"""SQL of the knowledge measures: counts as `knowledge_definitions` says of single questions, without reading those."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, case, exists, func, literal, null, select, true, union_all, values
from sqlalchemy import column as named
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.contacts.log.kinds import Channel, Outcome
from kcc.contacts.log.models import QuestionArticle
from kcc.service_levels.definitions import ANSWERED, BROKEN_OFF
from kcc.service_levels.first_contact_queries import stretch, tables
from kcc.service_levels.knowledge_definitions import CALLBACK, Helping, Linking
from kcc.storage.rows import table_of

_LINK = table_of(QuestionArticle).c


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
    contact, question, merge = tables()
    about = func.coalesce(merge.target, question.topic)
    has_any, has_there = _link(question), _link(question, _was_there(contact, published))
    back = and_(question.outcome == Outcome(CALLBACK), question.searched, ~has_any)
    numbers = {
        "questions": func.count(),
        "linked": _number(has_any),
        "there": _number(has_there),
        "back": _number(back),
    }
    labelled = [number.label(name) for name, number in numbers.items()]
    part = stretch(session, contact.started_at, which.begin, length)
    query = select(part.label("part"), about.label("topic"), *labelled).group_by(part, about)
    counted = _could_link(query, which, contact, question, merge).cte()
    sums = [func.sum(counted.c[name]) for name in numbers]
    either = union_all(
        select(counted.c.part, null().label("topic"), *sums).group_by(counted.c.part),
        select(null(), counted.c.topic, *sums).group_by(counted.c.topic),
    )
    rows = (await (await session.connection()).execute(either)).all()
    return [
        Linked(part, topic, Linking(int(questions), int(there), int(linked - there), int(called_back)))
        for part, topic, questions, linked, there, called_back in rows
    ]


async def helped(session: AsyncSession, which: Which) -> dict[str, Helping]:
    """How each article helped that was used, by slug."""
    contact, question, merge = tables()
    resolved = _number(question.outcome.in_([Outcome(outcome) for outcome in sorted(ANSWERED)]))
    query = _could_link(select(_LINK.slug, func.count(), resolved), which, contact, question, merge)
    query = query.join(_LINK.slug.table, _LINK.question == question.id).group_by(_LINK.slug)
    rows = (await (await session.connection()).execute(query)).all()
    return {slug: Helping(questions, int(answered)) for slug, questions, answered in rows}


def _link(question: Any, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """The question has such an article."""
    return exists(select(1).where(_LINK.question == question.id, *conditions))


def _was_there(contact: Any, published: Mapping[str, datetime]) -> ColumnElement[bool]:
    """The article was there when the contact began; only of those first published since is it looked up."""
    if not published:
        return true()
    columns = named("slug", _LINK.slug.type), named("at", contact.started_at.type)
    later = values(*columns, name="later").data(list(published.items())).cte()
    after = select(1).where(later.c.slug == _LINK.slug, later.c.at > contact.started_at)
    after = after.correlate(_LINK.slug.table, contact.id.table)
    return ~and_(_LINK.slug.in_(list(published)), exists(after))


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
