"""Every figure of the API agrees with what DuckDB computes from the exported facts, on its own."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from kcc.access.roles import Role
from kcc.service_levels.definitions import Variant
from tests.service_levels.export.conftest import FIRST, LAST, Star

DAYS = {"from": FIRST, "to": LAST}


@pytest.fixture
async def lead(with_token: Callable[[Role], Awaitable[httpx.AsyncClient]]) -> httpx.AsyncClient:
    return await with_token(Role.TEAM_LEAD)


async def rows(client: httpx.AsyncClient, path: str, **more: Any) -> list[dict[str, Any]]:
    answer = await client.get(f"/api/v1/{path}", params=DAYS | more)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["rows"])


LEVELS = {
    Variant.OFFERED: "in_time / nullif(answered + abandoned, 0)",
    Variant.ANSWERED: "in_time / nullif(answered, 0)",
    Variant.DROP_ABANDONED_WITHIN_THRESHOLD: "in_time / nullif(answered + abandoned - gone, 0)",
    Variant.DROP_SHORT_ABANDONED: "in_time / nullif(answered + abandoned - short, 0)",
    Variant.ABANDONED_WITHIN_THRESHOLD_MET: "(in_time + gone) / nullif(answered + abandoned, 0)",
}


@pytest.mark.parametrize("variant", Variant)
async def test_service_levels(star: Star, lead: httpx.AsyncClient, variant: Variant) -> None:
    told = {
        (row["start"], row["queue"]): row["serviceLevelPercent"]
        for row in await rows(lead, "service-levels", split="queue", variant=variant)
        if row["offered"] + row["sentAway"] + row["unknown"]
    }
    found = star(
        f"""
        SELECT date, queue, 100 * {LEVELS[variant]} FROM (
            SELECT date, queue,
                count(*) FILTER (outcome = 'answered') answered, count(*) FILTER (outcome = 'abandoned') abandoned,
                count(*) FILTER (outcome = 'answered' AND wait_seconds <= 30) in_time,
                count(*) FILTER (outcome = 'abandoned' AND wait_seconds <= 30) gone,
                count(*) FILTER (outcome = 'abandoned' AND wait_seconds <= 5) short
            FROM fact_call GROUP BY date, queue
        )
        """
    )
    assert len(found) > 8
    assert told == {(str(day), queue): percent and pytest.approx(percent) for day, queue, percent in found}


async def test_quarters_of_an_hour_add_up_to_the_calls(star: Star, lead: httpx.AsyncClient) -> None:
    columns = "sum(answered), sum(answered_within_30), sum(abandoned), sum(abandoned_within_5), sum(sent_away)"
    counted = star(f"SELECT date, quarter, queue, {columns} FROM fact_queue_quarter GROUP BY ALL ORDER BY ALL")
    assert counted == star(
        """
        SELECT date, quarter, queue, count(*) FILTER (outcome = 'answered'),
            count(*) FILTER (outcome = 'answered' AND wait_seconds <= 30), count(*) FILTER (outcome = 'abandoned'),
            count(*) FILTER (outcome = 'abandoned' AND wait_seconds <= 5), count(*) FILTER (outcome = 'sent-away')
        FROM fact_call GROUP BY ALL ORDER BY ALL
        """
    )
    ((waits, waited, handled),) = star(
        "SELECT sum(wait_seconds), sum(waited), sum(handle_seconds) FROM fact_queue_quarter"
    )
    ((talked,),) = star(
        "SELECT sum(talk_seconds + coalesce(wrap_up_seconds, 0)) FROM fact_call WHERE outcome = 'answered'"
    )
    (year,) = await rows(lead, "service-levels", by="year")
    assert year["averageSpeedOfAnswer"] == pytest.approx(waits / waited)
    assert handled == talked


async def test_first_contact(star: Star, lead: httpx.AsyncClient) -> None:
    told = {
        row["start"]: (row["eligible"], row["resolved"], row["eligibleAll"], row["resolvedAll"])
        for row in await rows(lead, "first-contact")
        if row["eligibleAll"]
    }
    found = star(
        """
        SELECT date,
            sum(eligible) FILTER (counts_for_first_contact = 1), sum(resolved) FILTER (counts_for_first_contact = 1),
            sum(eligible), sum(resolved)
        FROM fact_question JOIN dim_topic USING (topic) WHERE channel = 'phone'
        GROUP BY date HAVING sum(eligible) > 0
        """
    )
    assert len(found) > 4
    assert any(counting < everything for _, counting, _, everything, _ in found)
    assert told == {str(day): tuple(int(number or 0) for number in numbers) for day, *numbers in found}


async def test_callbacks_in_time(star: Star, lead: httpx.AsyncClient) -> None:
    told = {
        (row["start"], row["department"]): (row["due"], row["called"], row["closed"], row["withdrawn"])
        for row in await rows(lead, "callbacks/in-time", by="day")
        if row["due"] + row["withdrawn"]
    }
    found = star(
        """
        SELECT date, department, count(*) FILTER (withdrawn_in_time = 0),
            count(*) FILTER (withdrawn_in_time = 0 AND called_in_time = 1),
            count(*) FILTER (withdrawn_in_time = 0 AND closed_in_time = 1), count(*) FILTER (withdrawn_in_time = 1)
        FROM fact_callback WHERE epoch(due_at) <= epoch(TIMESTAMP '2026-11-24 08:00:00') GROUP BY date, department
        """
    )
    assert len(found) > 5
    assert told == {(str(day), department): tuple(numbers) for day, department, *numbers in found}


async def test_waits_at_the_counters(star: Star, lead: httpx.AsyncClient) -> None:
    told = {
        row["start"]: (row["visits"], row["within"], row["averageWaitSeconds"], row["missed"], row["leftBeforeCalled"])
        for row in await rows(lead, "waits")
        if row["visits"] + row["missed"] + row["leftBeforeCalled"]
    }
    found = star(
        """
        SELECT date, count(*) FILTER (waited), count(*) FILTER (waited AND wait_seconds <= 300),
            avg(wait_seconds) FILTER (waited), count(*) FILTER (state = 'missed'), count(*) FILTER (state = 'left')
        FROM (SELECT *, state <> 'missed' AND first_called_at IS NOT NULL AS waited FROM fact_visit)
        WHERE kind = 'appointment' GROUP BY date
        """
    )
    assert len(found) > 10
    assert told == {
        str(day): (visits, within, mean and pytest.approx(mean), missed, left)
        for day, visits, within, mean, missed, left in found
    }


async def test_who_did_not_come(star: Star, lead: httpx.AsyncClient) -> None:
    told = {row["start"]: row["noShows"] for row in await rows(lead, "waits") if row["noShows"]}
    found = star("SELECT date, count(*) FROM fact_appointment WHERE came = 0 AND status = 'booked' GROUP BY date")
    assert found
    assert told == {str(day): number for day, number in found}
