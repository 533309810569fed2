"""The free starts an agent can offer somebody on the line: a few days at a time, what is kept for staff marked."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from babel.dates import format_date
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments.availability.cells import instant, rfc3339
from kcc.appointments.availability.offering import Asker
from kcc.appointments.availability.plan import Place, Plan
from kcc.appointments.availability.visit import Asked
from kcc.appointments.finding import WINDOW, Free, free
from kcc.appointments.policy import Policy
from kcc.errors import InvalidInput

SHOWN_DAYS = 4
# Starts of a day that are seen at once: one line on a wide screen. The others unfold.
FIRST_STARTS = 8
DAY = timedelta(days=1)
# A local day and the cells at which the visit can start.
FreeDay = tuple[date, list[int]]


@dataclass(frozen=True, slots=True)
class Start:
    """A free start: the instant as it crosses the wire, and on the clock as `10.20`."""

    value: str
    time: str
    staff_only: bool


@dataclass(frozen=True, slots=True)
class Day:
    """A local day, as `Dinsdag 24 november` too (with the year when that is not this one), with its free starts."""

    date: date
    title: str
    starts: list[Start]

    @property
    def first(self) -> list[Start]:
        """The starts that are seen at once."""
        return self.starts[:FIRST_STARTS]

    @property
    def rest(self) -> list[Start]:
        """The starts that unfold."""
        return self.starts[FIRST_STARTS:]


@dataclass(frozen=True, slots=True)
class Times:
    """Days with free starts, and the days at which those before and after them begin (None at an end)."""

    minutes: int
    days: list[Day]
    earlier: date | None
    later: date | None

    def has(self, start: str) -> bool:
        """Whether this start is among them."""
        return any(item.value == start for day in self.days for item in day.starts)

    @property
    def staff_only(self) -> bool:
        """Whether there are starts among them that residents cannot book online."""
        return any(item.staff_only for day in self.days for item in day.starts)


@dataclass(frozen=True, slots=True)
class Search:
    """What staff look for: a visit at a place. `own` is the appointment that may move."""

    plan: Plan
    policy: Policy
    asker: Asker
    place: Place
    asked: Asked
    own: int | None = None

    async def times(self, session: AsyncSession, first: date) -> Times:
        """The first days from `first` on with free starts.

        Raises InvalidInput as `visit` does, when the visit is not possible at all.
        """
        first = max(first, self.asker.today)
        minutes, found = await self._from(session, first)
        shown = found[:SHOWN_DAYS]
        return Times(
            minutes=minutes,
            days=await self._marked(session, shown),
            earlier=await self._before(session, first),
            later=found[SHOWN_DAYS][0] if len(found) > SHOWN_DAYS else None,
        )

    @property
    def _last(self) -> date:
        """The furthest day that any of the products is booked ahead."""
        today = self.asker.today
        ahead = [terms.horizon_days for code, _ in self.asked if (terms := self.plan.products[code].on(today))]
        return today + timedelta(days=max(ahead, default=0))

    async def _free(self, session: AsyncSession, asker: Asker, first: date, last: date) -> Free:
        return await free(session, self.plan, self.policy, asker, self.place, self.asked, first, last, own=self.own)

    async def _from(self, session: AsyncSession, day: date) -> tuple[int, list[FreeDay]]:
        """How long the visit takes, and one free day more than is shown."""
        minutes, found, refused = 0, list[FreeDay](), None
        while day <= self._last and len(found) <= SHOWN_DAYS:
            until = min(day + WINDOW, self._last)
            try:
                part = await self._free(session, self.asker, day, until)
                minutes = minutes or part.minutes
                found += [item for item in part.days if item[1]]
            except InvalidInput as error:
                refused = error
            day = until + DAY
        if refused and not minutes:
            raise refused
        return minutes, found

    async def _before(self, session: AsyncSession, first: date) -> date | None:
        """The day from which to look for the free days that come just before `first`."""
        until, found = min(first - DAY, self._last), list[date]()
        while until >= self.asker.today and len(found) < SHOWN_DAYS:
            begin = max(until - WINDOW, self.asker.today)
            try:
                part = await self._free(session, self.asker, begin, until)
            except InvalidInput:
                break
            found = [day for day, cells in part.days if cells] + found
            until = begin - DAY
        return found[-SHOWN_DAYS:][0] if found else None

    async def _marked(self, session: AsyncSession, shown: list[FreeDay]) -> list[Day]:
        if not shown:
            return []
        try:
            resident = replace(self.asker, staff=False)
            online = await self._free(session, resident, shown[0][0], shown[-1][0])
            public = {cell for _, cells in online.days for cell in cells}
        except InvalidInput:  # a product that only staff book
            public = set()
        return [
            Day(day, self._title(day), [self._start(cell, cell not in public) for cell in cells])
            for day, cells in shown
        ]

    def _title(self, day: date) -> str:
        year = "" if day.year == self.asker.today.year else " y"
        return format_date(day, f"EEEE d MMMM{year}", locale="nl").capitalize()

    def _start(self, cell: int, staff_only: bool) -> Start:
        local = instant(cell).astimezone(self.plan.zone)
        return Start(rfc3339(cell), f"{local.hour}.{local.minute:02}", staff_only)
