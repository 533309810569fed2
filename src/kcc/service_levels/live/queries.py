"""SQL of what is so now."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.contacts.telephony.models import Call, CallEvent, CallSource
from kcc.contacts.telephony.queries import WAITING, renames
from kcc.service_levels.live.agents import MEANING, AgentEvent, LastCall, OpenCall
from kcc.service_levels.phone.models import CallDay
from kcc.service_levels.phone.tallies import ALL, NO_QUEUE

_EPOCH_KEYS_END = "a"  # keys of log lines begin with their second, those of events by the API with a letter


class Heard(NamedTuple):
    """A source, and its newest event and latest start of the queues, in milliseconds since 1970."""

    source: int
    newest: int
    started: int


async def heard(session: AsyncSession) -> list[Heard]:
    """Every source."""
    query: Any = select(CallSource.id, CallSource.newest_ms, CallSource.started_ms)
    return [Heard(*row) for row in (await session.exec(query)).all()]


async def waiting(session: AsyncSession, since: datetime, until: datetime) -> list[tuple[str, datetime]]:
    """The queue of every call that entered between two moments and still waits, and when it entered; longest first."""
    query: Any = select(col(Call.queue), col(Call.entered_at)).where(
        WAITING, col(Call.entered_at) > since, col(Call.entered_at) <= until
    )
    found = (await session.exec(query.order_by(col(Call.entered_at), col(Call.id)))).all()
    return [(queue or NO_QUEUE, entered) for queue, entered in found]


async def queues_between(session: AsyncSession, first: date, last: date) -> list[str]:
    """The queues that calls were counted of on these days, by name."""
    queue = col(CallDay.queue)
    query: Any = select(queue).where(col(CallDay.day) >= first, col(CallDay.day) <= last, queue != ALL)
    return list((await session.exec(query.distinct().order_by(queue))).all())


async def last_calls(session: AsyncSession, begin: datetime) -> list[LastCall]:
    """The last of each agent's calls that entered since a moment."""
    of: Any = Call
    moments = (func.max(of.answered_at), func.max(of.ended_at), func.max(of.wrapped_up_at))
    query: Any = (
        select_columns(of.source, of.agent, *moments)
        .where(of.entered_at >= begin, of.answered_at.is_not(None))
        .group_by(of.source, of.agent)
    )
    found = (await session.exec(query)).all()
    return [LastCall(source, agent, _ms(first), *map(_ms_or_none, rest)) for source, agent, first, *rest in found]


async def unended_calls(session: AsyncSession, begin: datetime) -> list[OpenCall]:
    """The calls that entered since a moment and were answered, and whose end was not told."""
    of: Any = Call
    query: Any = select_columns(of.source, of.agent, of.queue, of.answered_at).where(
        of.entered_at >= begin, of.answered_at.is_not(None), of.ended_at.is_(None)
    )
    found = (await session.exec(query)).all()
    return [OpenCall(source, agent, queue or NO_QUEUE, _ms(answered)) for source, agent, queue, answered in found]


async def agent_events(session: AsyncSession, sources: Iterable[int], begin: datetime) -> list[AgentEvent]:
    """What these sources told of agents since a moment.

    Events by the API that name a call are not looked at: those of agents need not, and are found without the others.
    """
    of: Any = CallEvent
    seconds = int(begin.timestamp())
    names = await renames(session)
    found: list[AgentEvent] = []
    for source in sources:
        columns = select_columns(of.source, of.at_ms, of.agent, of.queue, of.kind)
        wanted: Sequence[Any] = (of.source == source, of.kind.in_(MEANING), of.at_ms >= seconds * 1000)
        logged: Any = columns.where(*wanted, of.key >= f"{seconds:010}", of.key < _EPOCH_KEYS_END)
        told: Any = columns.where(*wanted, of.call_id == "")
        for query in (logged, told):
            found += [AgentEvent(*row) for row in (await session.exec(query)).all()]
    return [event._replace(queue=names.get(event.queue, event.queue)) for event in found]


def _ms(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=moment.tzinfo)) // timedelta(milliseconds=1)


def _ms_or_none(moment: datetime | None) -> int | None:
    return None if moment is None else _ms(moment)
