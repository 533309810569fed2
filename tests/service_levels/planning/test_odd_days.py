"""Days and weeks that are not as others: the clock moves, midnight passes, nobody calls, an agent is everywhere."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest
from bs4 import BeautifulSoup

from kcc.access.roles import Role
from kcc.service_levels.planning import queries
from kcc.service_levels.staffing.presence import present
from tests.service_levels.phone.conftest import Phone, answered
from tests.service_levels.planning.conftest import calls_of, phone, working_days

__all__ = ["phone"]


@pytest.fixture
async def lead(sign_in: Callable[..., Any]) -> httpx.AsyncClient:
    client: httpx.AsyncClient = await sign_in(Role.TEAM_LEAD)
    return client


async def see(lead: httpx.AsyncClient, path: str, **query: str) -> BeautifulSoup:
    answer = await lead.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return BeautifulSoup(answer.text, "html.parser")


def table(shown: BeautifulSoup, heading: str) -> list[list[str]]:
    rows = shown.select(f"[aria-labelledby={heading}] tbody tr")
    return [[" ".join(cell.text.split()) for cell in row.select("th, td")] for row in rows]


def instant(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("day", "said", "hours"),
    [("2026-03-29", "zondag 29 maart 2026", 23), ("2026-10-25", "zondag 25 oktober 2026", 25)],
)
async def test_the_clock_moves(lead: httpx.AsyncClient, phone: Phone, day: str, said: str, hours: int) -> None:
    """A call in each hour of the day, and in the hours just before and after it, which are of other days."""
    begin = instant(f"{day}T00:00") - (1 if hours == 23 else 2) * 3600
    lines = [line for hour in range(-1, hours + 1) for line in answered(begin + hour * 3600 + 60, hour + 1, 5)]
    await phone.log(*lines)
    shown = await see(lead, "/rapport/telefoon", van=day, tot=day)
    assert [(row[0], row[3]) for row in table(shown, "h-perioden")] == [(said, str(hours))]
    sheet = (await lead.get("/rapport/telefoon.csv", params={"van": day, "tot": day})).text.splitlines()
    assert sheet[1].split(",")[4] == str(hours)
    (row,) = await phone.rows(day, day)
    assert row["offered"] == hours
    # What the clock shows twice is one quarter of the week there, with both calls.
    squares = [str(cell["title"]) for cell in shown.select("table.kcc-week td[title]")]
    assert [title for title in squares if title.endswith("procent van 2")] == (
        ["zondag 2.00 uur: 100 procent van 2"] if hours == 25 else []
    )


async def test_answered_after_midnight(lead: httpx.AsyncClient, phone: Phone) -> None:
    await phone.log(*answered(instant("2026-11-22T22:59:50"), 1, 20))  # ten seconds to midnight
    shown = await see(lead, "/rapport/telefoon", van="2026-11-22", tot="2026-11-23")
    assert [row[0] for row in table(shown, "h-perioden")] == ["zondag 22 november 2026"]
    only_after = await see(lead, "/rapport/telefoon", van="2026-11-23", tot="2026-11-23")
    assert "Geen gegevens" in only_after.text
    assert only_after.select("table") == []


async def test_a_week_in_which_nobody_called(lead: httpx.AsyncClient, phone: Phone) -> None:
    """As always before it: there is an expectation, and no shortfall to explain."""
    days = working_days(date(2026, 10, 19), date(2026, 11, 13))
    await phone.log(*(line for day in days for line in calls_of(day)))
    shown = await see(lead, "/rapport/rooster")
    assert table(shown, "h-week") != []
    cause = shown.select_one("[aria-labelledby=h-oorzaak]")
    assert cause is not None
    assert "Geen gegevens" in cause.text
    assert "%" not in cause.text


async def test_an_agent_in_two_queues_is_there_once(phone: Phone) -> None:
    at = instant("2026-11-23T09:00")
    await phone.log(
        *answered(at, 1, 10, 300), *answered(at + 120, 2, 10, 300, queue="belastingen"),
        *answered(at + 600, 3, 10, 100, queue="belastingen"),
    )  # fmt: skip
    begin = datetime(2026, 11, 23, 9, tzinfo=UTC)
    async with phone.database.reading() as session:
        handled = await queries.handled(session, begin - timedelta(hours=1), begin + timedelta(hours=1))
    assert len(handled) == 3
    assert present(handled) == {begin: 1}
