"""The shortfall split into its causes: parts that add up, and nothing for what was as planned."""

from dataclasses import replace
from itertools import permutations
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from kcc.service_levels.staffing.decompose import Cause, Stretch, decompose, service_level
from kcc.service_levels.staffing.erlang import Demand, fate

THRESHOLD = 30
QUARTER = 900
PLANNED = [Stretch(QUARTER, calls, 200, agents, 180) for calls, agents in ((20, 6), (30, 9), (25, 7))]
FIELDS = {
    Cause.VOLUME: "calls",
    Cause.HANDLING: "handling",
    Cause.STAFFING: "agents",
    Cause.ABANDONMENT: "patience",
}
stretches = st.builds(
    Stretch,
    seconds=st.just(QUARTER),
    calls=st.floats(1, 60),
    handling=st.floats(60, 400),
    agents=st.floats(0, 15),
    patience=st.floats(30, 400),
)
days = st.integers(1, 3).flatmap(
    lambda number: st.tuples(*[st.lists(stretches, min_size=number, max_size=number)] * 2)  # type: ignore[arg-type]
)


def changed(**fields: float) -> list[Stretch]:
    return [replace(one, **{name: getattr(one, name) * times for name, times in fields.items()}) for one in PLANNED]


def test_the_level_is_of_all_callers_together() -> None:
    levels = [fate(Demand(one.calls / QUARTER, 200, 180), int(one.agents), THRESHOLD) for one in PLANNED]
    within = sum(one.calls * found.offered for one, found in zip(PLANNED, levels, strict=True) if found)
    assert service_level(PLANNED, THRESHOLD) == pytest.approx(100 * within / 75)
    quiet = [*PLANNED, replace(PLANNED[0], calls=0, agents=0)]
    assert service_level(quiet, THRESHOLD) == service_level(PLANNED, THRESHOLD)


def test_half_an_agent_is_halfway() -> None:
    levels = [service_level([replace(PLANNED[0], agents=agents)], THRESHOLD) for agents in (0, 0.5, 1, 6, 6.5, 7)]
    nobody, half, one, six, between, seven = (level or 0 for level in levels)
    assert nobody == 0
    assert half == pytest.approx(one / 2)
    assert between == pytest.approx((six + seven) / 2)


@pytest.mark.parametrize(
    ("cause", "times", "worse"),
    [
        (Cause.VOLUME, 1.2, True),
        (Cause.VOLUME, 0.8, False),
        (Cause.HANDLING, 1.2, True),
        (Cause.STAFFING, 0.8, True),
        (Cause.STAFFING, 1.2, False),
        (Cause.ABANDONMENT, 2.0, True),  # who hangs up later is in the way for longer
    ],
)
def test_what_differs_is_the_cause_and_nothing_else(cause: Cause, times: float, worse: bool) -> None:
    found = decompose(PLANNED, changed(**{FIELDS[cause]: times}), 80, 70, THRESHOLD)
    assert found is not None
    assert (found.parts[cause] > 0.5) == worse
    assert (found.parts[cause] < -0.5) == (not worse)
    others = {other: part for other, part in found.parts.items() if other is not cause}
    assert others == dict.fromkeys(others, pytest.approx(0, abs=1e-9))


def test_as_planned_only_the_plan_falls_short() -> None:
    found = decompose(PLANNED, PLANNED, 99, 70, THRESHOLD)
    level = service_level(PLANNED, THRESHOLD)
    assert found is not None
    assert level is not None
    assert found.plan == pytest.approx(99 - level)
    assert found.parts == dict.fromkeys(Cause, 0)
    assert found.unexplained == pytest.approx(level - 70)


@hypothesis_settings(max_examples=20, deadline=None)
@given(day=days, target=st.floats(50, 99), measured=st.floats(0, 100))
def test_the_parts_add_up_and_are_the_mean_over_every_order(
    day: tuple[list[Stretch], list[Stretch]], target: float, measured: float
) -> None:
    planned, actual = day
    found = decompose(planned, actual, target, measured, THRESHOLD)
    assert found is not None
    together = found.plan + sum(found.parts.values()) + found.unexplained
    assert together == pytest.approx(target - measured, abs=1e-9)
    taken: dict[Cause, list[float]] = {cause: [] for cause in Cause}
    for order in permutations(Cause):
        mixed, level = planned, service_level(planned, THRESHOLD) or 0
        for cause in order:
            name = FIELDS[cause]
            mixed = [replace(one, **{name: getattr(fact, name)}) for one, fact in zip(mixed, actual, strict=True)]
            before, level = level, service_level(mixed, THRESHOLD) or 0
            taken[cause].append(before - level)
    assert found.parts == {cause: pytest.approx(mean(parts), abs=1e-9) for cause, parts in taken.items()}


def test_without_calls_there_is_nothing_to_split() -> None:
    nothing = [replace(one, calls=0) for one in PLANNED]
    assert service_level(nothing, THRESHOLD) is None
    assert service_level([], THRESHOLD) is None
    assert decompose(nothing, PLANNED, 80, 70, THRESHOLD) is None
    assert decompose(PLANNED, nothing, 80, 70, THRESHOLD) is None


def test_plan_and_fact_are_of_the_same_time() -> None:
    with pytest.raises(ValueError, match="3 stretches were planned, not 2"):
        decompose(PLANNED, PLANNED[:2], 80, 70, THRESHOLD)
