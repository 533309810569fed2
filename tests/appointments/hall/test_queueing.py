"""Who is called next: the order of the hall, and how long a newcomer waits."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kcc.appointments.hall.queueing import Rules, Waiting, in_order, next_for, waiting_time

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
RULES = Rules()


def at(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def waiting(number: int, arrived: int, planned: int | None = None, takes: int = 10, kept: int | None = None) -> Waiting:
    """Minutes from now."""
    return Waiting(
        number,
        at(arrived),
        timedelta(minutes=takes),
        None if planned is None else at(planned),
        None if kept is None else at(kept),
    )


def numbers(*queue: Waiting, due: tuple[int, ...] = ()) -> list[int]:
    return [one.id for one in in_order(queue, NOW, RULES, [at(minutes) for minutes in due])]


def test_appointments_go_by_their_planned_time_not_by_arrival() -> None:
    assert numbers(waiting(1, arrived=-20, planned=-1), waiting(2, arrived=-3, planned=-5)) == [2, 1]


def test_who_is_more_than_ten_minutes_late_goes_by_arrival() -> None:
    late, just_in_time = waiting(1, arrived=-2, planned=-13), waiting(2, arrived=-2, planned=-12)
    another = waiting(3, arrived=-9, planned=-5)
    assert numbers(late, just_in_time, another) == [2, 3, 1]


def test_walk_ins_come_after_appointments_and_before_early_ones() -> None:
    assert numbers(waiting(1, -5, planned=10), waiting(2, -9), waiting(3, -12), waiting(4, -1, planned=0)) == [
        4,
        3,
        2,
        1,
    ]


def test_a_walk_in_past_its_threshold_goes_first_unless_an_appointment_is_due() -> None:
    overdue, appointment = waiting(1, -16), waiting(2, -5, planned=-5)
    assert numbers(overdue, appointment) == [1, 2]
    assert numbers(overdue, appointment, due=(9,)) == [2, 1]
    assert numbers(overdue, appointment, due=(10,)) == [1, 2]
    assert numbers(waiting(1, -15), appointment) == [2, 1]  # up to the threshold is not past it


def test_who_goes_on_at_another_counter_keeps_the_place() -> None:
    assert numbers(waiting(1, -30, kept=-20), waiting(2, -10, planned=-5), waiting(3, -30, planned=-25)) == [3, 1, 2]


def test_only_who_fits_is_called() -> None:
    queue = [waiting(1, -5, planned=-5), waiting(2, -4, planned=-4)]
    assert next_for(queue, NOW, RULES, fits=lambda one: one.id == 2) == queue[1]
    assert next_for(queue, NOW, RULES, fits=lambda one: False) is None
    assert next_for([], NOW, RULES) is None


MINUTES = st.integers(-120, 0)
VISITS = st.lists(
    st.builds(waiting, st.integers(0, 10**6), MINUTES, st.none() | st.integers(-60, 60), st.integers(5, 40)),
    unique_by=lambda one: one.id,
    max_size=12,
)


@given(VISITS, st.lists(st.integers(0, 60).map(at), max_size=5))
def test_everybody_is_in_the_order_once_and_next_is_its_first(queue: list[Waiting], due: list[datetime]) -> None:
    found = in_order(queue, NOW, RULES, due)
    assert sorted(one.id for one in found) == sorted(one.id for one in queue)
    assert next_for(queue, NOW, RULES, due) == (found[0] if found else None)


@given(VISITS)
def test_who_waits_longer_is_never_passed_by_a_newcomer_of_the_same_kind(queue: list[Waiting]) -> None:
    walk_ins = [one for one in in_order(queue, NOW, RULES) if one.planned_at is None]
    assert [one.arrived_at for one in walk_ins] == sorted(one.arrived_at for one in walk_ins)


def test_a_newcomer_waits_for_who_is_ahead() -> None:
    ahead = [timedelta(minutes=10)] * 3
    assert waiting_time([NOW, at(5)], ahead, NOW) == timedelta(minutes=15)
    assert waiting_time([at(-9)], [], NOW) == timedelta(0)
    assert waiting_time([], ahead, NOW) is None
