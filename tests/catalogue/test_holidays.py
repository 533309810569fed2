"""Public holidays, against the calendars of these years."""

from datetime import date, timedelta

import pytest

from kcc.catalogue.holidays import public_holidays


def test_the_holidays_of_2026() -> None:
    assert list(public_holidays(2026).items()) == [
        (date(2026, 1, 1), "Nieuwjaarsdag"),
        (date(2026, 4, 5), "Eerste paasdag"),
        (date(2026, 4, 6), "Tweede paasdag"),
        (date(2026, 4, 27), "Koningsdag"),
        (date(2026, 5, 5), "Bevrijdingsdag"),
        (date(2026, 5, 14), "Hemelvaartsdag"),
        (date(2026, 5, 24), "Eerste pinksterdag"),
        (date(2026, 5, 25), "Tweede pinksterdag"),
        (date(2026, 12, 25), "Eerste kerstdag"),
        (date(2026, 12, 26), "Tweede kerstdag"),
    ]


def test_the_holidays_of_2027_in_english() -> None:
    assert list(public_holidays(2027, "en").items()) == [
        (date(2027, 1, 1), "New Year's Day"),
        (date(2027, 3, 28), "Easter Sunday"),
        (date(2027, 3, 29), "Easter Monday"),
        (date(2027, 4, 27), "King's Day"),
        (date(2027, 5, 5), "Liberation Day"),
        (date(2027, 5, 6), "Ascension Day"),
        (date(2027, 5, 16), "Pentecost"),
        (date(2027, 5, 17), "Pentecost Monday"),
        (date(2027, 12, 25), "Christmas Day"),
        (date(2027, 12, 26), "Second Day of Christmas"),
    ]


def test_koningsdag_is_a_day_earlier_when_the_27th_is_a_sunday() -> None:
    assert public_holidays(2025)[date(2025, 4, 26)] == "Koningsdag"
    assert date(2025, 4, 27) not in public_holidays(2025)


@pytest.mark.parametrize("year", range(2025, 2041))
def test_bevrijdingsdag_is_one_every_year_and_goede_vrijdag_is_none(year: int) -> None:
    days = public_holidays(year)
    easter = next(day for day, name in days.items() if name == "Eerste paasdag")
    assert days[date(year, 5, 5)] == "Bevrijdingsdag"
    assert easter.weekday() == 6
    assert easter - timedelta(days=2) not in days
    assert list(days) == sorted(days)


def test_what_a_caller_does_with_the_answer_stays_there() -> None:
    public_holidays(2026).clear()
    assert date(2026, 12, 25) in public_holidays(2026)
