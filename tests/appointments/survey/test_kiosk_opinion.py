"""The kiosk asks how the visit was: one press."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from bs4 import BeautifulSoup
from sqlmodel import select

from kcc.appointments.survey.models import SurveyAnswer, SurveyChannel
from kcc.storage.database import Database
from tests.appointments.conftest import DAY
from tests.appointments.hall.test_kiosk import kiosk, link, said, town

__all__ = ["kiosk", "link", "town"]
HERE = "/kiosk/stadhuis/mening"


def form(page: httpx.Response) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """What is hidden in the form, and its buttons as (value, words)."""
    found = BeautifulSoup(page.text, "html.parser").select_one("form")
    assert found is not None
    hidden = {str(item["name"]): str(item["value"]) for item in found.select("input[type=hidden]")}
    return hidden, [(str(button["value"]), button.get_text()) for button in found.select("button[name=score]")]


@pytest.fixture
def answers(database: Database) -> Callable[[], Awaitable[list[SurveyAnswer]]]:
    """What was answered so far."""

    async def answers() -> list[SurveyAnswer]:
        async with database.reading() as session:
            return list((await session.exec(select(SurveyAnswer))).all())

    return answers


async def test_one_press_thanks_and_back(kiosk: httpx.AsyncClient, answers: Any) -> None:
    assert f'href="{HERE}"' in (await kiosk.get("/kiosk/stadhuis")).text
    page = await kiosk.get(HERE)
    hidden, buttons = form(page)
    assert [value for value, _ in buttons] == ["5", "4", "3", "2", "1"]
    assert await answers() == []
    pressed = await kiosk.post(HERE, data=hidden | {"score": "2"})
    assert (pressed.status_code, pressed.headers["location"]) == (303, f"{HERE}?gegeven=ja")
    thanks = await kiosk.get(pressed.headers["location"])
    assert "Bedankt voor uw mening" in said(thanks)
    main = BeautifulSoup(thanks.text, "html.parser").select_one("main")
    assert main is not None
    assert (main["data-begin"], main["data-away"]) == ("/kiosk/stadhuis", "10")  # kiosk.js goes back by itself
    (answer,) = await answers()
    assert (answer.channel, answer.score, answer.location, answer.day) == (SurveyChannel.KIOSK, 2, "stadhuis", DAY)
    assert (answer.products, answer.remark) == ([], "")


async def test_in_english(kiosk: httpx.AsyncClient, answers: Any) -> None:
    assert "Have you been helped already?" in said(await kiosk.get("/kiosk/stadhuis?lang=en"))
    hidden, buttons = form(await kiosk.get(f"{HERE}?lang=en"))
    assert [words for _, words in buttons][::4] == ["Very satisfied", "Very dissatisfied"]
    pressed = await kiosk.post(f"{HERE}?lang=en", data=hidden | {"score": "5"})
    assert "Thank you" in said(await kiosk.get(pressed.headers["location"]))
    assert len(await answers()) == 1


async def test_a_button_pressed_in_haste_is_one_answer(kiosk: httpx.AsyncClient, answers: Any) -> None:
    first, second = [form(await kiosk.get(HERE))[0] for _ in range(2)]
    await asyncio.gather(*(kiosk.post(HERE, data=first | {"score": score}) for score in "12345"))
    assert len(await answers()) == 1
    await kiosk.post(HERE, data=second | {"score": "3"})
    assert len(await answers()) == 2


@pytest.mark.parametrize("data", [{}, {"score": "0"}, {"score": "9" * 50}, {"score": "een", "page": "x"}])
async def test_what_is_no_answer_asks_again(kiosk: httpx.AsyncClient, answers: Any, data: dict[str, str]) -> None:
    answer = await kiosk.post(HERE, data=data)
    assert (answer.status_code, answer.headers["location"], await answers()) == (303, HERE, [])


async def test_a_device_asks_at_its_own_location_only(kiosk: httpx.AsyncClient, answers: Any) -> None:
    for answer in (await kiosk.get("/kiosk/elders/mening"), await kiosk.post("/kiosk/elders/mening")):
        assert answer.status_code == 403
    assert (await kiosk.get("/kiosk/nergens/mening")).status_code == 404


@pytest.mark.parametrize("options", [{"survey": False}])
async def test_it_can_be_switched_off(kiosk: httpx.AsyncClient, answers: Any) -> None:
    assert "mening" not in (await kiosk.get("/kiosk/stadhuis")).text
    for answer in (await kiosk.get(HERE), await kiosk.post(HERE, data={"score": "5"})):
        assert (answer.status_code, answer.headers["location"]) == (303, "/kiosk/stadhuis")
    assert await answers() == []
