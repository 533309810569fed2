"""The clock: the one source of the present moment, simulated for tests and demonstrations."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc.clock import MAX_SPEED, Clock, parse_spec, simulated_clock

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
OFFSETS = st.integers(-14 * 60, 14 * 60).map(
    lambda minutes: f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
)


@given(
    instant=st.datetimes(min_value=datetime(1900, 1, 2), max_value=datetime(2199, 12, 31)),
    offset=OFFSETS | st.just("Z"),
    speed=st.none() | st.decimals(0, MAX_SPEED, places=2),
)
def test_an_instant_with_an_offset_and_perhaps_a_speed_is_read(instant: datetime, offset: str, speed: object) -> None:
    text = instant.isoformat() + offset
    read, factor = parse_spec(text if speed is None else f" {text}  x{speed} ")
    assert read.utcoffset() == timedelta(0)
    assert read == datetime.fromisoformat(text)
    assert factor == (1 if speed is None else float(str(speed)))


@given(
    spec=st.text()
    | st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{0,12}[Z+-]?[0-9:]{0,5}( x[0-9.]{0,25})?", fullmatch=True)
)
def test_whatever_is_written_is_read_or_refused_with_a_sentence(spec: str) -> None:
    try:
        instant, speed = parse_spec(spec)
    except ValueError as error:
        assert len(str(error).split()) > 3
    else:
        assert instant.tzinfo is UTC
        assert 0 <= speed <= MAX_SPEED


@pytest.mark.parametrize(
    ("spec", "reason"),
    [
        ("", "is not INSTANT"),
        ("morgen", "is not an RFC 3339 instant"),
        ("2026-11-24", "has no offset"),
        ("2026-11-24T07:30:00", "has no offset"),
        ("2026-11-24T07:30:00Z 60", "is not INSTANT"),
        ("2026-11-24T07:30:00Z x", "is not INSTANT"),
        ("2026-11-24T07:30:00Z x-1", "is not INSTANT"),
        ("2026-11-24T07:30:00Z xfast", "is not INSTANT"),
        ("2026-13-24T07:30:00Z", "is not an RFC 3339 instant"),
        ("0001-01-01T00:00:00+14:00", "too far"),
        ("9999-12-31T23:59:59-14:00", "too far"),
        ("2026-11-24T07:30:00Z x99999999999999999999", "at most"),
    ],
)
def test_a_spec_that_cannot_be_read_is_told_why(spec: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_spec(spec)


def _elapsed_bounds(speed: float) -> tuple[timedelta, timedelta, timedelta]:
    """How much simulated time passed by the clock, and the least and most that can have, by the real one."""
    origin = datetime.now(UTC) - timedelta(hours=1)
    clock = simulated_clock(AMSTERDAM, f"2026-11-24T07:30:00Z x{speed}", origin)
    before = datetime.now(UTC)
    now = clock.now()
    after = datetime.now(UTC)
    passed = now - datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
    return passed, (before - origin) * speed, (after - origin) * speed


@pytest.mark.parametrize("speed", [0, 0.5, 1, 60, 3600])
def test_a_simulated_clock_runs_at_its_speed_from_its_instant(speed: float) -> None:
    passed, least, most = _elapsed_bounds(speed)
    rounding = timedelta(milliseconds=1)
    assert least - rounding <= passed <= most + rounding


def test_a_simulated_clock_says_so_and_knows_its_time_zone() -> None:
    clock = simulated_clock(AMSTERDAM, "2026-11-24T23:30:00Z x0", datetime.now(UTC))
    assert clock.simulated
    assert clock.now() == datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    assert clock.today() == date(2026, 11, 25)
    assert clock.local().hour == 0


def test_two_clocks_with_one_origin_agree_although_made_at_different_moments() -> None:
    """As in the workers of one service: the origin counts, not when a worker started."""
    origin = datetime.now(UTC) - timedelta(days=1)
    first = simulated_clock(AMSTERDAM, "2026-11-24T07:30:00Z x60", origin)
    second = simulated_clock(AMSTERDAM, "2026-11-24T07:30:00Z x60", origin)
    moments = [first.now(), second.now(), first.now(), second.now()]
    assert moments == sorted(moments)


def test_the_real_clock_is_real_and_in_utc() -> None:
    clock = Clock(AMSTERDAM)
    before = datetime.now(UTC)
    assert before <= clock.now() <= datetime.now(UTC)
    assert clock.now().tzinfo is UTC
    assert not clock.simulated


@pytest.mark.parametrize(
    ("moment", "today", "hour"),
    [
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), date(2026, 3, 29), 1),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), date(2026, 3, 29), 3),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), date(2026, 10, 25), 2),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), date(2026, 10, 25), 2),
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), date(2027, 1, 1), 0),
    ],
)
def test_the_local_day_and_hour_follow_summer_time(moment: datetime, today: date, hour: int) -> None:
    clock = Clock(AMSTERDAM, lambda: moment)
    assert (clock.today(), clock.local().hour) == (today, hour)
