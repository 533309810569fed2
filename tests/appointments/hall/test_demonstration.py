"""The simulated visits of the demonstration: true to life, labelled, with somebody in the hall now, and once."""

from collections import Counter
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import select

from kcc.appointments.hall import demonstration
from kcc.appointments.hall.course import VisitState
from kcc.appointments.hall.models import CounterSession, Visit, VisitKind
from kcc.appointments.models import Appointment, CountedEvent, OccupiedCell, ProductCount
from kcc.appointments.planner import Planner
from kcc.appointments.planning import demonstration as planning
from kcc.appointments.survey.models import SurveyAnswer, SurveyChannel, SurveyCount
from kcc.appointments.survey.queries import ALL
from kcc.service_levels.waits import Asked, Thresholds, by_day
from kcc.storage.database import Database

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)  # 10.00 hours, a Tuesday
ZONE = ZoneInfo("Europe/Amsterdam")
DAYS = 28


async def load(database: Database) -> bool:
    async with database.writing() as session:
        await planning.load(session, date(2026, 11, 24))
        plan = await Planner(ZONE).plan(session)
        return await demonstration.load(session, plan, NOW, DAYS, lambda day: float(day != date(2026, 11, 12)))


async def test_the_visits_until_now(database: Database) -> None:
    assert await load(database)
    async with database.reading() as session:
        plan = await Planner(ZONE).plan(session)
        asked = Asked(date(2026, 10, 27), date(2026, 11, 23))
        days = await by_day(session, plan, asked, lambda _: Thresholds(300, 900), NOW)
        visits = (await session.exec(select(Visit))).all()
        sessions = (await session.exec(select(CounterSession))).all()
        to_come = (await session.exec(select(Appointment).where(Appointment.starts_at > NOW))).all()
        cells = {cell.appointment for cell in (await session.exec(select(OccupiedCell))).all()}
    whole = days.total(asked.first, asked.last)
    assert whole.waits.visits > 150
    assert whole.waits.percent_within is not None
    assert 85 < whole.waits.percent_within < 96
    assert whole.no_shows
    assert {visit.note for visit in visits} == {demonstration.NOTE}
    assert not [visit for visit in visits if visit.day == date(2026, 11, 12)], "nobody called, nobody came"
    states = {visit.state for visit in visits if visit.day == date(2026, 11, 24)}
    assert states >= {VisitState.WAITING, VisitState.SERVING, VisitState.FINISHED}
    assert {visit.kind for visit in visits} == set(VisitKind)
    assert {visit.counter for visit in visits if visit.counter} <= {one.counter for one in sessions}
    assert to_come
    assert {one.id for one in to_come} <= cells
    assert all(one.name == demonstration.NAME for one in to_come)


async def test_what_visitors_thought_of_it(database: Database) -> None:
    assert await load(database)
    async with database.reading() as session:
        visits = (await session.exec(select(Visit))).all()
        counts = (await session.exec(select(SurveyCount).where(SurveyCount.product == ALL))).all()
        answers = (await session.exec(select(SurveyAnswer))).all()
    finished = Counter((visit.location, visit.day) for visit in visits if visit.state is VisitState.FINISHED)
    assert all(0 <= one.answered <= one.invited <= finished[one.location, one.day] for one in counts)
    by_mail = [one for one in answers if one.channel is SurveyChannel.MAIL]
    assert len(by_mail) == sum(one.answered for one in counts) > 10
    assert {one.day for one in answers} <= {visit.day for visit in visits if visit.day < NOW.date()}
    assert all(one.remark.startswith("Gesimuleerd: ") for one in answers if one.remark)


async def test_some_go_online_where_they_can(database: Database) -> None:
    assert await load(database)
    async with database.reading() as session:
        plan = await Planner(ZONE).plan(session)
        counts = (await session.exec(select(ProductCount))).all()
    online = [one for one in counts if one.event is CountedEvent.ONLINE_CHOSEN]
    assert len({one.product for one in online}) > 2
    for one in online:
        terms = plan.products[one.product].on(one.day)
        assert terms is not None
        assert terms.online_url
    assert {one.event for one in counts} == set(CountedEvent)
    assert max(one.day for one in counts) <= NOW.date()


async def test_twice_is_once(database: Database) -> None:
    assert await load(database)
    assert not await load(database)
