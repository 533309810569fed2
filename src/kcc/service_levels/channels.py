"""In which ways people came: online, by appointment, and by which channel they asked something."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments.availability.plan import Plan
from kcc.clock import Clock
from kcc.contacts.log.figure_queries import first_began
from kcc.contacts.log.kinds import Channel
from kcc.service_levels import channel_queries as queries
from kcc.service_levels.channel_queries import Booked
from kcc.service_levels.digital_share import Happened, Ways, summed
from kcc.service_levels.periods import By, day_of, even_days

HasRoute = Callable[[str, date], bool]


@dataclass(frozen=True, slots=True)
class Asked:
    """From the first local date to the last, by intervals of a day or more."""

    first: date
    last: date
    by: By = By.MONTH


@dataclass(frozen=True, slots=True)
class Interval:
    """What happened in it with products that have an online route, and the questions in it by channel."""

    start: date
    ways: Ways
    questions: Counter[Channel]


@dataclass(frozen=True, slots=True)
class Counted:
    """Every interval, empty ones too, and by product.

    `since` and `logged` are the first days on which anything of products, and any contact, was recorded at all.
    """

    intervals: Sequence[Interval]
    products: Mapping[str, Ways]
    since: date | None
    logged: date | None

    @property
    def ways(self) -> Ways:
        """Of the whole period."""
        return sum((one.ways for one in self.intervals), Ways())

    @property
    def questions(self) -> Counter[Channel]:
        """Of the whole period."""
        return sum((one.questions for one in self.intervals), Counter[Channel]())


async def counted(session: AsyncSession, plan: Plan, asked: Asked, clock: Clock) -> Counted:
    """The ways and the questions of a period."""
    happened = await _happened(session, plan, asked, clock)
    ways = summed(happened, lambda one: day_of(one.day, asked.by, asked.first))
    questions = await _questions(session, asked, clock)
    days = (asked.first + timedelta(days=number) for number in range((asked.last - asked.first).days + 1))
    intervals = [
        Interval(start, ways.get(start, Ways()), questions[start])
        for start in dict.fromkeys(day_of(day, asked.by, asked.first) for day in days)
    ]
    began = await first_began(session)
    return Counted(
        intervals,
        summed(happened, lambda one: one.product),
        await queries.first_counted(session),
        clock.local_date(began) if began else None,
    )


async def bookings(
    session: AsyncSession, plan: Plan, first: date, last: date, clock: Clock
) -> list[tuple[date, Booked]]:
    """The appointments that count for the digital share, with the local day on which each was booked."""
    has_route = await _has_route(session, plan)
    booked = await queries.booked(session, *clock.bounds(first, last))
    found = [(clock.local_date(one.created_at), one) for one in booked]
    return [(day, one) for day, one in found if has_route(one.product, day)]


async def topics(session: AsyncSession, asked: Asked, clock: Clock) -> dict[str, Counter[Channel]]:
    """The questions by topic, as topics are now."""
    found: dict[str, Counter[Channel]] = defaultdict(Counter)
    for topic, channel, number in await queries.questions_by_topic(session, clock.bounds(asked.first, asked.last)):
        found[topic][channel] += number
    return found


async def _happened(session: AsyncSession, plan: Plan, asked: Asked, clock: Clock) -> list[Happened]:
    has_route = await _has_route(session, plan)
    chosen = await queries.online(session, asked.first, asked.last)
    found = [Happened(product, day, Ways(online=number)) for product, day, number in chosen if has_route(product, day)]
    for day, one in await bookings(session, plan, asked.first, asked.last, clock):
        found.append(Happened(one.product, day, Ways(by_staff=1) if one.by_staff else Ways(by_resident=1)))
    return found


async def _has_route(session: AsyncSession, plan: Plan) -> HasRoute:
    """Whether a product could be done online on a day; none could be before anything of products was counted."""
    since = await queries.first_counted(session)

    def has_route(product: str, day: date) -> bool:
        terms = plan.products[product].on(day) if product in plan.products else None
        return since is not None and day >= since and terms is not None and terms.online_url is not None

    return has_route


async def _questions(session: AsyncSession, asked: Asked, clock: Clock) -> dict[date, Counter[Channel]]:
    found: dict[date, Counter[Channel]] = defaultdict(Counter)
    for length, first, last in even_days(asked.first, asked.last, clock.timezone):
        for part, channel, number in await queries.questions_by_day(session, clock.bounds(first, last), length):
            found[day_of(first + timedelta(days=part), asked.by, asked.first)][channel] += number
    return found
