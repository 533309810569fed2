"""Which counts, and which records, together tell of a number of days. Pure."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from kcc.service_levels.periods import DAY, whole_months
from kcc.service_levels.rollups.models import Span


class Run(NamedTuple):
    """Counts that follow each other: of each day, or of each month by its first day, from the first to the last."""

    span: Span
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Pieces:
    """Every day is in one run of counts, or in one stretch (first, last) of the rest."""

    runs: list[Run]
    rest: list[tuple[date, date]]


@dataclass(frozen=True, slots=True)
class Sealed:
    """The days before `until` are counted, but those that changed since."""

    until: date = date.min
    changed: Collection[date] = frozenset()

    def pieces(self, first: date, last: date, *, by_month: bool) -> Pieces:
        """The days from the first to the last; by month, whole months are taken together where that can be."""
        rest = _stretches(day for day in sorted(self.changed) if first <= day < self.until and day <= last)
        if self.until <= last:
            rest.append((max(first, self.until), last))
        runs: list[Run] = []
        begin = first
        for since, until in [*rest, (last + DAY, last)]:
            runs += _runs(begin, since - DAY, by_month=by_month)
            begin = until + DAY
        return Pieces(runs, rest)


def _runs(first: date, last: date, *, by_month: bool) -> Iterator[Run]:
    """Days that follow each other and are all counted; none when the last comes before the first."""
    begin, end = whole_months(first, last) if by_month else (last + DAY, last + DAY)
    if begin < end:
        yield from _runs(first, begin - DAY, by_month=False)
        yield Run(Span.MONTH, begin, (end - DAY).replace(day=1))
        yield from _runs(end, last, by_month=False)
    elif first <= last:
        yield Run(Span.DAY, first, last)


def _stretches(days: Iterable[date]) -> list[tuple[date, date]]:
    """(first, last) of those that follow each other; they come in order."""
    found: list[tuple[date, date]] = []
    for day in days:
        first = found.pop()[0] if found and found[-1][1] + DAY == day else day
        found.append((first, day))
    return found
