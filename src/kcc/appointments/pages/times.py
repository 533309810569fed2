"""The choice of a day and a time, as pages of booking and of moving show it."""

from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments.availability.calendar import CalendarDay, day_of, last_of, month_after, month_of, weeks
from kcc.appointments.availability.cells import instant
from kcc.appointments.availability.offering import Asker
from kcc.appointments.availability.plan import Place, Plan
from kcc.appointments.availability.visit import Asked
from kcc.appointments.finding import first_free, free
from kcc.appointments.models import Appointment
from kcc.appointments.policy import Policy

NOON, EVENING = 12, 18
# The first one wins when others are as good.
COLUMNS = (4, 5, 3)


@dataclass(frozen=True, slots=True)
class Times:
    """A month of which days can be chosen, and the starts of one day, in local time.

    `day` is that day: the chosen one, or the first free one while nobody chose. `present` is the day of the appointment
    that may move; then a day is only marked as chosen when somebody chose it.
    `full` is the day that was asked for when nothing is free on it. `next_free` is where to look when nothing is free
    in the month; None then means that nothing is free until `last_day`. `open_today`: the place opens today, for
    residents.
    """

    month: date
    earlier: date | None
    later: date | None
    weeks: list[list[CalendarDay | None]]
    day: date | None
    morning: list[datetime]
    afternoon: list[datetime]
    evening: list[datetime]
    minutes: int
    full: date | None
    next_free: date | None
    last_day: date
    open_today: bool
    present: date | None

    @staticmethod
    def columns(number: int) -> int:
        """In how many columns so many times stand on a wide screen: rows that are full, and no time alone on one."""
        return min(COLUMNS, key=lambda columns: (number % columns == 1, -number % columns))


def start_of(text: object) -> datetime | None:
    """The start in a form; None when there is none, not with its offset, or at the ends of the calendar."""
    try:
        found = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return found if found and found.tzinfo and MINYEAR < found.year < MAXYEAR else None


async def times(
    session: AsyncSession,
    plan: Plan,
    policy: Policy,
    asker: Asker,
    place: Place,
    asked: Asked,
    *,
    month: str = "",
    day: str = "",
    moving: Appointment | None = None,
) -> Times:
    """The month and the day somebody chose, or those of the first free start. Raises InvalidInput as `visit` does.

    `moving`: the appointment that may move, whose own cells are free to it.
    """
    horizon = min(
        (terms.horizon_days for code, _ in asked if (terms := plan.products[code].on(asker.today))), default=0
    )
    last_day = asker.today + timedelta(days=horizon)
    wanted = day_of(day)

    async def first_free_day() -> date | None:
        cell = await first_free(session, plan, policy, asker, place, asked)
        return instant(cell).astimezone(plan.zone).date() if cell else None

    begin = wanted or (None if month else await first_free_day()) or asker.today
    first = month_of(month or f"{begin:%Y-%m}", asker.today, last_day)
    found = await free(
        session, plan, policy, asker, place, asked, first, last_of(first), own=moving.id if moving else None
    )
    starts = {date_: cells for date_, cells in found.days if cells}
    full = wanted if wanted not in starts else None
    picked = wanted if wanted in starts else None
    if wanted not in starts:
        wanted = min(starts, default=None)
    local = [instant(cell).astimezone(plan.zone) for cell in starts.get(wanted, ())] if wanted else []
    present = moving.starts_at.astimezone(plan.zone).date() if moving else None
    marked = picked if moving else wanted
    return Times(
        month=first,
        earlier=month_after(first, -1) if first > asker.today else None,
        later=month_after(first) if month_after(first) <= last_day else None,
        weeks=weeks(first, {date_: len(cells) for date_, cells in starts.items()}, asker.today, marked, present),
        day=wanted,
        morning=[start for start in local if start.hour < NOON],
        afternoon=[start for start in local if NOON <= start.hour < EVENING],
        evening=[start for start in local if start.hour >= EVENING],
        minutes=found.minutes,
        full=full,
        next_free=None if starts else await first_free_day(),
        last_day=last_day,
        open_today=bool(plan.opening(place, asker.today).stretches),
        present=present,
    )
