"""Which target holds, against a slow and obvious model: look at every one."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc.service_levels.targets.history import (
    EVERYTHING,
    FITTING,
    Held,
    Kept,
    Metric,
    Norm,
    Scope,
    ScopeKind,
    Targets,
    ends,
)

DAY = date(2026, 11, 24)
DEFAULT = Norm(80, 30)
HERE, BOTH = (
    Scope(ScopeKind.LOCATION, "stadhuis"),
    [Scope(ScopeKind.LOCATION, "stadhuis"), Scope(ScopeKind.PRODUCT, "pas")],
)
SCOPES = [EVERYTHING, *BOTH, Scope(ScopeKind.PRODUCT, "rijbewijs"), Scope(ScopeKind.QUEUE, "stadhuis")]

some_days = st.integers(0, 12).map(lambda number: DAY + timedelta(days=number))
some_kept = st.lists(
    st.builds(
        Kept,
        st.sampled_from([Metric.COUNTER_WAIT, Metric.WALK_IN_WAIT, Metric.SERVICE_LEVEL]),
        st.sampled_from(SCOPES),
        some_days,
        st.builds(Norm, st.integers(1, 3), st.integers(1, 2)),
    ),
    max_size=12,
    unique_by=lambda one: (one.metric, one.scope, one.valid_from),
)
some_scopes = st.lists(st.sampled_from(SCOPES[1:]), max_size=3, unique=True)
metrics = st.sampled_from([Metric.COUNTER_WAIT, Metric.SERVICE_LEVEL, Metric.LEAD_TIME])


def slow(kept: list[Kept], day: date, metric: Metric, scopes: list[Scope]) -> tuple[Norm, date | None]:
    for kind in (*FITTING[metric], ScopeKind.ALL):
        for scope in (*scopes, EVERYTHING):
            begun = [one for one in kept if (one.metric, one.scope) == (metric, scope) and one.valid_from <= day]
            if scope.kind is kind and begun:
                newest = max(begun, key=lambda one: one.valid_from)
                return newest.norm, newest.valid_from
    return (DEFAULT, None) if metric is Metric.COUNTER_WAIT else (Norm(), None)


@given(some_kept, some_days, metrics, some_scopes)
def test_what_holds_is_the_newest_that_has_begun(
    kept: list[Kept], day: date, metric: Metric, scopes: list[Scope]
) -> None:
    held = Targets(kept, {Metric.COUNTER_WAIT: DEFAULT}).on(day, metric, scopes)
    same_kind = [scope.kind for scope in scopes]
    if len(set(same_kind)) == len(same_kind):
        assert (held.norm, held.since) == slow(kept, day, metric, scopes)


@given(some_kept, some_days, st.integers(0, 12), metrics, some_scopes)
def test_a_period_is_cut_where_what_holds_changes(
    kept: list[Kept], first: date, days: int, metric: Metric, scopes: list[Scope]
) -> None:
    targets, last = Targets(kept, {Metric.COUNTER_WAIT: DEFAULT}), first + timedelta(days=days)
    parts = targets.during(first, last, metric, scopes)
    each = [first + timedelta(days=number) for number in range(days + 1)]
    assert [held for begin, end, held in parts for _ in range((end - begin).days + 1)] == [
        targets.on(day, metric, scopes) for day in each
    ]
    assert all(one[2] != other[2] for one, other in pairwise(parts))


@given(some_kept)
def test_a_target_ends_the_day_before_the_next_one(kept: list[Kept]) -> None:
    for one, end in zip(kept, ends(kept), strict=True):
        begins = [other.valid_from for other in kept if other[:2] == one[:2]]
        if end is None:
            assert one.valid_from == max(begins)
        else:
            assert end + timedelta(days=1) in begins
            assert not any(one.valid_from < begin <= end for begin in begins)


def test_a_product_goes_before_a_location_and_both_before_everything() -> None:
    def kept(scope: Scope, level: int) -> Kept:
        return Kept(Metric.COUNTER_WAIT, scope, DAY, Norm(level, 300))

    whole, there, product = kept(EVERYTHING, 95), kept(HERE, 90), kept(BOTH[1], 85)
    targets = Targets([whole, there, product], {Metric.COUNTER_WAIT: DEFAULT})
    assert targets.on(DAY, Metric.COUNTER_WAIT, BOTH) == Held(product.norm, BOTH[1], DAY)
    assert targets.on(DAY, Metric.COUNTER_WAIT, [HERE]) == Held(there.norm, HERE, DAY)
    assert targets.on(DAY, Metric.COUNTER_WAIT).norm == whole.norm
    assert targets.on(DAY, Metric.WALK_IN_WAIT, BOTH) == Held(Norm())
    assert targets.on(DAY - timedelta(days=1), Metric.COUNTER_WAIT, BOTH) == Held(DEFAULT)


@pytest.mark.parametrize("metric", Metric)
def test_every_metric_tells_what_it_fits(metric: Metric) -> None:
    assert FITTING[metric]
    assert ScopeKind.ALL not in FITTING[metric]
