"""What a visit takes, against sums done by hand; and what can never be."""

from math import ceil
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc.appointments.availability.plan import Plan, PlannedCounter, Terms
from kcc.appointments.availability.visit import Visit, place_of, visit
from kcc.errors import InvalidInput
from tests.appointments.conftest import DAY
from tests.appointments.planned import planned, terms

CODES = ["a", "b", "c", "d"]
PAIRS = [(one, other) for one in CODES for other in CODES if one < other]
TERMS = st.builds(
    terms,
    duration_minutes=st.integers(1, 60),
    further_person_minutes=st.integers(0, 30),
    preparation_minutes=st.integers(0, 20),
    step_minutes=st.none() | st.integers(1, 12).map(lambda cells: cells * 5),
    max_persons=st.integers(1, 6),
    notice_minutes=st.integers(0, 3000),
    horizon_days=st.integers(0, 90),
    staff_only=st.booleans(),
)


def asked_for(plan: Plan, asked: list[tuple[str, int]], *, staff: bool = False, most: int = 4) -> Visit:
    return visit(plan, place_of(plan, "stadhuis"), asked, DAY, staff=staff, max_products=most)


def refusal(plan: Plan, asked: list[tuple[str, int]], **more: Any) -> tuple[str, str]:
    """Where it says that something is wrong, and what."""
    with pytest.raises(InvalidInput) as refused:
        asked_for(plan, asked, **more)
    (error,) = refused.value.errors
    assert refused.value.detail == error.detail
    return error.location, error.code


@given(
    products=st.fixed_dictionaries(dict.fromkeys(CODES, TERMS)),
    pairs=st.sets(st.sampled_from(PAIRS)),
    asked=st.lists(st.tuples(st.sampled_from(CODES), st.integers(-1, 8)), max_size=5),
    staff=st.booleans(),
    most=st.integers(1, 4),
)
def test_a_visit_is_the_sum_of_its_products(
    products: dict[str, Terms], pairs: set[tuple[str, str]], asked: list[tuple[str, int]], staff: bool, most: int
) -> None:
    plan = planned(products, pairs)
    codes = [code for code, _ in asked]
    possible = (
        0 < len(asked) <= most
        and len(set(codes)) == len(codes)
        and all(1 <= persons <= products[code].max_persons for code, persons in asked)
        and all(staff or not products[code].staff_only for code in codes)
        and all(
            one in CODES and ((one, other) in pairs or (other, one) in pairs or one == other)
            for one in codes
            for other in codes
        )
    )
    if not possible:
        assert refusal(plan, asked, staff=staff, most=most)[0] == "/products"
        return
    found = asked_for(plan, asked, staff=staff, most=most)
    minutes, steps = 0, []
    for code, persons in asked:
        of = products[code]
        minutes += of.preparation_minutes + of.duration_minutes
        for _ in range(persons - 1):
            minutes += of.further_person_minutes
        steps.append(of.step_minutes or 5 * ceil(of.duration_minutes / 5))
    assert (found.minutes, found.cells, found.step * 5) == (5 * ceil(minutes / 5), ceil(minutes / 5), min(steps))
    assert found.notice.total_seconds() == 60 * max(products[code].notice_minutes for code in codes)
    assert found.horizon.days == min(products[code].horizon_days for code in codes)
    assert found.codes == set(codes)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ([], "missing"),
        ([("a", 1), ("b", 1), ("c", 1)], "too-many"),
        ([("onbekend", 1)], "unknown"),
        ([("", 1)], "unknown"),
        ([("a", 1), ("a", 2)], "repeated"),
        ([("a", 0)], "persons"),
        ([("a", -1)], "persons"),
        ([("a", 9)], "persons"),
        ([("a", 10**40)], "persons"),
        ([("a", 1), ("b", 1)], "not-combinable"),
        ([("d", 1)], "staff-only"),
    ],
)
def test_what_can_never_be(asked: list[tuple[str, int]], code: str) -> None:
    products = {"a": terms(), "b": terms(), "c": terms(), "d": terms(staff_only=True)}
    assert refusal(planned(products), asked, most=2) == ("/products", code)


def test_an_unknown_location() -> None:
    with pytest.raises(InvalidInput) as refused:
        place_of(planned({}), "nergens", "query")
    assert (refused.value.errors[0].place, refused.value.errors[0].location) == ("query", "location")


def test_what_is_done_elsewhere() -> None:
    plan = planned({"a": terms(name="Trouwen"), "b": terms()}, products=frozenset({"b"}))
    assert refusal(plan, [("a", 1)]) == ("/location", "not-offered")
    assert asked_for(plan, [("b", 1)]).cells == 2


def test_products_that_no_counter_serves_together() -> None:
    counters = (PlannedCounter("1", products=frozenset({"a"})), PlannedCounter("2", products=frozenset({"b"})))
    plan = planned({"a": terms(), "b": terms()}, [("a", "b")], counters=counters)
    assert refusal(plan, [("a", 1), ("b", 1)]) == ("/products", "not-combinable")
    assert asked_for(plan, [("a", 1)]).cells == 2


def test_travel_only_counts_at_home() -> None:
    assert asked_for(planned({"a": terms()}, travel_minutes=20), [("a", 1)]).travel == 0
    assert asked_for(planned({"a": terms()}, travel_minutes=20, is_home_visit=True), [("a", 1)]).travel == 4
