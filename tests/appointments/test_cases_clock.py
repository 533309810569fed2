"""Days on which the clock moves, and servers with a clock of their own: cases 19 and 20."""

import time
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest

from tests.appointments.conftest import AMSTERDAM, DAY, Desk, Hall, place, product, rule
from tests.appointments.planned import AUTUMN, SPRING
from tests.appointments.post import Post, invitation, text


@pytest.mark.parametrize(
    ("day", "start", "words"),
    [
        (date(2027, 3, 27), "2027-03-27T08:00:00Z", "zaterdag 27 maart 2027 om 9.00 uur"),
        (SPRING, "2027-03-28T07:00:00Z", "zondag 28 maart 2027 om 9.00 uur"),
        (date(2027, 10, 30), "2027-10-30T07:00:00Z", "zaterdag 30 oktober 2027 om 9.00 uur"),
        (AUTUMN, "2027-10-31T08:00:00Z", "zondag 31 oktober 2027 om 9.00 uur"),
    ],
)
async def test_case_19_nine_o_clock_is_the_same_moment_everywhere(
    hall: Hall, desk: Desk, post: Post, day: date, start: str, words: str
) -> None:
    await hall(product("paspoort", 20), place(hours=()), rule("9:00", "12:00", only_on=day))
    assert (await desk.days("paspoort", first=day))[str(day)][0] == start
    held = (await desk.hold("9:00", day=day)).json()
    booked = await desk.confirm(held["id"])
    told = {held["startsAt"], booked.json()["startsAt"], (await desk.manage(booked)).json()["startsAt"]}
    assert told == {start}
    (letter,) = await post.deliver()
    assert words in " ".join(text(letter).split())
    assert words in " ".join(text(letter, "html").split())
    _, event = invitation(letter)
    assert event["DTSTART"].to_ical().decode() == start.replace("-", "").replace(":", "")
    assert (event["DTEND"].dt - event["DTSTART"].dt).total_seconds() == 20 * 60


@pytest.mark.parametrize(("day", "hours"), [(DAY, 24), (SPRING, 23), (AUTUMN, 25)])
async def test_case_19_a_day_has_as_many_hours_as_it_has(hall: Hall, desk: Desk, day: date, hours: int) -> None:
    await hall(product("paspoort", 60), place(hours=()), rule("0:00", "24:00", only_on=day))
    starts = [datetime.fromisoformat(start) for start in (await desk.days("paspoort", first=day))[str(day)]]
    past = 9 if day == DAY else 0
    assert len(starts) == len(set(starts)) == hours - past
    assert {start.astimezone(AMSTERDAM).date() for start in starts} == {day}


@pytest.fixture
def server_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Moves the server to another time zone."""

    def move(zone: str) -> None:
        monkeypatch.setenv("TZ", zone)
        time.tzset()

    yield move
    monkeypatch.undo()
    time.tzset()


async def test_case_20_the_time_zone_of_the_server_does_not_matter(
    hall: Hall, desk: Desk, post: Post, server_in: Any
) -> None:
    await hall(product("paspoort", 20), place(hours=(), counters=3))
    days = (DAY, SPRING, AUTUMN)
    await hall(*(rule("9:00", "12:00", only_on=day) for day in days))
    answers = []
    for zone in ("UTC", "Europe/Amsterdam", "Pacific/Auckland"):
        server_in(zone)
        told: list[Any] = [await desk.days("paspoort", first=day) for day in days]
        for day in days:
            booked = await desk.book("9:20", day=day)
            told += [booked.json()["startsAt"], booked.json()["endsAt"]]
        for letter in await post.deliver():
            told += [str(letter["Subject"]), invitation(letter)[1]["DTSTART"].to_ical()]
        answers.append(told)
    assert len(answers[0]) == 3 + 6 + 6
    assert answers[0] == answers[1] == answers[2]
