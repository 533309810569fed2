"""Opening hours as a setting writes them."""

from datetime import time

import pytest

from kcc.office_hours import parse_week


def test_days_and_hours() -> None:
    week = parse_week("mon-fri 8:30-12:00 13:00-17:00, Sat 09:00-12:00, wed 18:00-20:00")
    half_past_eight = ((time(8, 30), time(12)), (time(13), time(17)))
    assert week[0] == week[4] == half_past_eight
    assert week[2] == (*half_past_eight, (time(18), time(20)))
    assert week[5] == ((time(9), time(12)),)
    assert week[6] == ()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is not days and hours"),
        ("8:30-17:00", "is not days and hours"),
        ("ma-vr 8:30-17:00", "is not days and hours"),
        ("maa-vri 8:30-17:00", "are no days"),
        ("fri-mon 8:30-17:00", "are no days"),
        ("mon 8:30-25:00", "no times of the day"),
        ("mon 17:00-8:30", "must begin before it ends"),
        ("mon 5:00-12:00", "lie within 06:00-22:00"),
        ("mon 20:00-23:00", "lie within 06:00-22:00"),
        ("mon 8:00-12:00 11:00-13:00", "overlap"),
        ("mon-fri 8:00-12:00, wed 9:00-10:00", "wed overlap"),
    ],
)
def test_what_cannot_be_read_is_told(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parse_week(text)
