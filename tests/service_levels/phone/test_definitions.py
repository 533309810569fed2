"""The five service levels, counts that add up, and waits that are kept by the second."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc.contacts.telephony.calls import CallOutcome
from kcc.service_levels.definitions import Calls, Variant, service_level
from kcc.service_levels.histograms import LONGEST, enough, merged, packed, unpacked, up_to
from kcc.service_levels.phone.tallies import ALL, NUMBERS, Visit, by_quarter

# 80 answered within 30 s and 12 later; abandoned: 3 within 5 s, 2 within 6 to 30 s, 3 later.
FIXTURE = Calls(answered=92, answered_within=80, abandoned=8, abandoned_within=5, short_abandoned=3)


@pytest.mark.parametrize(
    ("variant", "percent"),
    [
        (Variant.OFFERED, 80.0),
        (Variant.ANSWERED, 86.96),
        (Variant.DROP_ABANDONED_WITHIN_THRESHOLD, 84.21),
        (Variant.DROP_SHORT_ABANDONED, 82.47),
        (Variant.ABANDONED_WITHIN_THRESHOLD_MET, 85.0),
    ],
)
def test_the_same_calls_have_five_service_levels(variant: Variant, percent: float) -> None:
    assert service_level(FIXTURE, variant) == pytest.approx(percent, abs=0.005)


@pytest.mark.parametrize("variant", Variant)
def test_of_no_calls_there_is_no_service_level(variant: Variant) -> None:
    assert service_level(Calls(0, 0, 0, 0, 0), variant) is None


def test_of_only_short_calls_there_is_no_service_level() -> None:
    short = Calls(0, 0, 4, 4, 4)
    assert service_level(short, Variant.DROP_SHORT_ABANDONED) is None
    assert service_level(short, Variant.DROP_ABANDONED_WITHIN_THRESHOLD) is None
    assert service_level(short, Variant.OFFERED) == 0
    assert service_level(short, Variant.ABANDONED_WITHIN_THRESHOLD_MET) == 100


counts = st.dictionaries(st.integers(0, LONGEST), st.integers(1, 10_000), max_size=40)


@given(counts, st.integers(0, LONGEST - 1))
def test_waits_by_the_second(waits: dict[int, int], threshold: int) -> None:
    data = packed(waits)
    assert unpacked(data) == Counter(waits)
    expected = sum(calls for seconds, calls in waits.items() if seconds <= threshold)
    assert up_to(data, threshold) == expected
    assert up_to(data[: enough(threshold)], threshold) == expected


moments = st.integers(0, 7200).map(lambda seconds: datetime(2026, 10, 25, 0, tzinfo=UTC) + timedelta(seconds=seconds))
maybe = st.none() | st.integers(0, 20_000)
visits = st.builds(
    Visit,
    st.sampled_from(["algemeen", "burgerzaken", ""]),
    moments,
    st.sampled_from(CallOutcome),
    maybe,
    maybe,
    st.none() | moments,
    st.none() | moments,
    st.booleans(),
)


@given(st.lists(counts, max_size=5))
def test_waits_of_parts_add_up_to_the_whole(parts: list[dict[int, int]]) -> None:
    whole: Counter[int] = Counter()
    for part in parts:
        whole.update(part)
    assert merged(packed(part) for part in parts) == packed(whole)


@given(st.lists(visits, max_size=60))
def test_queues_add_up_to_the_whole(calls: list[Visit]) -> None:
    found = by_quarter(calls)
    for (start, queue), tally in found.items():
        if queue == ALL:
            apart = [of for (at, name), of in found.items() if at == start and name != ALL]
            for name in NUMBERS:
                assert getattr(tally, name) == sum(getattr(of, name) for of in apart)
            for waits in ("answered_waits", "abandoned_waits"):
                assert packed(getattr(tally, waits)) == merged(packed(getattr(of, waits)) for of in apart)


@given(st.lists(visits, max_size=40))
def test_every_call_that_is_over_is_counted_once(calls: list[Visit]) -> None:
    counted = [tally for (_, queue), tally in by_quarter(calls).items() if queue == ALL]
    for outcome, name in (
        (CallOutcome.ANSWERED, "answered"),
        (CallOutcome.ABANDONED, "abandoned"),
        (CallOutcome.SENT_AWAY, "sent_away"),
        (CallOutcome.UNKNOWN, "unknown"),
    ):
        assert sum(getattr(tally, name) for tally in counted) == sum(call.outcome is outcome for call in calls)
    assert sum(tally.answered_waits.total() for tally in counted) == sum(
        call.outcome is CallOutcome.ANSWERED and call.wait_seconds is not None for call in calls
    )
