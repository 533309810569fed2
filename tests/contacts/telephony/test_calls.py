"""Events → calls: the cases by name, and Hypothesis against phone lives of which the calls are known."""

import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kcc.connectors.queue_log import parse
from kcc.contacts.telephony.arrivals import read_log
from kcc.contacts.telephony.calls import CallOutcome, CallRecord, records
from kcc.contacts.telephony.keys import Keys
from kcc.contacts.telephony.steps import Step, StepKind

T = 1_795_507_200
KEYS = Keys("s" * 40)
HOURS = 3600


def calls(*lines: str, newest: int = 0, started: int = 0, queue: str = "algemeen") -> list[CallRecord]:
    """The calls of one call id, from lines such as `+10 CONNECT|10|x|2`."""
    written = []
    for line in lines:
        seconds, _, rest = line.partition(" ")
        written.append(f"{T + int(seconds)}|c.1|{queue}|SIP/7|{rest}")
    read = read_log(written, 1, KEYS)
    assert not read.garbage
    steps = [(arrival.queue, step) for arrival, step in read.events if step is not None]
    found = records(steps, (T + newest) * 1000, (T + started) * 1000 if started else 0)
    for seed in range(5):
        random.Random(seed).shuffle(steps)
        again = records([*steps, *steps[:2]], (T + newest) * 1000, (T + started) * 1000 if started else 0)
        assert again == found
    return found


def told(record: CallRecord) -> tuple[Any, ...]:
    """Entered (in seconds after T), outcome, wait, talk."""
    return record.entered // 1000 - T, record.outcome.value, record.wait_seconds, record.talk_seconds


def test_an_answered_call() -> None:
    (call,) = calls(
        "0 ENTERQUEUE||0612345678|2", "6 RINGNOANSWER|5000", "10 CONNECT|10|x|3", "70 COMPLETEAGENT|10|60|2"
    )
    assert told(call) == (0, "answered", 10, 60)
    assert call == CallRecord(
        queue="algemeen",
        entered=T * 1000,
        answered=(T + 10) * 1000,
        ended=(T + 70) * 1000,
        wrapped_up=None,
        wait_seconds=10,
        talk_seconds=60,
        ring_ms=8000,
        agent="SIP/7",
        outcome=CallOutcome.ANSWERED,
        reason="",
        transferred_to=None,
        position=2,
        caller=KEYS.caller("0612345678"),
    )


def test_abandoned_and_sent_away() -> None:
    assert told(*calls("0 ENTERQUEUE||1|1", "9 ABANDON|1|1|9")) == (0, "abandoned", 9, None)
    for event, reason in (
        ("EXITWITHTIMEOUT|1|1|9", "timeout"),
        ("EXITWITHKEY|5|1|1|9", "key"),
        ("EXITEMPTY|1|1|9", "empty"),
        ("WITHDRAW|1|1|9|x", "withdraw"),
    ):
        (call,) = calls("0 ENTERQUEUE||1|1", f"9 {event}")
        assert (told(call), call.reason) == ((0, "sent-away", 9, None), reason)


def test_transferred() -> None:
    (blind,) = calls("0 ENTERQUEUE||1|1", "10 CONNECT|10|x|3", "40 BLINDTRANSFER|2300|intern|10|30|1")
    assert (told(blind), blind.transferred_to) == ((0, "answered", 10, 30), "2300")
    (both,) = calls(
        "0 ENTERQUEUE||1|1",
        "10 CONNECT|10|x|3",
        "40 ATTENDEDTRANSFER|BRIDGE|b7|10|30|1",
        "41 COMPLETEAGENT|10|31|1",  # some exchanges tell both
    )
    assert (told(both), both.transferred_to) == ((0, "answered", 10, 30), "b7")


def test_who_enters_again_makes_calls_of_their_own() -> None:
    found = calls(
        "0 ENTERQUEUE||1|1",
        "20 EXITWITHTIMEOUT|1|1|20",
        "20 ENTERQUEUE||1|1",
        "20 CONNECT|0|x|0",
        "25 COMPLETECALLER|0|5|1",
    )
    assert [told(call) for call in found] == [(0, "sent-away", 20, None), (20, "answered", 0, 5)]


def test_an_end_belongs_to_the_latest_earlier_entry() -> None:
    found = calls("0 ENTERQUEUE||1|1", "100 ENTERQUEUE||1|1", "109 ABANDON|1|1|9", newest=200)
    assert [told(call) for call in found] == [(0, "waiting", None, None), (100, "abandoned", 9, None)]


def test_a_second_after_the_clock_of_the_entry() -> None:
    assert [told(call) for call in calls("5 ENTERQUEUE||1|1", "5 ABANDON|1|1|1")] == [(5, "abandoned", 1, None)]
    assert [told(call) for call in calls("5 ENTERQUEUE||1|1", "5 ABANDON|1|1|0")] == [(5, "abandoned", 0, None)]


def test_an_answer_or_end_without_entry_entered_as_long_ago_as_it_tells() -> None:
    assert [told(call) for call in calls("30 ABANDON|1|1|12")] == [(18, "abandoned", 12, None)]
    (answer,) = calls("30 CONNECT|12|x|3", "90 COMPLETEAGENT|12|60|1")
    assert told(answer) == (18, "answered", 12, 60)
    (end,) = calls("90 COMPLETEAGENT|12|60|1")
    assert told(end) == (18, "answered", 12, 60)
    assert end.answered == (T + 30) * 1000


def test_an_answer_that_was_lost_is_known_from_the_end() -> None:
    (call,) = calls("0 ENTERQUEUE||1|1", "72 COMPLETECALLER|12|60|1")
    assert told(call) == (0, "answered", 12, 60)
    assert call.answered == (T + 12) * 1000


def test_an_end_after_an_end_is_of_a_visit_that_was_not_told() -> None:
    found = calls("0 ENTERQUEUE||1|1", "9 ABANDON|1|1|9", "300 ABANDON|1|1|20")
    assert [told(call) for call in found] == [(0, "abandoned", 9, None), (280, "abandoned", 20, None)]


def test_a_lost_end_is_unknown_and_never_abandoned() -> None:
    entry = "0 ENTERQUEUE||1|1"
    assert [call.outcome for call in calls(entry, newest=4 * HOURS - 1)] == ["waiting"]
    assert [call.outcome for call in calls(entry, newest=4 * HOURS)] == ["unknown"]
    assert [call.outcome for call in calls(entry, newest=60, started=30)] == ["unknown"]
    assert [call.outcome for call in calls("40 ENTERQUEUE||1|1", newest=60, started=30)] == ["waiting"]
    # A late end mends it; an answer is known also when the end is not.
    assert [told(call) for call in calls(entry, "9 ABANDON|1|1|9", newest=9 * HOURS)] == [(0, "abandoned", 9, None)]
    assert [told(call) for call in calls(entry, "9 CONNECT|9|x|1", newest=9 * HOURS)] == [(0, "answered", 9, None)]


def test_queues_are_apart() -> None:
    read = read_log([f"{T}|c.1|a|NONE|ENTERQUEUE||1|1", f"{T + 5}|c.1|b|NONE|ABANDON|1|1|5"], 1, KEYS)
    found = records([(arrival.queue, step) for arrival, step in read.events if step], T * 1000, 0)
    assert [(call.queue, call.outcome) for call in found] == [("a", "waiting"), ("b", "abandoned")]


def test_a_log_that_has_lost_its_numbers_is_reckoned_with() -> None:
    (call,) = calls("0 ENTERQUEUE", "10 CONNECT", "30 COMPLETEAGENT")
    assert told(call) == (0, "answered", 10, 20)


def test_the_end_of_the_after_call_work() -> None:
    steps = [
        ("q", Step(0, StepKind.ENTERED)),
        ("q", Step(5_200, StepKind.ANSWERED)),
        ("q", Step(9_900, StepKind.ENDED)),
        ("q", Step(30_000, StepKind.WRAPPED_UP)),
    ]
    (call,) = records(steps, 0, 0)
    assert (call.wait_seconds, call.talk_seconds, call.wrapped_up) == (5, 4, 30_000)


VISIT = st.tuples(
    st.integers(1, 300),  # since the visit before
    st.integers(0, 200),  # wait
    st.sampled_from(["answered", "transferred", "abandoned", "timeout", "key", "empty", "withdraw", "lost"]),
    st.integers(0, 400),  # talk
)


def _life(visits: list[tuple[int, int, str, int]]) -> tuple[list[str], list[tuple[Any, ...]]]:
    """The lines of one call id that goes through a queue again and again, and what its calls are."""
    at, lines, expected = T, [], []
    for gap, wait, how, talk in visits:
        at += gap
        entered = at
        lines.append(f"{at}|c.1|q|NONE|ENTERQUEUE||0612345678|1")
        at += wait
        if how in ("answered", "transferred"):
            lines.append(f"{at}|c.1|q|SIP/7|CONNECT|{wait}|x|2")
            at += talk
            end = f"BLINDTRANSFER|9|x|{wait}|{talk}|1" if how == "transferred" else f"COMPLETEAGENT|{wait}|{talk}|1"
            lines.append(f"{at}|c.1|q|SIP/7|{end}")
            expected.append((entered, "answered", wait, talk))
        elif how == "lost":
            expected.append((entered, "unknown", None, None))
        else:
            data = f"1|1|{wait}"
            event = {
                "abandoned": f"ABANDON|{data}",
                "timeout": f"EXITWITHTIMEOUT|{data}",
                "key": f"EXITWITHKEY|5|{data}",
                "empty": f"EXITEMPTY|{data}",
                "withdraw": f"WITHDRAW|{data}|x",
            }[how]
            lines.append(f"{at}|c.1|q|NONE|{event}")
            expected.append((entered, "abandoned" if how == "abandoned" else "sent-away", wait, None))
    return lines, expected


def _calls_of(lines: list[str]) -> list[CallRecord]:
    steps = [("q", step) for arrival, step in read_log(lines, 1, KEYS).events if step is not None]
    return records(steps, (T + 10**6) * 1000, 0)


@settings(max_examples=200, deadline=None)
@given(st.lists(VISIT, max_size=6), st.randoms(use_true_random=False))
def test_a_life_gives_its_calls_in_any_order(visits: list[tuple[int, int, str, int]], chance: random.Random) -> None:
    lines, expected = _life(visits)
    assert [(call.entered // 1000, *told(call)[1:]) for call in _calls_of(lines)] == expected
    chance.shuffle(lines)
    assert [(call.entered // 1000, *told(call)[1:]) for call in _calls_of(lines + lines[:3])] == expected


@settings(max_examples=200, deadline=None)
@given(st.lists(VISIT, max_size=6), st.sets(st.integers(0, 17)), st.randoms(use_true_random=False))
def test_whatever_is_lost_the_order_makes_no_difference(
    visits: list[tuple[int, int, str, int]], lost: set[int], chance: random.Random
) -> None:
    lines = [line for number, line in enumerate(_life(visits)[0]) if number not in lost]
    found = _calls_of(lines)
    entries = [parse(line).at for line in lines if "ENTERQUEUE" in line]
    assert set(entries) <= {call.entered // 1000 for call in found}
    chance.shuffle(lines)
    assert _calls_of(lines) == found
