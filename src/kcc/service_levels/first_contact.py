"""First-contact resolution, by interval: as marked by agents, and as seen from who came back."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.catalogue import queries as catalogue
from kcc.clock import Clock
from kcc.contacts.log.kinds import Channel
from kcc.errors import NotFound
from kcc.service_levels.definitions import AsMarked, AsSeen, share
from kcc.service_levels.first_contact_queries import asked as read
from kcc.service_levels.periods import By, Start, day_of, even_days, starts
from kcc.service_levels.rollups import questions, seals
from kcc.service_levels.rollups.models import Kind


@dataclass(frozen=True, slots=True)
class Asked:
    """Which questions: from the first local date to the last, on one channel or all.

    `groups` are left out in place of those that the catalogue leaves out.
    """

    first: date
    last: date
    by: By = By.DAY
    channel: Channel | None = Channel.PHONE
    groups: Collection[str] | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """An interval; `all_…` with the groups that are left out otherwise."""

    start: Start
    marked: AsMarked
    seen: AsSeen
    all_marked: AsMarked
    all_seen: AsSeen


_NUMBERS = ("eligible", "resolved", "known", "followed", "seen")


async def excluded_topics(session: AsyncSession, groups: Collection[str] | None) -> set[str]:
    """The topics that are left out: those in these groups, or that the catalogue says. Raises NotFound."""
    topics = await catalogue.first_contact_topics(session)
    if groups is None:
        groups = {code for code, _, counts in topics if not counts}
    known = {code for code, _, _ in topics}
    for code in groups:
        if code not in known:
            raise NotFound(f"Onderwerp {code} bestaat niet")
    return {code for code, parent, _ in topics if code in groups or parent in groups}


async def rows(session: AsyncSession, asked: Asked, clock: Clock, days: int | None) -> tuple[list[Row], set[str]]:
    """A row for every interval, empty ones too, and the topics that were left out. Raises NotFound.

    A question counts in the interval in which its contact began; `days` is how long nobody must come back;
    without it nothing is looked for among later contacts: `seen` then has no one whom enough days have passed for.
    """
    excluded = await excluded_topics(session, asked.groups)
    found: dict[tuple[Start, bool], Counter[str]] = defaultdict(Counter)

    def add(day: date, counts: bool, *numbers: int) -> None:
        for among in {counts, False}:  # what counts is also among all
            found[day_of(day, asked.by, asked.first), among].update(dict(zip(_NUMBERS, numbers, strict=True)))

    sealed = await seals.sealed(session, Kind.QUESTIONS, clock, days)
    pieces = sealed.pieces(asked.first, asked.last, by_month=asked.by in (By.MONTH, By.YEAR))
    for of in await questions.counted(session, pieces.runs, asked.channel, excluded):
        followed = (0, 0) if days is None else (of.known, of.seen)
        add(of.start, of.counts, of.eligible, of.resolved, of.known, *followed)
    for first, last, within in _followed(pieces.rest, clock, days):
        for length, since, until in even_days(first, last, clock.timezone):
            between = clock.bounds(since, until)
            for row in await read(session, between, length, asked.channel, excluded, within, clock.now()):
                numbers = row.eligible, row.resolved, row.known, row.followed, row.seen
                add(since + timedelta(days=row.part), row.counts, *numbers)
    return [
        Row(start, *_figures(found[start, True]), *_figures(found[start, False]))
        for start in starts(asked.by, asked.first, asked.last, clock.timezone)
    ], excluded


def _followed(
    stretches: Iterable[tuple[date, date]], clock: Clock, days: int | None
) -> Iterator[tuple[date, date, int | None]]:
    """These days, cut where it begins to be too early to say of anybody that they did not come back."""
    if days is None:
        yield from ((first, last, None) for first, last in stretches)
        return
    known = clock.local_date(clock.now() - timedelta(days=days))
    for first, last in stretches:
        if first <= known:
            yield first, min(last, known), days
        if known < last:
            yield max(first, known + timedelta(days=1)), last, None


def _figures(of: Counter[str]) -> tuple[AsMarked, AsSeen]:
    eligible, resolved, known, followed, seen = (of[name] for name in _NUMBERS)
    return (
        AsMarked(eligible, resolved, share(resolved, eligible)),
        AsSeen(known, share(known, eligible), followed, seen, share(seen, followed)),
    )
