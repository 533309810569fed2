"""What is promised of calls: the one place where staffing asks for it."""

from dataclasses import dataclass
from datetime import date

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.service_levels.phone.tallies import ALL
from kcc.service_levels.planning.habits import Habits
from kcc.service_levels.staffing.needs import Work
from kcc.service_levels.targets.defaults import defaults
from kcc.service_levels.targets.history import Metric, Scope, ScopeKind
from kcc.service_levels.targets.reading import targets
from kcc.settings import Settings


@dataclass(frozen=True, slots=True)
class Promise:
    """So many percent answered within so many seconds."""

    percent: float
    threshold: int


async def promised(session: AsyncSession, settings: Settings, day: date, queue: str = ALL) -> Promise:
    """The promise that holds on a day, for a queue or for all; where nothing is promised, that of the settings."""
    scopes = [Scope(ScopeKind.QUEUE, queue)] if queue else []
    norm = (await targets(session, settings)).on(day, Metric.SERVICE_LEVEL, scopes).norm
    usual = defaults(settings)[Metric.SERVICE_LEVEL]
    percent = next(level for level in (norm.level, usual.level) if level is not None)
    threshold = next(seconds for seconds in (norm.threshold, usual.threshold) if seconds is not None)
    return Promise(float(percent), threshold)


def work(habits: Habits, promise: Promise) -> Work | None:
    """What calls take; None when it is not known how long handling one takes."""
    if habits.handling is None:
        return None
    return Work(habits.handling, habits.patience, promise.percent, float(promise.threshold))
