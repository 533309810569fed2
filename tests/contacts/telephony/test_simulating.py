"""The simulated exchange: what it writes is a true queue_log, with everything in it, and is read as it was meant."""

from collections import Counter
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from kcc.connectors.queue_log import KNOWN, Garbage, QueueEvent, read
from kcc.contacts.telephony.arrivals import read_log
from kcc.contacts.telephony.calls import CallOutcome, CallRecord, records
from kcc.contacts.telephony.simulating import SIMULATED, Plan, queue_log
from kcc.contacts.telephony.steps import Step
from tests.contacts.telephony.logs import KEYS

WEEK = Plan(date(2026, 11, 16), 7, 1, ZoneInfo("Europe/Amsterdam"), calls=500, agents=7)


def events(plan: Plan) -> list[QueueEvent]:
    found = []
    for item in read(queue_log(plan)):
        assert not isinstance(item, Garbage), item
        found.append(item[1])
    return found


def calls(lines: list[str]) -> list[CallRecord]:
    by_id: dict[str, list[tuple[str, Step]]] = {}
    newest = 0
    for arrival, step in read_log(lines, 1, KEYS).events:
        newest = max(newest, arrival.at_ms)
        if step is not None:
            by_id.setdefault(arrival.call_id, []).append((arrival.queue, step))
    found = [call for steps in by_id.values() for call in records(steps, newest + 10**9, 0)]
    return sorted(found, key=lambda call: (call.entered, call.queue, call.caller))


@pytest.fixture(scope="module")
def week() -> list[str]:
    return list(queue_log(WEEK))


def test_every_event_that_is_known_is_in_it_and_it_says_that_it_is_simulated(week: list[str]) -> None:
    found = [item[1] for item in read(week) if not isinstance(item, Garbage)]
    assert len(found) == len(week)
    assert found[0].event == SIMULATED
    assert {event.event for event in found} == KNOWN | {SIMULATED, "DID"}
    assert [event.at for event in found] == sorted(event.at for event in found)


def test_the_same_seed_gives_the_same_lines_and_another_others(week: list[str]) -> None:
    assert list(queue_log(WEEK)) == week
    assert list(queue_log(Plan(WEEK.first, 7, 2, WEEK.zone, calls=500, agents=7))) != week


def test_its_calls_have_an_end_and_the_waits_that_were_meant(week: list[str]) -> None:
    found = calls(week)
    outcomes = Counter(call.outcome for call in found)
    assert outcomes[CallOutcome.UNKNOWN] == outcomes[CallOutcome.WAITING] == 0
    assert 2300 < len(found) < 2800  # 500 × (1.25 + 1.05 + 1 + 0.95 + 0.75), and who entered again
    assert outcomes[CallOutcome.ANSWERED] > 0.7 * len(found)
    assert outcomes[CallOutcome.ABANDONED] > 0.01 * len(found)
    for call in found:
        assert call.ended is not None
        until = call.answered if call.answered is not None else call.ended
        assert call.wait_seconds == (until - call.entered) // 1000


def test_more_agents_answer_sooner(week: list[str]) -> None:
    def answered_within_30(lines: list[str]) -> float:
        found = calls(lines)
        return sum(call.outcome is CallOutcome.ANSWERED and (call.wait_seconds or 0) <= 30 for call in found) / len(
            found
        )

    more = list(queue_log(Plan(WEEK.first, 7, 1, WEEK.zone, calls=500, agents=14)))
    assert answered_within_30(more) > answered_within_30(week)


def test_shuffled_it_gives_the_same_calls(week: list[str]) -> None:
    mixed = list(queue_log(Plan(WEEK.first, 7, 1, WEEK.zone, calls=500, agents=7, shuffle=True)))
    assert mixed[0] == week[0]
    assert mixed != week
    assert calls(mixed) == calls(week)


def test_lost_ends_are_unknown_or_answered_without_an_end(week: list[str]) -> None:
    lossy = list(queue_log(Plan(WEEK.first, 7, 1, WEEK.zone, calls=500, agents=7, lose_ends=0.1)))
    ended, lost = (sum(call.ended is not None for call in calls(lines)) for lines in (week, lossy))
    assert 0.85 * ended < lost < 0.95 * ended
    abandoned = [sum(call.outcome is CallOutcome.ABANDONED for call in calls(lines)) for lines in (week, lossy)]
    assert abandoned[1] < abandoned[0]


def test_weekends_are_quiet() -> None:
    saturday = Plan(date(2026, 11, 21), 2, 1, WEEK.zone)
    assert [event.event for event in events(saturday)] == [SIMULATED]
