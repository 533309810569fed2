"""The calls behind a figure: those of some days, by how they ended. Nothing tells who called or answered."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func, or_
from sqlalchemy import select as select_columns
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.contacts.log.kinds import Outcome
from kcc.contacts.log.models import Contact, Question
from kcc.contacts.telephony.calls import CallOutcome
from kcc.contacts.telephony.models import Call
from kcc.service_levels.definitions import ANSWER_WITHIN, SHORT, Variant
from kcc.service_levels.periods import QUARTER, bounds
from kcc.service_levels.phone.tallies import NO_QUEUE

PART = 500  # calls at a time whose contacts are looked up


class Ended(StrEnum):
    """Which calls, as figures count them; one that still waits is in none.

    `in_time` was answered within the threshold and `late` after it; `gone` was abandoned within it, `short` within
    some seconds. The last three are sides of a service level.
    """

    OFFERED = "offered"
    ANSWERED = "answered"
    IN_TIME = "in-time"
    LATE = "late"
    TRANSFERRED = "transferred"
    ABANDONED = "abandoned"
    SHORT = "short"
    GONE = "gone"
    SENT_AWAY = "sent-away"
    UNKNOWN = "unknown"
    OFFERED_NOT_GONE = "offered-not-gone"
    OFFERED_NOT_SHORT = "offered-not-short"
    IN_TIME_OR_GONE = "in-time-or-gone"


# Of each variant of the service level the calls in time, and those that count.
SIDES = {
    Variant.OFFERED: (Ended.IN_TIME, Ended.OFFERED),
    Variant.ANSWERED: (Ended.IN_TIME, Ended.ANSWERED),
    Variant.DROP_ABANDONED_WITHIN_THRESHOLD: (Ended.IN_TIME, Ended.OFFERED_NOT_GONE),
    Variant.DROP_SHORT_ABANDONED: (Ended.IN_TIME, Ended.OFFERED_NOT_SHORT),
    Variant.ABANDONED_WITHIN_THRESHOLD_MET: (Ended.IN_TIME_OR_GONE, Ended.OFFERED),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Which calls: of local days, a queue, an end, a weekday (0 is Monday), a quarter of the day as the clock tells.

    `threshold` and `short` in seconds; what is None is not asked for.
    """

    first: date
    last: date
    queue: str | None = None
    ended: Ended | None = None
    weekday: int | None = None
    quarter: int | None = None
    threshold: int = ANSWER_WITHIN
    short: int = SHORT


class Case(NamedTuple):
    """A call. `contact` is the number of the contact that was logged about it."""

    id: int
    entered_at: datetime
    queue: str
    outcome: CallOutcome
    wait_seconds: int | None
    talk_seconds: int | None
    transferred: bool
    contact: int | None


async def calls(
    session: AsyncSession, asked: Asked, zone: ZoneInfo, limit: int, offset: int = 0
) -> tuple[list[Case], int]:
    """Some of these calls, the newest first, and how many there are in all."""
    of: Any = Call
    wanted = list(_wanted(asked, zone))
    counting: Any = select_columns(func.count()).select_from(Call).where(*wanted)
    total: int = (await session.exec(counting)).scalar_one()
    contact: Any = select_columns(func.min(col(Contact.id))).where(col(Contact.call) == of.id).scalar_subquery()
    columns = (of.id, of.entered_at, of.queue, of.outcome, of.wait_seconds, of.talk_seconds)
    query: Any = select_columns(*columns, of.transferred_to.is_not(None), contact).where(*wanted)
    query = query.order_by(of.entered_at.desc(), of.id.desc()).limit(limit).offset(offset)
    return [Case(*row) for row in (await session.exec(query)).all()], total


async def asked_in(session: AsyncSession, calls: Sequence[Case]) -> dict[int, list[tuple[str | None, Outcome | None]]]:
    """(topic, outcome) of the questions that were logged about each of these calls."""
    found: dict[int, list[tuple[str | None, Outcome | None]]] = defaultdict(list)
    for first in range(0, len(calls), PART):
        numbers = [case.id for case in calls[first : first + PART]]
        query: Any = (
            select_columns(col(Contact.call), col(Question.topic), col(Question.outcome))
            .join_from(Contact, Question, col(Question.contact) == col(Contact.id))
            .where(col(Contact.call).in_(numbers))
            .order_by(col(Contact.id), col(Question.position))
        )
        for call, topic, outcome in (await session.exec(query)).all():
            found[call].append((topic, outcome))
    return found


def _wanted(asked: Asked, zone: ZoneInfo) -> Iterator[Any]:
    begin, end = bounds(asked.first, asked.last, zone)
    entered: Any = Call.entered_at
    yield and_(entered >= begin, entered < end)
    yield Call.outcome != CallOutcome.WAITING
    if asked.queue is not None:
        yield col(Call.queue).in_(["", NO_QUEUE] if asked.queue == NO_QUEUE else [asked.queue])
    if asked.ended is not None:
        yield _ended(asked.ended, asked.threshold, asked.short)
    if asked.weekday is not None or asked.quarter is not None:
        pieces = spans(asked.first, asked.last, zone, asked.weekday, asked.quarter)
        yield or_(False, *(and_(entered >= since, entered < until) for since, until in pieces))


def _ended(ended: Ended, threshold: int, short: int) -> Any:
    waited, outcome = col(Call.wait_seconds), col(Call.outcome)
    answered, abandoned = outcome == CallOutcome.ANSWERED, outcome == CallOutcome.ABANDONED
    # Who waited nobody knows how long, waited longer than any threshold.
    in_time, late = and_(answered, waited <= threshold), and_(answered, _longer(threshold))
    gone = and_(abandoned, waited <= threshold)
    conditions: dict[Ended, Any] = {
        Ended.OFFERED: or_(answered, abandoned),
        Ended.ANSWERED: answered,
        Ended.IN_TIME: in_time,
        Ended.LATE: late,
        Ended.TRANSFERRED: and_(answered, col(Call.transferred_to).is_not(None)),
        Ended.ABANDONED: abandoned,
        Ended.SHORT: and_(abandoned, waited <= short),
        Ended.GONE: gone,
        Ended.SENT_AWAY: outcome == CallOutcome.SENT_AWAY,
        Ended.UNKNOWN: outcome == CallOutcome.UNKNOWN,
        Ended.OFFERED_NOT_GONE: or_(answered, and_(abandoned, _longer(threshold))),
        Ended.OFFERED_NOT_SHORT: or_(answered, and_(abandoned, _longer(short))),
        Ended.IN_TIME_OR_GONE: or_(in_time, gone),
    }
    return conditions[ended]


def _longer(seconds: int) -> Any:
    return or_(col(Call.wait_seconds) > seconds, col(Call.wait_seconds).is_(None))


def spans(
    first: date, last: date, zone: ZoneInfo, weekday: int | None, quarter: int | None
) -> Iterator[tuple[datetime, datetime]]:
    """From and up to when it is this weekday, and this quarter of the day as the clock tells, on these local days."""
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        if weekday in (None, day.weekday()):
            begin, end = bounds(day, day, zone)
            if quarter is None:
                yield begin, end
            else:  # the clock tells it twice, or not, on the days when it moves
                for start in (begin + count * QUARTER for count in range((end - begin) // QUARTER)):
                    local = start.astimezone(zone)
                    if (local.hour * 60 + local.minute) // 15 == quarter:
                        yield start, start + QUARTER
