"""Service levels by interval, from the counted calls."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import repeat
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.errors import FieldError, InvalidInput
from kcc.service_levels.definitions import ANSWER_WITHIN, SHORT, Calls, Counting, Variant, service_level, share, sides
from kcc.service_levels.histograms import up_to
from kcc.service_levels.periods import By, Start, bounds, starts
from kcc.service_levels.phone import queries
from kcc.service_levels.phone.queries import Counted
from kcc.service_levels.phone.tallies import ALL, NUMBERS


@dataclass(frozen=True, slots=True)
class Rules:
    """What a service level is: the variant, and in seconds the threshold and what is short."""

    variant: Variant = Variant.OFFERED
    threshold: int = ANSWER_WITHIN
    short: int = SHORT


@dataclass(frozen=True, slots=True)
class Asked:
    """Which service levels: of which local days, by which interval, of some queues or all, each apart or not."""

    first: date
    last: date
    by: By = By.DAY
    queues: Sequence[str] = ()
    split: bool = False
    rules: Rules = field(default_factory=Rules)


@dataclass(slots=True)
class Level:
    """Calls that entered in an interval, in numbers, and what follows. `queue` is None for those asked for together."""

    start: Start
    queue: str | None
    rules: Rules
    answered: int = 0
    answered_within: int = 0
    abandoned: int = 0
    abandoned_within: int = 0
    short_abandoned: int = 0
    sent_away: int = 0
    unknown: int = 0
    transferred: int = 0
    waited: int = 0
    wait_seconds: int = 0
    talked: int = 0
    handle_seconds: int = 0

    def add(self, *rows: Counted) -> None:
        """These calls more."""
        if rows:
            *numbers, answered_waits, abandoned_waits = list(zip(*rows, strict=True))[_FIRST:]
            for name, counts in zip(NUMBERS, numbers, strict=True):
                setattr(self, name, getattr(self, name) + sum(counts))
            self.answered_within += sum(map(up_to, answered_waits, repeat(self.rules.threshold)))
            self.abandoned_within += sum(map(up_to, abandoned_waits, repeat(self.rules.threshold)))
            self.short_abandoned += sum(map(up_to, abandoned_waits, repeat(self.rules.short)))

    def join(self, other: "Level") -> None:
        """The calls of another interval too, counted by the same rules."""
        for name in (*NUMBERS, "answered_within", "abandoned_within", "short_abandoned"):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def offered(self) -> int:
        """Calls that were answered or abandoned."""
        return self.answered + self.abandoned

    @property
    def percent(self) -> float | None:
        """The service level."""
        return service_level(self._calls, self.rules.variant)

    @property
    def sides(self) -> tuple[int, int]:
        """The service level as (calls in time, calls that count)."""
        return sides(self._calls, self.rules.variant)

    @property
    def _calls(self) -> Calls:
        return Calls(self.answered, self.answered_within, self.abandoned, self.abandoned_within, self.short_abandoned)

    @property
    def counting(self) -> Counting:
        """Both sides of the service level, by name."""
        return Counting(*self.sides)

    @property
    def percent_abandoned(self) -> float | None:
        """Of those offered."""
        return share(self.abandoned, self.offered)

    @property
    def average_speed(self) -> float | None:
        """Seconds that those who were answered waited for it."""
        return self.wait_seconds / self.waited if self.waited else None

    @property
    def average_handling(self) -> float | None:
        """Seconds of talking and the work after it, of those that were answered."""
        return self.handle_seconds / self.talked if self.talked else None

    @property
    def percent_transferred(self) -> float | None:
        """Of those answered."""
        return share(self.transferred, self.answered)


_FIRST = Counted._fields.index(NUMBERS[0])


def together(rows: Sequence[Level]) -> Level:
    """These intervals, of which there is one or more, as one."""
    whole = Level(rows[0].start, rows[0].queue, rows[0].rules)
    for row in rows:
        whole.join(row)
    return whole


async def levels(session: AsyncSession, asked: Asked, zone: ZoneInfo) -> list[Level]:
    """One for every interval, also where nobody called; split, one for every interval and queue with calls.

    Raises InvalidInput for a queue that nobody ever called.
    """
    await _check_queues(session, asked.queues)
    wanted = asked.queues or (() if asked.split else (ALL,))
    seconds = max(asked.rules.threshold, asked.rules.short)
    if asked.by.of_clock:
        rows = await queries.counted_quarters(session, *bounds(asked.first, asked.last, zone), wanted, seconds)
    else:
        counted = queries.counted_months if asked.by in (By.MONTH, By.YEAR) else queries.counted_days
        rows = await counted(session, asked.first, asked.last, wanted, seconds)
    begins = list(starts(asked.by, asked.first, asked.last, zone))
    found: dict[tuple[Start, str | None], list[Counted]] = defaultdict(list)
    for row in rows:
        start = begins[bisect_right(begins, row.start) - 1]
        found[start, row.queue if asked.split else None].append(row)
    names: list[str | None] = [None]
    if asked.split and rows:
        names = [*sorted({row.queue for row in rows})]
    return [_level(start, name, asked.rules, found.get((start, name), [])) for start in begins for name in names]


def _level(start: Start, queue: str | None, rules: Rules, rows: Sequence[Counted]) -> Level:
    level = Level(start, queue, rules)
    level.add(*rows)
    return level


async def _check_queues(session: AsyncSession, asked: Sequence[str]) -> None:
    if not asked:
        return
    known = await queries.known_queues(session)
    for queue in asked:
        if queue not in known:
            names = ", ".join(known) or "er zijn nog geen gesprekken"
            text = f"Wachtrij {queue} is niet bekend. Bekend zijn: {names}."
            raise InvalidInput(text, [FieldError("query", "queue", "unknown", text)])
