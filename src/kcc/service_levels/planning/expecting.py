"""What is expected of coming days: the forecast, from the counted calls and what is known of those days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments.plan_queries import closings_everywhere
from kcc.catalogue.holidays import public_holidays
from kcc.service_levels.phone.tallies import ALL
from kcc.service_levels.planning import queries
from kcc.service_levels.planning.habits import Habits, closed_weekdays, habits, history
from kcc.service_levels.planning.models import DAY_MINUTES, PlannedEvent
from kcc.service_levels.staffing.forecast import LEAST_DAYS, WEEKS_AHEAD, Calendar, DayForecast, Event, forecast

# So far back calls are read: forty working days before a last recorded day that may be a quarter of a year ago.
WEEKS_READ: Final = WEEKS_AHEAD + 11


@dataclass(frozen=True, slots=True)
class Expectation:
    """The forecast of some days of a queue or of all, what it takes to handle calls, and why days are special.

    `recorded` is how many days with calls there are to go by, `special` what is known of a day: a holiday, an event.
    """

    days: list[DayForecast]
    habits: Habits
    recorded: int
    special: Mapping[date, list[str]]


async def expect(
    session: AsyncSession, zone: ZoneInfo, today: date, days: Sequence[date], queue: str = ALL, *, without: int = 0
) -> Expectation:
    """As it can be said at the beginning of `today`; `without` is the number of an event to leave out."""
    first, last = today - timedelta(weeks=WEEKS_READ), today - timedelta(days=1)
    known = await history(session, first, last, zone, queue)
    planned = [event for event in await queries.events(session) if event.id != without]
    effective = [event for event in planned if event.queue in (ALL, queue) or queue == ALL]
    shares = await _shares(session, effective, first, last, zone, known) if queue == ALL else {}
    closings = {
        day for day, closes, opens in await closings_everywhere(session) if closes == 0 and opens == DAY_MINUTES
    }
    never = closed_weekdays(known, LEAST_DAYS)
    every = [first + timedelta(days=number) for number in range((max(days) - first).days + 1)] if days else []
    calendar = Calendar(
        zone,
        closed={day for day in every if day.weekday() in never} | closings,
        holidays={day for day in every if day in public_holidays(day.year)},
        events=[_event(event, shares.get(event.queue, 1.0)) for event in effective],
    )
    return Expectation(
        days=forecast(known, days, calendar),
        habits=await habits(session, today, queue),
        recorded=len(known),
        special={day: told for day in days if (told := _told(day, effective, closings))},
    )


def _event(event: PlannedEvent, share: float) -> Event:
    """Of an event of one queue only that queue's part of all calls is more."""
    return Event(event.name, event.first_day, event.last_day, 1 + share * (event.factor - 1))


async def _shares(
    session: AsyncSession,
    events: Sequence[PlannedEvent],
    first: date,
    last: date,
    zone: ZoneInfo,
    known: Mapping[date, Sequence[int]],
) -> dict[str, float]:
    """Of each queue that has events of its own its part of all calls, on days without such events."""
    shares = {}
    for queue in sorted({event.queue for event in events} - {ALL}):
        ordinary = [day for day in known if not any(event.first_day <= day <= event.last_day for event in events)]
        own = await history(session, first, last, zone, queue)
        whole = sum(sum(known[day]) for day in ordinary)
        shares[queue] = sum(sum(own.get(day, ())) for day in ordinary) / whole if whole else 0.0
    return shares


def _told(day: date, events: Sequence[PlannedEvent], closings: set[date]) -> list[str]:
    holiday = public_holidays(day.year).get(day)
    return [
        *([holiday] if holiday else ["gesloten"] if day in closings else []),
        *(event.name for event in events if event.first_day <= day <= event.last_day),
    ]
