"""What follows from the events of a visit."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc.appointments.hall.course import Course, Event, NotNow, VisitState, after, course
from kcc.appointments.hall.course import VisitEventKind as K
from kcc.service_levels.definitions import counter_wait, minutes_late, share, waits

NINE = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return NINE + timedelta(minutes=minutes)


def happened(*steps: tuple[K, float]) -> Course:
    """A visit of these events, in minutes after nine, all at counter 1."""
    return course(Event(number, kind, at(minutes), "1") for number, (kind, minutes) in enumerate(steps))


def test_a_whole_visit() -> None:
    found = happened((K.ARRIVED, 0), (K.CALLED, 6), (K.STARTED, 7), (K.FINISHED, 17))
    assert (found.state, found.first_called_at, found.started_at) == (VisitState.FINISHED, at(6), at(7))
    assert (found.finished_at, found.served_seconds) == (at(17), 600)


def test_parked_time_is_neither_wait_nor_service() -> None:  # case 25
    found = happened((K.ARRIVED, 0), (K.CALLED, 3), (K.STARTED, 4), (K.PARKED, 9), (K.RESUMED, 49), (K.FINISHED, 54))
    assert found.first_called_at is not None
    assert counter_wait(None, found.arrived_at, found.first_called_at) == 180
    assert found.served_seconds == 600


def test_a_recall_keeps_the_wait_of_the_first_call() -> None:
    found = happened((K.ARRIVED, 0), (K.CALLED, 5), (K.RECALLED, 7), (K.RECALLED, 8))
    assert (found.first_called_at, found.called_at, found.calls) == (at(5), at(8), 3)


def test_a_call_that_was_repeated_and_then_taken_back_did_not_end_the_wait() -> None:
    found = happened((K.ARRIVED, 0), (K.CALLED, 5), (K.RECALLED, 7), (K.RETURNED, 8), (K.CALLED, 20))
    assert found.first_called_at == at(20)
    sent_on = happened(
        (K.ARRIVED, 0), (K.CALLED, 5), (K.TRANSFERRED, 9), (K.CALLED, 12), (K.RECALLED, 13), (K.RETURNED, 14)
    )
    assert sent_on.first_called_at == at(5)


def test_a_call_taken_back_was_none() -> None:
    found = happened((K.ARRIVED, 0), (K.CALLED, 5), (K.RETURNED, 6))
    assert (found.state, found.first_called_at, found.counter, found.calls) == (VisitState.WAITING, None, None, 0)
    again = happened((K.ARRIVED, 0), (K.CALLED, 5), (K.TRANSFERRED, 9), (K.CALLED, 12), (K.RETURNED, 13))
    assert again.first_called_at == at(5)


def test_another_counter_keeps_the_place_and_the_wait() -> None:
    found = happened(
        (K.ARRIVED, 0), (K.CALLED, 5), (K.STARTED, 5), (K.TRANSFERRED, 10), (K.CALLED, 14),
        (K.STARTED, 14), (K.FINISHED, 20),
    )  # fmt: skip
    assert (found.first_called_at, found.place_since, found.served_seconds) == (at(5), at(5), 11 * 60)


def test_who_was_not_said_to_start_began_when_called() -> None:
    found = happened((K.ARRIVED, 0), (K.CALLED, 5), (K.FINISHED, 9))
    assert (found.started_at, found.served_seconds) == (at(5), 240)


def test_a_correction_says_when_it_really_was() -> None:
    events = [Event(1, K.ARRIVED, at(10)), Event(2, K.CALLED, at(12), "1"), Event(3, K.STARTED, at(12), "1")]
    corrected = [*events, Event(4, K.CORRECTED, at(20), corrects=1, really_at=at(2))]
    assert course(events).arrived_at == at(10)
    assert course(corrected).arrived_at == at(2)
    assert course(corrected).first_called_at == at(12)


def test_what_ended_by_mistake_goes_on_without_the_time_between() -> None:
    again = happened((K.ARRIVED, 0), (K.CALLED, 5), (K.STARTED, 5), (K.FINISHED, 9), (K.RESUMED, 30), (K.FINISHED, 32))
    assert (again.state, again.finished_at, again.served_seconds) == (VisitState.FINISHED, at(32), 6 * 60)
    late = happened((K.ARRIVED, 0), (K.CALLED, 5), (K.MISSED, 8), (K.RESUMED, 10), (K.FINISHED, 20))
    assert (late.first_called_at, late.started_at, late.served_seconds) == (at(5), at(10), 600)


def test_who_was_said_to_have_left_keeps_the_place_and_the_wait() -> None:
    waited = happened((K.ARRIVED, 0), (K.LEFT, 4), (K.RETURNED, 6))
    assert (waited.state, waited.first_called_at, waited.place_since, waited.finished_at) == (
        VisitState.WAITING, None, None, None,
    )  # fmt: skip
    parked = happened((K.ARRIVED, 0), (K.CALLED, 5), (K.PARKED, 6), (K.LEFT, 9), (K.RETURNED, 12))
    assert (parked.state, parked.first_called_at, parked.place_since) == (VisitState.WAITING, at(5), at(5))


@pytest.mark.parametrize(
    ("steps", "impossible"),
    [
        ((), K.FINISHED), ((), K.STARTED), ((), K.MISSED), ((K.CALLED,), K.CALLED), ((K.CALLED,), K.RESUMED),
        ((K.CALLED,), K.LEFT), ((K.CALLED, K.STARTED), K.RECALLED), ((K.CALLED, K.STARTED), K.MISSED),
        ((K.CALLED, K.FINISHED), K.CALLED), ((K.CALLED, K.MISSED), K.RECALLED), ((K.LEFT,), K.CALLED),
        ((), K.ARRIVED), ((), K.CORRECTED),
    ],
)  # fmt: skip
def test_what_cannot_happen_is_refused(steps: tuple[K, ...], impossible: K) -> None:
    now = happened((K.ARRIVED, 0), *((kind, number) for number, kind in enumerate(steps, start=1)))
    with pytest.raises(NotNow):
        after(now, Event(99, impossible, at(30), "1"))


def test_a_visit_begins_with_arriving() -> None:
    for events in ([], [Event(1, K.CALLED, NINE)]):
        with pytest.raises(ValueError, match="arriving"):
            course(events)


@given(st.lists(st.sampled_from([kind for kind in K if kind is not K.CORRECTED]), max_size=15))
def test_whatever_is_pressed_the_figures_make_sense(pressed: list[K]) -> None:
    now, minutes = happened((K.ARRIVED, 0)), 0
    for kind in pressed:
        minutes += 1
        try:
            now = after(now, Event(minutes, kind, at(minutes), "1"))
        except NotNow:
            continue
        assert (now.counter is not None) == (now.state in (VisitState.CALLED, VisitState.SERVING))
        assert 0 <= now.served_seconds <= minutes * 60
        assert now.first_called_at is None or now.first_called_at >= now.arrived_at
        if now.state is VisitState.FINISHED:
            assert now.started_at is not None


def test_the_wait_begins_at_the_planned_time_or_the_arrival_whichever_is_last() -> None:
    assert counter_wait(at(10), at(0), at(12)) == 120  # early: from the planned time
    assert counter_wait(at(10), at(11), at(12)) == 60  # late: from the arrival
    assert counter_wait(at(10), at(0), at(8)) == 0  # called before the time: no wait
    assert counter_wait(None, at(0), at(8)) == 480


def test_how_late_people_come_is_a_mean_of_exact_times() -> None:
    assert minutes_late(at(4) - at(10) + (at(13) - at(10)), 2) == -1.5
    assert minutes_late(timedelta(seconds=-2), 3) == -2 / 180  # of whole minutes it would be nearly one too early
    assert minutes_late(timedelta(), 0) is None


def test_waits_across_the_hour_that_comes_twice() -> None:
    first = datetime(2026, 10, 25, 0, 59, tzinfo=UTC)  # 2.59 in summer, then 2.00 again
    assert counter_wait(None, first, first + timedelta(minutes=2)) == 120


def test_figures_of_waits() -> None:
    found = waits([0, 300, 301, 900], 300)
    assert (found.visits, found.within, found.percent_within) == (4, 2, 50.0)
    assert (found.average_seconds, found.median_seconds) == (375.25, 300.5)
    assert waits([], 300).percent_within is None
    assert (share(1, 4), share(0, 0)) == (25.0, None)
