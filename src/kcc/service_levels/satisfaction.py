"""How satisfied visitors were, by interval and location: what was answered to the one question, and by how many.

By mail: who was served by appointment and gave an address is invited; their answers count on the day of the visit, so
that answers are always part of invitations. At the kiosk anybody can press, so that its figures stand apart.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments.availability.plan import Plan
from kcc.appointments.survey import queries as survey
from kcc.appointments.survey.models import SurveyChannel
from kcc.service_levels import queries
from kcc.service_levels.definitions import Satisfaction, satisfaction, share
from kcc.service_levels.periods import By, Start, start_of, starts
from kcc.service_levels.waits import Asked, places


@dataclass(frozen=True, slots=True)
class Kiosk:
    """The kiosk of a location; `visits` ended there in that interval. Percent can pass 100: anybody can press."""

    visits: int
    given: Satisfaction
    percent: float | None


@dataclass(frozen=True, slots=True)
class Row:
    """An interval at a location. `kiosk` is None when a product was asked for: the kiosk does not ask which."""

    start: Start
    location: str
    invited: int
    answered: int
    percent: float | None
    given: Satisfaction
    kiosk: Kiosk | None


@dataclass(slots=True)
class _Tally:
    invited: int = 0
    answered: int = 0
    visits: int = 0
    mail: list[int] = field(default_factory=list)
    kiosk: list[int] = field(default_factory=list)

    def add(self, other: "_Tally") -> None:
        self.invited += other.invited
        self.answered += other.answered
        self.visits += other.visits
        self.mail += other.mail
        self.kiosk += other.kiosk


async def rows(session: AsyncSession, plan: Plan, asked: Asked) -> list[Row]:
    """A row for every interval and location, empty ones too."""
    tallies = await _tallies(session, plan, asked)
    return [_row(start, location, tally, asked) for (start, location), tally in tallies.items()]


async def total(session: AsyncSession, plan: Plan, asked: Asked) -> Row:
    """All that was asked for as one interval; its `location` is empty."""
    whole = _Tally()
    for tally in (await _tallies(session, plan, replace(asked, by=By.MONTH))).values():
        whole.add(tally)
    return _row(asked.first, "", whole, asked)


async def _tallies(session: AsyncSession, plan: Plan, asked: Asked) -> dict[tuple[Start, str], _Tally]:

    def interval(day: date) -> Start:
        return start_of(datetime.combine(day, time(12), plan.zone), asked.by, asked.first, plan.zone)

    tallies: dict[tuple[Start, str], _Tally] = {
        (start, place.code): _Tally()
        for start in starts(asked.by, asked.first, asked.last, plan.zone)
        for place in places(plan, asked)
    }
    unknown = _Tally()  # of a place that is gone
    for count in await survey.counts(session, asked.first, asked.last, asked.location, asked.product):
        tally = tallies.get((interval(count.day), count.location), unknown)
        tally.invited += count.invited
        tally.answered += count.answered
    for one in await survey.answers(session, asked.first, asked.last, asked.location):
        tally = tallies.get((interval(one.day), one.location), unknown)
        if one.channel is SurveyChannel.KIOSK:
            tally.kiosk.append(one.score)
        elif asked.product is None or asked.product in one.products:
            tally.mail.append(one.score)
    for (location, day), visits in (await queries.served(session, asked.first, asked.last, asked.location)).items():
        tallies.get((interval(day), location), unknown).visits += visits
    return tallies


def _row(start: Start, location: str, tally: _Tally, asked: Asked) -> Row:
    at_kiosk = satisfaction(tally.kiosk)
    return Row(
        start=start,
        location=location,
        invited=tally.invited,
        answered=tally.answered,
        percent=share(tally.answered, tally.invited),
        given=satisfaction(tally.mail),
        kiosk=None
        if asked.product is not None
        else Kiosk(tally.visits, at_kiosk, share(at_kiosk.answered, tally.visits)),
    )
