"""When counters are open on a day: rules, closings and holidays turned into cells. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from kcc.appointments.availability.cells import local_cell
from kcc.appointments.availability.starts import block

WHOLE_DAY = (0, 1440)


@dataclass(frozen=True, slots=True)
class Rule:
    """Opening hours, in minutes after local midnight: weekly (`weekday`, 1 is Monday) or `only_on` one day."""

    opens: int
    closes: int
    weekday: int | None = None
    only_on: date | None = None
    breaks: tuple[tuple[int, int], ...] = ()
    counters: int | None = None
    staff_only: bool = False
    valid_from: date | None = None
    valid_until: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether this rule is about that day."""
        if self.only_on is not None:
            return self.only_on == day
        return self.weekday == day.isoweekday() and in_force(day, self.valid_from, self.valid_until)

    def parts(self) -> list[tuple[int, int]]:
        """The hours without the breaks."""
        found, start = [], self.opens
        for begins, ends in sorted(self.breaks):
            if begins > start:
                found.append((start, min(begins, self.closes)))
            start = max(start, ends)
        return [*found, (start, self.closes)] if start < self.closes else found


@dataclass(frozen=True, slots=True)
class Closing:
    """Closed on a day, between two times in minutes after local midnight."""

    day: date
    begins: int = WHOLE_DAY[0]
    ends: int = WHOLE_DAY[1]


@dataclass(frozen=True, slots=True)
class CounterTerm:
    """A counter and when it exists."""

    code: str
    open_from: date | None = None
    open_until: date | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """A day at a location. Bit 0 is `first_cell`, the cell at local midnight.

    `rows` are the open cells of each counter, for residents and for staff; `stretches` the times (first bit,
    end) at which the location is open, of which every start is counted.
    """

    first_cell: int
    rows: dict[str, int]
    staff_rows: dict[str, int]
    stretches: tuple[tuple[int, int], ...]
    staff_stretches: tuple[tuple[int, int], ...]


def in_force(day: date, since: date | None, until: date | None) -> bool:
    """Whether a day is between two dates, both included; None is without end."""
    return (since is None or since <= day) and (until is None or day <= until)


def opening(
    day: date,
    zone: ZoneInfo,
    counters: Sequence[CounterTerm],
    rules: Iterable[Rule],
    closings: Iterable[Closing],
    *,
    holiday: bool = False,
) -> Opening:
    """The opening of a location on a local day.

    Rules with this very date hold instead of the weekly ones, and also on a public holiday; a closing goes before
    every rule. Of equal counters the first ones open first.
    """
    midnight = local_cell(day, 0, zone)
    of_day = [rule for rule in rules if rule.holds_on(day)]
    dated = [rule for rule in of_day if rule.only_on is not None]
    chosen = dated or ([] if holiday else of_day)
    closed = 0
    for closing in closings:
        if closing.day == day:
            closed |= _bits(day, closing.begins, closing.ends, zone, midnight)
    present = [counter.code for counter in counters if in_force(day, counter.open_from, counter.open_until)]
    public, everyone = _rows(chosen, present, day, zone, midnight, closed)
    return Opening(midnight, public, everyone, _stretches(public.values()), _stretches(everyone.values()))


def _bits(day: date, begins: int, ends: int, zone: ZoneInfo, midnight: int) -> int:
    return block(local_cell(day, begins, zone) - midnight, local_cell(day, ends, zone) - midnight)


def _rows(
    rules: Sequence[Rule], present: Sequence[str], day: date, zone: ZoneInfo, midnight: int, closed: int
) -> tuple[dict[str, int], dict[str, int]]:
    public = dict.fromkeys(present, 0)
    everyone = dict.fromkeys(present, 0)
    for rule in rules:
        bits = 0
        for begins, ends in rule.parts():
            bits |= _bits(day, begins, ends, zone, midnight)
        for code in present[: rule.counters]:
            everyone[code] |= bits & ~closed
            if not rule.staff_only:
                public[code] |= bits & ~closed
    return public, everyone


def _stretches(rows: Iterable[int]) -> tuple[tuple[int, int], ...]:
    """The runs of cells in which any counter is open: rules that overlap or touch make one."""
    anyone, found, bit = 0, [], 0
    for row in rows:
        anyone |= row
    while anyone:
        gap = (anyone & -anyone).bit_length() - 1
        anyone >>= gap
        length = (~anyone & (anyone + 1)).bit_length() - 1
        found.append((bit + gap, bit + gap + length))
        anyone >>= length
        bit += gap + length
    return tuple(found)
