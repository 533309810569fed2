"""The use of knowledge, against slow and obvious counting."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc.service_levels.knowledge_definitions import (
    FEWEST,
    Asked,
    Flag,
    Helping,
    Knowledge,
    Linking,
    enough,
    flags,
    helping,
    knowledge,
    linking,
)

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
BEFORE, AFTER = NOON - timedelta(days=1), NOON + timedelta(days=1)
OUTCOMES = [None, "resolved", "transferred", "callback", "appointment-made", "referred", "disconnected"]
MOMENTS = st.integers(0, 20).map(lambda hours: NOON + timedelta(hours=hours))
QUESTIONS = st.lists(
    st.builds(
        Asked,
        MOMENTS,
        st.sampled_from("ab"),
        st.sampled_from(OUTCOMES),
        st.lists(st.none() | MOMENTS, max_size=3),
        st.booleans(),
    )
)


@pytest.mark.parametrize(
    ("articles", "found"),
    [
        ([], Knowledge.NONE),
        ([BEFORE], Knowledge.REUSED),
        ([NOON], Knowledge.REUSED),
        ([AFTER], Knowledge.NEW),
        ([AFTER, BEFORE], Knowledge.REUSED),
        ([None], Knowledge.REUSED),
    ],
)
def test_where_the_knowledge_was(articles: list[datetime | None], found: Knowledge) -> None:
    assert knowledge(Asked(NOON, "paspoort", "resolved", articles)) is found


@given(QUESTIONS)
def test_questions_are_counted_once(questions: list[Asked]) -> None:
    counted = reused = new = called_back = 0
    for one in questions:
        if one.outcome in (None, "disconnected"):
            continue
        counted += 1
        if not one.articles:
            called_back += one.outcome == "callback" and one.searched
        elif any(published is None or not published > one.at for published in one.articles):
            reused += 1
        else:
            new += 1
    found = linking(questions)
    assert found == Linking(counted, reused, new, called_back)
    assert found.linked + found.none == counted
    assert found.called_back <= found.none
    assert found.percent_linked == (100 * (reused + new) / counted if counted >= FEWEST else None)
    assert found.percent_reused == (100 * reused / (reused + new) if reused + new >= FEWEST else None)


@given(st.lists(st.sampled_from(OUTCOMES)))
def test_what_an_article_helped_with(outcomes: list[str | None]) -> None:
    ended = [one for one in outcomes if one and one != "disconnected"]
    answered = [one for one in ended if one in ("resolved", "appointment-made", "referred")]
    assert helping(outcomes) == Helping(len(ended), len(answered))


@given(st.integers(0, 9).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))))
def test_too_few_for_a_percentage(counts: tuple[int, int]) -> None:
    part, whole = counts
    assert enough(part, whole) == (None if whole < 5 else pytest.approx(100 * part / whole))


FLAGS = st.lists(
    st.tuples(st.sampled_from("xyz"), MOMENTS, st.none() | st.integers(0, 20)).map(
        lambda made: Flag(made[0], made[1], None if made[2] is None else made[1] + timedelta(hours=made[2]))
    )
)


@given(FLAGS, MOMENTS, st.integers(1, 20), MOMENTS)
def test_flags_of_a_period(found: list[Flag], begin: datetime, hours: int, now: datetime) -> None:
    end = begin + timedelta(hours=hours)
    counted = flags(found, begin, end, now)
    stood = sorted(
        (flag.mended_at - flag.raised_at).total_seconds()
        for flag in found
        if flag.mended_at and flag.mended_at >= begin and not flag.mended_at >= end
    )
    half = len(stood) // 2
    middle = None if not stood else stood[half] if len(stood) % 2 else (stood[half - 1] + stood[half]) / 2
    assert (counted.mended, counted.median_seconds) == (len(stood), middle)
    assert counted.raised == len([flag for flag in found if begin <= flag.raised_at < end])
    still = [flag for flag in found if flag.raised_at < end and not (flag.mended_at and flag.mended_at < end)]
    assert sorted(still, key=lambda flag: (flag.raised_at, flag.slug)) == [flag for flag, _ in counted.still_open]
    ages = [age for _, age in counted.still_open]
    assert ages == sorted(ages, reverse=True)
    assert counted.oldest_seconds == (ages[0] if ages else None)


def test_how_long_a_flag_stands_open() -> None:
    open_one, mended = Flag("a", BEFORE, None), Flag("b", BEFORE, NOON)
    week = timedelta(days=7)
    assert flags([open_one, mended], BEFORE, NOON + week, AFTER).oldest_seconds == 2 * 86400
    then = flags([open_one, mended], BEFORE, NOON, AFTER)  # as it was at the end of that period
    assert [(flag.slug, age) for flag, age in then.still_open] == [("a", 86400.0), ("b", 86400.0)]
    assert flags([], BEFORE, NOON, AFTER).median_seconds is None
