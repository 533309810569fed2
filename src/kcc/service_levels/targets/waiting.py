"""Within how many seconds visitors are called by promise. Pure."""

from collections.abc import Sequence
from datetime import date

from kcc.service_levels import figures
from kcc.service_levels.targets.history import Metric, Scope, ScopeKind, Targets
from kcc.service_levels.waits import Asked, Thresholds


def scopes(location: str | None, product: str | None) -> Sequence[Scope]:
    """A location and a product, where chosen, as what a target can be for."""
    named = [(ScopeKind.LOCATION, location), (ScopeKind.PRODUCT, product)]
    return [Scope(kind, code) for kind, code in named if code]


def thresholds(targets: Targets, day: date, among: Sequence[Scope]) -> Thresholds:
    """What holds on a day for what is in these scopes."""
    appointment, walk_in = (
        targets.on(day, metric, among).norm.threshold or 0 for metric in (Metric.COUNTER_WAIT, Metric.WALK_IN_WAIT)
    )
    return Thresholds(appointment, walk_in)


def promised_at(targets: Targets, day: date, asked: Asked) -> Thresholds:
    """What holds on a day for the waits that were asked for."""
    return thresholds(targets, day, scopes(asked.location, asked.product))


def played(targets: Targets, day: date, location: str) -> figures.Targets:
    """What a simulated day at a location is held against."""
    among = scopes(location, None)
    found = thresholds(targets, day, among)
    level = targets.on(day, Metric.COUNTER_WAIT, among).norm.level
    return figures.Targets(found.appointment, found.walk_in, float(level or 0))
