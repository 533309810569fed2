"""How near past forecasts came, from what was said then."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.service_levels.phone.tallies import ALL
from kcc.service_levels.planning import queries
from kcc.service_levels.planning.habits import history
from kcc.service_levels.staffing.forecast import weighted_error

WEEKS_SHOWN: Final = 8
# Said at most seven days before: in time for a roster.
WEEKS_AHEAD: Final = 1


@dataclass(frozen=True, slots=True)
class Accuracy:
    """The days of a week (from Monday) of which something was said and that are over. Errors are shares of what came.

    `error` is by quarter of an hour, `day_error` by day; `chance` is the error by quarter of who knows exactly what to
    expect, `last_week` that of who takes the same day of the week before (None: not known of any of these days).
    """

    monday: date
    days: int
    came: int
    expected: float
    error: float | None
    day_error: float | None
    chance: float | None
    last_week: float | None


async def accuracy(
    session: AsyncSession, zone: ZoneInfo, today: date, weeks: int = WEEKS_SHOWN, queue: str = ALL
) -> list[Accuracy]:
    """The weeks up to yesterday of which anything was said, the last first."""
    yesterday = today - timedelta(days=1)
    first = yesterday - timedelta(days=yesterday.weekday()) - timedelta(weeks=weeks - 1)
    counted = await history(session, first - timedelta(weeks=1), yesterday, zone, queue)
    by_week: dict[date, list[tuple[date, list[float]]]] = {}
    for row in await queries.said(session, first, yesterday, [WEEKS_AHEAD], queue):
        by_week.setdefault(row.day - timedelta(days=row.day.weekday()), []).append((row.day, row.quarters))
    return [_of_week(monday, days, counted) for monday, days in sorted(by_week.items(), reverse=True)]


def _of_week(monday: date, days: Sequence[tuple[date, list[float]]], counted: dict[date, list[int]]) -> Accuracy:
    quarters: list[tuple[float, float]] = []
    by_day: list[tuple[float, float]] = []
    before: list[tuple[float, float]] = []
    for day, said in days:
        came = counted.get(day, [0] * len(said))
        quarters += zip(came, said, strict=True)
        by_day.append((sum(came), math.fsum(said)))
        week_ago = counted.get(day - timedelta(weeks=1))
        # Not on the days around a clock change, which have other quarters.
        if week_ago is not None and len(week_ago) == len(came):
            before += zip(came, week_ago, strict=True)
    return Accuracy(
        monday=monday,
        days=len(days),
        came=round(sum(came for came, _ in by_day)),
        expected=math.fsum(said for _, said in by_day),
        error=weighted_error(quarters),
        day_error=weighted_error(by_day),
        chance=noise(said for _, said in quarters),
        last_week=weighted_error(before),
    )


def noise(expected: Iterable[float]) -> float | None:
    """The mean error of a Poisson count around its mean, as a share of all that is expected; None of nothing. Pure."""
    found = [one for one in expected if one > 0]
    whole = math.fsum(found)
    return math.fsum(_deviation(mean) for mean in found) / whole if whole else None


def _deviation(mean: float) -> float:
    """E|X - mean| of a Poisson count: 2 e^-mean mean^(k+1) / k!, k the whole part of the mean."""
    whole = math.floor(mean)
    return 2 * math.exp((whole + 1) * math.log(mean) - mean - math.lgamma(whole + 1))
