"""Closing days: none twice, and where they hold is somebody's choice."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import httpx
import pytest
from sqlalchemy.exc import IntegrityError

from kcc.access.roles import Role
from kcc.appointments.models import ClosingDay
from kcc.storage.database import Database
from tests.appointments.conftest import place, product, put
from tests.appointments.test_plan_api import pointers, problem
from tests.appointments.test_plan_pages import errors, page, send

Hall = Callable[..., Awaitable[None]]
ADDRESS = "/api/v1/closing-days"
DAY = {"date": "2026-12-24"}
HERE = DAY | {"location": "stadhuis"}
FORM = "/beheer/sluitingsdagen/nieuw"


@pytest.fixture
async def admin(hall: Hall, with_token: Any) -> httpx.AsyncClient:
    """An administrator at the API, of two locations."""
    await hall(product("paspoort"), place(), place("wijkpunt"))
    client: httpx.AsyncClient = await with_token(Role.ADMINISTRATOR)
    return client


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (DAY, DAY | {"reason": "Nog eens"}),
        (HERE, HERE),
        (HERE | {"from": "09:00", "until": "10:00"}, HERE),
        (HERE, HERE | {"from": "09:00", "until": "10:00"}),
        (HERE | {"from": "09:00", "until": "10:05"}, HERE | {"from": "10:00", "until": "11:00"}),
        (DAY, HERE),
        (DAY | {"from": "09:00", "until": "12:00"}, HERE | {"from": "09:00", "until": "10:00"}),
    ],
)
async def test_what_is_closed_already_is_not_closed_again(
    admin: httpx.AsyncClient, first: dict[str, str], second: dict[str, str]
) -> None:
    assert (await admin.post(ADDRESS, json=first)).status_code == 201
    for more in ({}, {"dryRun": "true"}):
        again = await admin.post(ADDRESS, json=second, params=more)
        assert (*problem(again), pointers(again)) == (409, "conflict", {"/date"})
        assert again.json()["detail"].startswith("deze dag is al gesloten")
    other = (await admin.post(ADDRESS, json=second | {"date": "2026-12-23"})).json()["id"]
    moved = await admin.put(f"{ADDRESS}/{other}", json=second)
    assert (*problem(moved), pointers(moved)) == (409, "conflict", {"/date"})
    assert (await admin.get(ADDRESS)).json()["total"] == 2


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (HERE, DAY | {"location": "wijkpunt"}),
        (HERE, HERE | {"date": "2026-12-23"}),
        (HERE | {"from": "09:00", "until": "10:00"}, HERE | {"from": "10:00"}),
        (HERE, DAY),  # the others are not closed yet
        (DAY | {"from": "09:00", "until": "10:00"}, HERE),  # this one is closed for longer
    ],
)
async def test_what_adds_something_is_no_repetition(
    admin: httpx.AsyncClient, first: dict[str, str], second: dict[str, str]
) -> None:
    for new in (first, second):
        assert (await admin.post(ADDRESS, json=new)).status_code == 201


async def test_a_closing_day_can_be_changed_and_sent_again(admin: httpx.AsyncClient) -> None:
    key = {"Idempotency-Key": "een-sleutel"}
    made, again = [await admin.post(ADDRESS, json=HERE, headers=key) for _ in range(2)]
    assert made.json() == again.json()
    changed = await admin.put(f"{ADDRESS}/{made.json()['id']}", json=HERE | {"from": "09:00", "reason": "Kerst"})
    assert (changed.status_code, changed.json()["from"]) == (200, "09:00")


@pytest.mark.parametrize("times", [{"opens_until": 541}, {"opens_again": 602}])
async def test_the_database_too_keeps_to_five_minutes(database: Database, times: dict[str, int]) -> None:
    with pytest.raises(IntegrityError):
        await put(database, ClosingDay(day=date(2026, 12, 24), **times))


async def test_the_form_asks_where_and_tells_what_is_closed_already(
    admin: httpx.AsyncClient, sign_in: Callable[..., Awaitable[httpx.AsyncClient]]
) -> None:
    browser = await sign_in(Role.ADMINISTRATOR)
    options = page(await browser.get(FORM)).select("#v-location option")
    assert [(option["value"], option.has_attr("selected")) for option in options[:3]] == [
        ("", True),
        ("*", False),
        ("stadhuis", False),
    ]
    nowhere = await send(browser, FORM, **DAY)
    assert errors(page(nowhere, 400)) == ["Locatie: Kies er een"]
    assert (await send(browser, FORM, **DAY, location="*")).status_code == 303
    (made,) = (await admin.get(ADDRESS)).json()["results"]
    assert made["location"] is None
    changing = f"/beheer/sluitingsdagen/{made['id']}"
    assert page(await browser.get(changing)).select_one("#v-location option[selected]")["value"] == "*"
    assert (await send(browser, changing, reason="Kerst")).status_code == 303
    twice = await send(browser, FORM, **DAY, location="*")
    (told,) = errors(page(twice, 409))
    assert told.startswith("Dag: Deze dag is al gesloten")
    here = page(await browser.get(f"{FORM}?locatie=stadhuis"))
    assert here.select_one("#v-location option[selected]")["value"] == "stadhuis"
