"""`GET /service-levels`: of calls as they were logged, also late and corrected ones, by any interval and rule."""

import random
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text

from kcc.storage.database import Database
from tests.contacts.telephony.logs import day
from tests.service_levels.phone.conftest import Phone, abandoned, answered

AT = int(datetime(2026, 11, 24, 9, 0, tzinfo=UTC).timestamp())  # 10.00 in Amsterdam
DAY = "2026-11-24"
COUNTS = ("answered", "answeredWithin", "abandoned", "abandonedWithin", "shortAbandoned", "sentAway", "unknown")


def numbers(rows: Iterable[dict[str, Any]]) -> list[tuple[int, ...]]:
    return [tuple(row[name] for name in COUNTS) for row in rows]


def fixture() -> list[str]:
    """100 calls, answered within half a minute or later, abandoned shortly, within half a minute or later."""
    waits = [*[30] * 80, *[31] * 12]
    lines = [line for number, wait in enumerate(waits) for line in answered(AT + number, number, wait)]
    for number, wait in enumerate([5, 5, 5, 6, 30, 31, 90, 200]):
        lines += abandoned(AT + number, 100 + number, wait)
    return lines


async def test_the_fixture_in_all_variants(phone: Phone) -> None:
    await phone.log(*fixture())
    (row,) = await phone.rows(DAY, DAY)
    assert numbers([row]) == [(92, 80, 8, 5, 3, 0, 0)]
    assert (row["offered"], row["queue"], row["start"]) == (100, None, DAY)
    assert row["averageSpeedOfAnswer"] == pytest.approx((80 * 30 + 12 * 31) / 92)
    assert row["averageHandlingTime"] == 60
    assert (row["serviceLevelPercent"], row["abandonedPercent"]) == (80.0, 8.0)
    for variant, percent in (
        ("answered", 86.96),
        ("drop_abandoned_within_threshold", 84.21),
        ("drop_short_abandoned", 82.47),
        ("abandoned_within_threshold_met", 85.0),
    ):
        answer = (await phone.ask(DAY, DAY, variant=variant)).json()
        assert answer["rows"][0]["serviceLevelPercent"] == pytest.approx(percent, abs=0.005)
        assert answer["definition"] == {
            "metric": "service-level",
            "variant": variant,
            "thresholdSeconds": 30,
            "shortSeconds": 5,
            "version": 1,
        }
    (row,) = await phone.rows(DAY, DAY, threshold=31, short=30)
    assert numbers([row]) == [(92, 92, 8, 6, 5, 0, 0)]
    (row,) = await phone.rows(DAY, DAY, threshold=0)
    assert row["answeredWithin"] == 0


async def test_sent_away_and_lost_calls_are_beside_it(phone: Phone) -> None:
    await phone.log(
        *answered(AT, 1, 10, end="BLINDTRANSFER|200|default|10|60|1"),
        *abandoned(AT, 2, 40, how="EXITWITHTIMEOUT|1|1"),
        f"{AT}|lost|algemeen|NONE|ENTERQUEUE||0612345678|1",
    )
    (row,) = await phone.rows(DAY, DAY)
    assert numbers([row]) == [(1, 1, 0, 0, 0, 1, 0)]  # who waits is in no count
    assert (row["transferred"], row["transferredPercent"]) == (1, 100.0)
    await phone.log(f"{AT + 5 * 3600}|NONE|NONE|SIP/1|PAUSEALL|einde")
    (row,) = await phone.rows(DAY, DAY)
    assert numbers([row]) == [(1, 1, 0, 0, 0, 1, 1)]


async def test_a_call_belongs_to_the_quarter_in_which_it_entered(phone: Phone) -> None:
    late = int(datetime(2026, 11, 24, 22, 59, 50, tzinfo=UTC).timestamp())  # ten seconds to midnight
    await phone.log(*answered(late, 1, 20), *answered(AT + 899, 2, 5, queue="belastingen"))
    quarters = {row["start"]: row for row in await phone.rows(DAY, DAY, by="quarter")}
    assert len(quarters) == 96
    assert quarters["2026-11-24T22:45:00Z"]["answeredWithin"] == 1
    assert quarters["2026-11-24T09:00:00Z"]["answered"] == 1
    assert quarters["2026-11-24T09:15:00Z"]["serviceLevelPercent"] is None
    hours = {row["start"]: row["answered"] for row in await phone.rows(DAY, DAY, by="hour")}
    assert (len(hours), hours["2026-11-24T22:00:00Z"], hours["2026-11-24T09:00:00Z"]) == (24, 1, 1)
    for by, starts in {
        "day": ["2026-11-23", DAY, "2026-11-25"],
        "week": ["2026-11-23"],
        "month": ["2026-11-23"],
        "year": ["2026-11-23"],
    }.items():
        rows = await phone.rows("2026-11-23", "2026-11-25", by=by)
        assert [row["start"] for row in rows] == starts
        assert sum(row["answered"] for row in rows) == 2


async def test_queues_together_apart_and_one_of_them(phone: Phone) -> None:
    await phone.log(
        *answered(AT, 1, 1), *answered(AT, 2, 1, queue="belastingen"), *abandoned(AT, 3, 50, queue="belastingen")
    )
    rows = await phone.rows(DAY, DAY, split="queue")
    assert [(row["queue"], row["offered"]) for row in rows] == [("algemeen", 1), ("belastingen", 2)]
    assert [row["offered"] for row in await phone.rows(DAY, DAY)] == [3]
    assert [row["offered"] for row in await phone.rows(DAY, DAY, queue="belastingen")] == [2]
    assert [row["offered"] for row in await phone.rows(DAY, DAY, queue=["belastingen", "algemeen"])] == [3]
    hours = await phone.rows(DAY, DAY, queue="belastingen", by="hour", split="queue")
    assert [(row["queue"], row["offered"]) for row in hours] == [
        ("belastingen", 2 * (hour == 10)) for hour in range(24)
    ]


@pytest.mark.parametrize(("date", "quarters"), [("2026-03-29", 92), ("2026-10-25", 100)])
async def test_the_days_on_which_the_clock_moves(phone: Phone, date: str, quarters: int) -> None:
    begin = int(datetime.fromisoformat(f"{date}T00:10:00+00:00").timestamp())
    lines = [line for number in range(4) for line in answered(begin + number * 1800, number, 5)]
    await phone.log(*lines)
    rows = await phone.rows(date, date, by="quarter")
    assert len(rows) == len({row["start"] for row in rows}) == quarters
    assert sum(row["answered"] for row in rows) == 4
    assert [row["answered"] for row in await phone.rows(date, date)] == [4]
    assert len(await phone.rows(date, date, by="hour")) == quarters // 4


async def raw(database: Database) -> list[tuple[int, ...]]:
    """The same counts by the queue, from the calls themselves by SQL of its own."""
    query = text(
        """
        SELECT sum(CASE WHEN outcome = 'answered' THEN 1 ELSE 0 END),
               sum(CASE WHEN outcome = 'answered' AND wait_seconds <= 30 THEN 1 ELSE 0 END),
               sum(CASE WHEN outcome = 'abandoned' THEN 1 ELSE 0 END),
               sum(CASE WHEN outcome = 'abandoned' AND wait_seconds <= 30 THEN 1 ELSE 0 END),
               sum(CASE WHEN outcome = 'abandoned' AND wait_seconds <= 5 THEN 1 ELSE 0 END),
               sum(CASE WHEN outcome = 'sent-away' THEN 1 ELSE 0 END),
               sum(CASE WHEN outcome = 'unknown' THEN 1 ELSE 0 END)
        FROM call GROUP BY queue ORDER BY queue
        """
    )
    async with database.reading() as session:
        connection = await session.connection()
        return [tuple(row) for row in (await connection.execute(query)).all()]


async def counted(database: Database) -> list[list[Any]]:
    """Everything that was counted, as it lies in the database."""
    async with database.reading() as session:
        connection = await session.connection()
        return [
            [
                tuple(row)
                for row in (await connection.execute(text(f"SELECT * FROM {table} ORDER BY {key}, queue"))).all()
            ]
            for table, key in (("call_quarter", "start"), ("call_day", "day"), ("call_month", "month"))
        ]


async def test_late_and_shuffled_lines_and_a_rebuild_count_the_same(phone: Phone) -> None:
    lines = day(60, seed=5)
    dates = ("2026-11-24", "2026-11-24")
    for part in range(0, len(lines), 37):
        await phone.log(*random.Random(7).sample(lines, len(lines))[part : part + 37])
    rows = await phone.rows(*dates, split="queue")
    assert sorted(numbers(rows)) == sorted(await raw(phone.database))
    assert sum(row["offered"] for row in rows) > 30
    together = await phone.rows(*dates)
    assert numbers(together) == [tuple(map(sum, zip(*numbers(rows), strict=True)))]
    before = await counted(phone.database)
    assert await phone.counter.rebuild() == 1
    assert await counted(phone.database) == before


async def test_a_call_that_turns_out_to_be_none_is_not_counted(phone: Phone) -> None:
    """An end without an entry is a call by itself, until its entry is told."""
    enter, *rest = answered(AT, 1, 100)
    await phone.log(*rest)
    quarter = "2026-11-24T09:00:00Z"
    before = {row["start"]: row["answered"] for row in await phone.rows(DAY, DAY, by="quarter")}
    assert before[quarter] == 1
    await phone.log(enter)
    assert sum(row["answered"] for row in await phone.rows(DAY, DAY)) == 1


@pytest.mark.parametrize(
    ("parameters", "name"),
    [
        ({"to": "2026-11-01"}, "to"),
        ({"from": "1850-01-01", "to": "1850-01-02"}, "from"),
        ({"by": "decade"}, "by"),
        ({"by": "quarter", "from": "2026-01-01"}, "to"),
        ({"queue": "bestaat-niet"}, "queue"),
        ({"variant": "best"}, "variant"),
        ({"threshold": "-1"}, "threshold"),
        ({"threshold": "14400"}, "threshold"),
        ({"short": "vijf"}, "short"),
        ({"split": "agent"}, "split"),
        ({"drempel": "30"}, "drempel"),
    ],
)
async def test_what_cannot_be_asked(phone: Phone, parameters: dict[str, str], name: str) -> None:
    answer = await phone.client.get("/api/v1/service-levels", params={"from": DAY, "to": DAY, **parameters})
    assert answer.status_code == 400
    assert [one["location"]["name"] for one in answer.json()["errors"]] == [name]
