"""`GET /forecast` and its accuracy: from calls as they were logged, closed days, events, and what cannot be asked."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from kcc.access.roles import Role
from kcc.clock import Clock
from kcc.service_levels.planning.accuracy import noise
from kcc.service_levels.planning.keeping import ForecastKeeper, weeks_ahead
from kcc.service_levels.staffing.erlang import Demand
from kcc.service_levels.staffing.requirement import Target, fewest
from kcc.storage.database import Database
from tests.conftest import SetClock
from tests.service_levels.phone.conftest import Phone
from tests.service_levels.planning.conftest import AT_NINE, HANDLING, LATER, TODAY, calls_of, working_days

FORECAST, EVENTS = "/api/v1/forecast", "/api/v1/planned-events"
A_DAY = AT_NINE + LATER


async def ask(phone: Phone, first: str, last: str, **more: Any) -> dict[str, Any]:
    answer = await phone.client.get(FORECAST, params={"from": first, "to": last, **more})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def by_day(phone: Phone, first: str, last: str, **more: Any) -> list[tuple[str, str, float | None]]:
    rows = (await ask(phone, first, last, by="day", **more))["rows"]
    return [(row["start"], row["state"], row["expected"] and round(row["expected"], 6)) for row in rows]


async def test_without_calls_nothing_is_said(phone: Phone) -> None:
    assert await by_day(phone, "2026-11-24", "2026-11-24") == [("2026-11-24", "too-little-history", None)]
    found = await ask(phone, "2026-11-24", "2026-11-24")
    assert found["definition"]["recordedDays"] == 0
    assert (found["definition"]["handlingSeconds"], found["definition"]["patienceSeconds"]) == (None, None)
    assert {row["agents"] for row in found["rows"]} == {None}


async def test_with_too_few_days_nothing_is_said(phone: Phone) -> None:
    for day in working_days(TODAY - timedelta(days=14), TODAY - timedelta(days=3)):
        await phone.log(*calls_of(day))
    assert {state for _, state, _ in await by_day(phone, "2026-11-24", "2026-11-30")} == {"too-little-history"}


async def test_days_hours_and_quarters_say_the_same(four_weeks: Phone) -> None:
    """The first week of December: weekends, on which nobody ever called, are closed."""
    days = await by_day(four_weeks, "2026-11-30", "2026-12-06")
    assert [state for _, state, _ in days] == ["forecast"] * 5 + ["closed"] * 2
    assert [expected for _, _, expected in days] == [A_DAY] * 5 + [None] * 2
    found = await ask(four_weeks, "2026-12-01", "2026-12-01", by="hour")
    assert len(found["rows"]) == 24
    assert found["definition"]["handlingSeconds"] == pytest.approx(HANDLING)
    nine = next(row for row in found["rows"] if row["start"] == "2026-12-01T08:00:00Z")
    assert nine["expected"] == pytest.approx(AT_NINE)
    assert nine["least"] < AT_NINE < nine["most"]
    # Of every day a caller gave up after a minute, the others waited ten seconds.
    patience = found["definition"]["patienceSeconds"]
    assert patience == pytest.approx(60 + 10 * (A_DAY - 1))
    demand = Demand(AT_NINE / 3600, HANDLING, patience)
    assert nine["agents"] == fewest(demand, Target(80, 30))
    assert nine["agentsWithoutAbandonment"] == fewest(Demand(AT_NINE / 3600, HANDLING), Target(80, 30))
    quarters = (await ask(four_weeks, "2026-12-01", "2026-12-01", by="quarter"))["rows"]
    assert len(quarters) == 96
    assert sum(row["expected"] for row in quarters) == pytest.approx(A_DAY)


async def test_today_is_expected_from_before_it(four_weeks: Phone) -> None:
    await four_weeks.log(*calls_of(TODAY, times=3))
    assert await by_day(four_weeks, "2026-11-24", "2026-11-24") == [("2026-11-24", "forecast", A_DAY)]


async def test_holidays_and_closing_days(four_weeks: Phone, with_token: Callable[..., Any]) -> None:
    administrator = await with_token(Role.ADMINISTRATOR)
    closing = {"date": "2026-12-24", "reason": "Brugdag"}
    assert (await administrator.post("/api/v1/closing-days", json=closing)).status_code == 201
    rows = (await ask(four_weeks, "2026-12-23", "2026-12-25", by="day"))["rows"]
    assert [(row["state"], row["special"]) for row in rows] == [
        ("forecast", []),
        ("closed", ["gesloten"]),
        ("closed", ["Eerste kerstdag"]),
    ]


async def test_an_event_makes_its_days_busier_and_past_ones_count_as_usual(four_weeks: Phone) -> None:
    await four_weeks.log(*(line for line in calls_of(date(2026, 11, 18), "belastingen", 2)))
    for first, factor in (("2026-12-02", 1.5), ("2026-11-18", 3.0)):
        event = {"name": "Aanslagen", "from": first, "to": first, "factor": factor}
        assert (await four_weeks.client.post(EVENTS, json=event)).status_code == 201
    # The third Wednesday of November was three times as busy: without the event a Wednesday is as before.
    assert await by_day(four_weeks, "2026-12-02", "2026-12-02") == [("2026-12-02", "forecast", 1.5 * A_DAY)]
    assert (await ask(four_weeks, "2026-12-02", "2026-12-02", by="day"))["rows"][0]["special"] == ["Aanslagen"]
    results = (await four_weeks.client.get(EVENTS)).json()["results"]
    assert [(row["from"], row["measured"]) for row in results] == [
        ("2026-12-02", None),
        ("2026-11-18", pytest.approx(3.0)),
    ]


async def test_an_event_of_one_queue_counts_for_its_part(four_weeks: Phone) -> None:
    for day in working_days(TODAY - timedelta(weeks=4), TODAY - timedelta(days=1)):
        await four_weeks.log(*calls_of(day, "belastingen"))
    event = {"name": "Aanslagen", "from": "2026-12-02", "to": "2026-12-02", "factor": 2, "queue": "belastingen"}
    assert (await four_weeks.client.post(EVENTS, json=event)).status_code == 201
    for queue, expected in (("", 3 * A_DAY), ("belastingen", 2 * A_DAY), ("algemeen", A_DAY)):
        asked = {"queue": queue} if queue else {}
        assert await by_day(four_weeks, "2026-12-02", "2026-12-02", **asked) == [("2026-12-02", "forecast", expected)]


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ({"from": "2026-11-23", "to": "2026-11-24"}, "from"),
        ({"from": "2026-11-26", "to": "2026-11-25"}, "to"),
        ({"from": "2026-11-24", "to": "2026-12-31"}, "to"),
        ({"from": "2027-03-01", "to": "2027-03-02"}, "to"),
        ({"from": "2026-11-24", "to": "2026-11-24", "queue": "nergens"}, "queue"),
        ({"from": "2026-11-24", "to": "2026-11-24", "by": "week"}, "by"),
        ({"from": "morgen", "to": "2026-11-24"}, "from"),
    ],
)
async def test_what_cannot_be_asked(phone: Phone, asked: dict[str, str], name: str) -> None:
    answer = await phone.client.get(FORECAST, params=asked)
    assert answer.status_code == 400
    assert [error["location"]["name"] for error in answer.json()["errors"]] == [name]


async def test_what_was_said_is_kept_and_held_against_what_came(
    four_weeks: Phone, database: Database, clock: Clock, moment: SetClock
) -> None:
    """Said on Tuesday; on Wednesday twice as many call. What is said on Thursday changes nothing of it."""
    keeper = ForecastKeeper(database, clock)
    first = await keeper.record()
    assert first == 2 * 20  # working days in four weeks, of all queues together and of the only one
    assert await keeper.record() == 0
    moment.move(days=2)
    await four_weeks.log(*calls_of(TODAY), *calls_of(TODAY + timedelta(days=1), times=2))
    await keeper.record()
    answer = (await four_weeks.client.get(f"{FORECAST}/accuracy")).json()
    (week,) = answer["rows"]  # of Tuesday itself nothing was said before
    assert (week["start"], week["days"], week["calls"]) == ("2026-11-23", 1, 2 * A_DAY)
    assert week["expected"] == pytest.approx(A_DAY, abs=0.05)
    assert week["dayErrorPercent"] == pytest.approx(50, abs=0.1)
    assert week["lastWeekPercent"] == pytest.approx(50, abs=0.1)
    assert week["errorPercent"] == pytest.approx(50, abs=0.1)
    assert 0 < week["chancePercent"] < 100
    moment.move(days=-2)
    assert (await four_weeks.client.get(f"{FORECAST}/accuracy")).json()["rows"] == []


async def test_two_keepers_say_it_once(four_weeks: Phone, database: Database, clock: Clock) -> None:
    kept = [await ForecastKeeper(database, clock).record() for _ in range(2)]
    assert kept == [40, 0]


async def test_with_too_little_to_go_by_nothing_is_kept(phone: Phone, database: Database, clock: Clock) -> None:
    await phone.log(*calls_of(TODAY - timedelta(days=1)))
    assert await ForecastKeeper(database, clock).record() == 0


def test_weeks_ahead() -> None:
    days = (1, 7, 8, 14, 15, 28)
    assert [weeks_ahead(TODAY, TODAY + timedelta(days=number)) for number in days] == [1, 1, 2, 2, 3, 4]


@pytest.mark.parametrize("weeks", ["0", "54", "veel"])
async def test_accuracy_of_impossible_weeks(phone: Phone, weeks: str) -> None:
    answer = await phone.client.get(f"{FORECAST}/accuracy", params={"weeks": weeks})
    assert answer.status_code == 400
    assert [error["location"]["name"] for error in answer.json()["errors"]] == ["weeks"]


def test_chance_is_the_mean_error_of_a_poisson_count() -> None:
    assert noise([]) is None
    assert noise([0.0]) is None
    # Of a mean of one: 2/e, of a half: e^-0.5 (0 comes instead of a half, or one and more).
    assert noise([1.0]) == pytest.approx(0.7357588823)
    assert noise([0.5, 0.5, 0.0]) == pytest.approx(2 * 0.6065306597 * 0.5 / 0.5)
    assert noise([5.0]) == pytest.approx(0.350934, abs=1e-5)
