"""How the choice of a day and a time reads: parts of the day, today, the month."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from bs4 import BeautifulSoup

from kcc.appointments.pages.times import Times
from tests.appointments.conftest import DAY, place, product, rule

TIMES = "/afspraak/tijd?product=paspoort:1&locatie=stadhuis"


async def times(client: httpx.AsyncClient, **query: str) -> BeautifulSoup:
    """The page with the calendar and the times."""
    page = await client.get(httpx.URL(TIMES).copy_merge_params(query))
    assert page.status_code == 200, page.text
    return BeautifulSoup(page.text, "html.parser")


async def test_times_stand_under_their_part_of_the_day(hall: Any, client: httpx.AsyncClient) -> None:
    await hall(product("paspoort", 30), place(hours=[("11:30", "12:30"), ("17:30", "18:30")]))
    for language, names in {"nl": ["Ochtend", "Middag", "Avond"], "en": ["Morning", "Afternoon", "Evening"]}.items():
        page = await times(client, dag="2026-11-25", lang=language)
        parts = {
            part.legend.get_text(): [label.get_text().replace(":", ".") for label in part.find_all("label")]
            for part in page.find_all("fieldset")
        }
        assert parts == dict(zip(names, [["11.30"], ["12.00", "17.30"], ["18.00"]], strict=True))


async def test_on_a_closed_day_today_is_only_today(hall: Any, client: httpx.AsyncClient) -> None:
    await hall(product("paspoort"), place(weekdays=[DAY.isoweekday() + 1]))
    page = await times(client)
    assert "vandaag" in page.select_one(".kcc-legend").get_text()
    assert "niets vrij" not in page.get_text()
    assert "geen tijd vrij" not in page.get_text()
    await hall(rule("0:00", "0:10", only_on=DAY))  # open, but that has passed
    page = await times(client)
    assert "vandaag, niets vrij" in page.select_one(".kcc-legend").get_text()
    assert "vandaag, geen tijd vrij" in page.select_one(".kcc-cal").get_text()


async def test_the_month_is_in_lower_case_where_it_does_not_begin(hall: Any, client: httpx.AsyncClient) -> None:
    await hall(product("paspoort"), place())
    page = await times(client)
    assert page.select_one("#h-dag").get_text() == "November 2026"
    assert page.caption.get_text().startswith("Dagen in november 2026.")
    assert (await times(client, lang="en")).caption.get_text().startswith("Days in November 2026.")


async def test_how_long_it_takes_is_that_of_the_chosen_day(hall: Any, client: httpx.AsyncClient) -> None:
    paspoort, terms = product("paspoort", 10)
    longer = product("paspoort", 25, valid_from=DAY + timedelta(2))[1]
    await hall(paspoort, terms, longer, place())
    for day, minutes in {DAY: 10, DAY + timedelta(1): 10, DAY + timedelta(2): 25}.items():
        page = await times(client, dag=day.isoformat())
        assert f"Duurt ongeveer {minutes} minuten" in page.get_text()


async def test_the_choice_comes_before_the_summary_and_the_page_says_itself_what_is_missing(
    hall: Any, client: httpx.AsyncClient
) -> None:
    await hall(product("paspoort"), place())
    page = await times(client)
    form = page.select_one("main form")
    assert form.find_next("aside") is not None
    assert form.has_attr("novalidate")
    missing = await client.post(TIMES, data={})
    assert missing.status_code == 400
    assert "Kies een tijd" in BeautifulSoup(missing.text, "html.parser").select_one("#fouten").get_text()


@pytest.mark.parametrize(
    ("number", "columns"), [(1, 3), (4, 4), (5, 5), (6, 3), (7, 4), (13, 5), (16, 4), (17, 3), (21, 3)]
)
def test_no_time_stands_alone_on_a_row(number: int, columns: int) -> None:
    assert Times.columns(number) == columns
    assert number % columns != 1 or number == 1
