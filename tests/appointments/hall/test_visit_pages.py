"""What was recorded about a visit, and putting it right, on pages."""

from datetime import timedelta

import httpx
import pytest

from kcc.access.roles import Role
from tests.appointments.conftest import Desk, Hall, place, product
from tests.appointments.hall.test_clerk_pages import SignIn, page, press, visit_here
from tests.appointments.hall.test_hall_api import minutes_to
from tests.conftest import SetClock

VISITS = "/balie/stadhuis/bezoeken"


@pytest.fixture
async def clerk(hall: Hall, sign_in: SignIn) -> httpx.AsyncClient:
    """A clerk at a town hall with two counters, Balie 1 open."""
    await hall(product("paspoort"), product("rijbewijs"), place(counters=2, walk_ins=True), place("elders"))
    found = await sign_in(Role.COUNTER_CLERK)
    await press(found, "open", counter="stadhuis-1")
    return found


async def came(clerk: httpx.AsyncClient, clock: SetClock) -> str:
    """Somebody who walked in, waited six minutes, and is called. Returns the visit's id."""
    await press(clerk, "walk-in", product="paspoort")
    clock.move(minutes=6)
    return visit_here(await press(clerk, "next", counter="stadhuis-1"))


async def send(clerk: httpx.AsyncClient, visit: str, do: str, **fields: str) -> httpx.Response:
    return await clerk.post(f"{VISITS}/{visit}", data={"do": do, **fields}, follow_redirects=True)


async def events(clerk: httpx.AsyncClient, visit: str) -> dict[str, str]:
    """The number of each event on the page, by its time."""
    shown = page(await clerk.get(f"{VISITS}/{visit}"))
    return {
        str(field["value"]): str(field.find_parent("form").select_one("[name=event]")["value"])  # type: ignore[union-attr, index]
        for field in shown.select("[name=time]")
    }


async def test_a_moment_is_corrected_and_the_first_one_stays_to_be_seen(
    clerk: httpx.AsyncClient, moment: SetClock
) -> None:
    moment.move(minutes=minutes_to("9:00"))
    visit = await came(clerk, moment)
    assert set(await events(clerk, visit)) == {"09:00:00", "09:06:00"}
    called = (await events(clerk, visit))["09:06:00"]
    answer = await send(clerk, visit, "correct", event=called, time="9:04")
    assert answer.status_code == 200
    text = page(answer).get_text()
    assert "De tijd is verbeterd" in text
    assert "09:04:00 Opgeroepen" in text
    assert "eerst stond er 09:06:00" in text
    listed = page(await clerk.get(VISITS)).get_text(" ")
    assert "4 min" in listed


@pytest.mark.parametrize("typed", ["8:59", "9:07", "half tien", "", "25:00", "9:05+02:00"])
async def test_a_time_that_cannot_be_is_refused_and_kept(
    clerk: httpx.AsyncClient, moment: SetClock, typed: str
) -> None:
    moment.move(minutes=minutes_to("9:00"))
    visit = await came(clerk, moment)
    before = await events(clerk, visit)
    answer = await send(clerk, visit, "correct", event=before["09:06:00"], time=typed)
    assert answer.status_code == 400
    shown = page(answer)
    assert "ul een tijd in" in shown.get_text() or "tussen 09:00:00 en 09:06:00" in shown.get_text()
    field = shown.select_one(f"#tijd-{before['09:06:00']}")
    assert field is not None
    assert field["value"] == typed
    assert await events(clerk, visit) == before


async def test_what_ended_by_mistake_goes_on(clerk: httpx.AsyncClient, moment: SetClock) -> None:
    moment.move(minutes=minutes_to("9:00"))
    visit = await came(clerk, moment)
    await press(clerk, "start", visit=visit)
    moment.move(minutes=5)
    await press(clerk, "finish-only", visit=visit)
    moment.move(minutes=10)
    assert "Te vroeg afgesloten?" in (await clerk.get(f"{VISITS}/{visit}")).text
    shown = page(await send(clerk, visit, "reopen", counter="stadhuis-1"))
    assert visit_here(shown) == visit
    moment.move(minutes=2)
    await press(clerk, "finish-only", visit=visit)
    assert "7 min" in page(await clerk.get(VISITS)).get_text(" ")


async def test_who_was_missed_came_after_all_and_who_left_is_still_there(
    clerk: httpx.AsyncClient, moment: SetClock
) -> None:
    moment.move(minutes=minutes_to("9:00"))
    missed = await came(clerk, moment)
    await press(clerk, "missed", visit=missed)
    assert "Toch nog gekomen?" in (await clerk.get(f"{VISITS}/{missed}")).text
    assert visit_here(page(await send(clerk, missed, "reopen", counter="stadhuis-1"))) == missed
    again = await send(clerk, missed, "reopen", counter="stadhuis-1")
    assert again.status_code == 409
    await press(clerk, "walk-in", product="rijbewijs")
    waiting = page(await clerk.get("/balie/stadhuis")).select_one(".kcc-rowacts [name=visit]")
    assert waiting is not None
    left = str(waiting["value"])
    await press(clerk, "left", visit=left)
    assert "Er wacht 1 bezoeker" in page(await send(clerk, left, "back")).get_text()


async def test_other_days_are_for_team_leads(clerk: httpx.AsyncClient, sign_in: SignIn, moment: SetClock) -> None:
    moment.move(minutes=minutes_to("9:00"))
    visit = await came(clerk, moment)
    moment.move(minutes=3)
    await press(clerk, "finish-only", visit=visit)
    moment.move(minutes=timedelta(days=1).total_seconds() / 60)
    clerk = await sign_in(Role.COUNTER_CLERK)
    assert "nog niemand geweest" in (await clerk.get(VISITS)).text
    assert (await clerk.get(f"{VISITS}?dag=2026-11-24")).status_code == 403
    assert (await clerk.get(f"{VISITS}/{visit}")).status_code == 403
    lead = await sign_in(Role.TEAM_LEAD)
    assert "B 001" in (await lead.get(f"{VISITS}?dag=2026-11-24")).text
    called = (await events(lead, visit))["09:06:00"]
    assert "De tijd is verbeterd" in (await send(lead, visit, "correct", event=called, time="9:01:30")).text
    assert (await lead.get(f"{VISITS}?dag=gisteren")).status_code == 400


async def test_what_is_not_there_is_said(clerk: httpx.AsyncClient, desk: Desk, moment: SetClock) -> None:
    moment.move(minutes=minutes_to("9:00"))
    visit = await came(clerk, moment)
    assert (await clerk.get(f"{VISITS}/999")).status_code == 404
    assert (await clerk.get(f"/balie/elders/bezoeken/{visit}")).status_code == 404
    assert (await clerk.get("/balie/nergens/bezoeken")).status_code == 404
    assert (await send(clerk, visit, "dance")).status_code == 404
    assert (await send(clerk, visit, "correct", event="999", time="9:01")).status_code == 404
    assert (await send(clerk, visit, "correct", event="x", time="9:01")).status_code == 400


async def test_the_hall_is_warned_before_somebody_waits_too_long(clerk: httpx.AsyncClient, moment: SetClock) -> None:
    moment.move(minutes=minutes_to("9:00"))
    for _ in range(2):
        await press(clerk, "walk-in", product="paspoort")
        moment.move(minutes=2)
    alarm = page(await clerk.get("/balie/stadhuis")).select_one("[data-part=alarm]")
    assert alarm is not None
    assert alarm.get_text(strip=True) == ""
    moment.move(minutes=9)
    shown = page(await clerk.get("/balie/stadhuis")).get_text(" ")
    assert "1 bezoeker wacht bijna te lang" in shown
    assert "1 van de 2 loketten is open" in shown
    moment.move(minutes=3)
    shown = page(await clerk.get("/balie/stadhuis")).get_text(" ")
    assert "1 bezoeker wacht te lang, 1 bijna" in shown


async def test_what_ended_on_another_day_is_not_brought_back(
    clerk: httpx.AsyncClient, sign_in: SignIn, moment: SetClock
) -> None:
    moment.move(minutes=minutes_to("9:00"))
    visit = await came(clerk, moment)
    await press(clerk, "missed", visit=visit)
    moment.move(minutes=24 * 60)
    lead = await sign_in(Role.TEAM_LEAD)
    await press(lead, "open", counter="stadhuis-1")
    assert (await send(lead, visit, "reopen", counter="stadhuis-1")).status_code == 404
    assert "Balie 1 is vrij" in page(await lead.get("/balie/stadhuis")).get_text()


async def test_a_time_in_the_second_of_its_neighbour_is_taken(clerk: httpx.AsyncClient, moment: SetClock) -> None:
    moment.move(minutes=minutes_to("9:00") + 0.4 / 60)
    visit = await came(clerk, moment)
    moment.move(minutes=0.2 / 60)
    await press(clerk, "start", visit=visit)
    for clock, event in (await events(clerk, visit)).items():
        assert (await send(clerk, visit, "correct", event=event, time=clock)).status_code == 200
