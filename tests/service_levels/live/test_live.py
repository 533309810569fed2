"""`/rapport/live`: what it shows follows from what happened, and what is not known is said."""

import re
from collections.abc import Awaitable, Callable

import httpx
import pytest

from kcc.access.roles import Role
from kcc.appointments.hall.course import VisitState
from kcc.storage.database import Database
from tests.appointments.conftest import Hall, place, product, put
from tests.conftest import SetClock
from tests.service_levels.live.conftest import Seen, Wall
from tests.service_levels.phone.conftest import Phone, abandoned, answered
from tests.service_levels.test_waits import came

TODAY = "2026-11-24"
NINE = 1_795_507_200  # 24 November 2026, 9.00 in Amsterdam: NOW
HALF_PAST_EIGHT = NINE - 1800


def entered(at: int, number: int, queue: str = "algemeen") -> str:
    return f"{at}|w{number}|{queue}|NONE|ENTERQUEUE||0612345678|1"


def agent(at: int, kind: str, who: str = "PJSIP/101", queue: str = "algemeen") -> str:
    return f"{at}|NONE|{queue}|{who}|{kind}|"


def figure(seen: Seen, part: str) -> str:
    found = seen.part(part).select_one(".kcc-figure")
    assert found is not None
    return " ".join(found.text.split())


async def test_nothing_happened_yet(wall: Wall) -> None:
    seen = await wall.look()
    assert figure(seen, "level") == figure(seen, "prospect") == figure(seen, "agents") == "–"
    assert figure(seen, "queueing") == figure(seen, "callbacks") == "0"
    assert "Onbekend" in seen.said("agents")
    assert "vandaag nog niets gemeld" in seen.said("heard")
    assert seen.said("warning") == ""
    assert not re.search(r"\d %", "".join(seen.said(name) for name in ("level", "prospect", "bars", "queues", "halls")))


async def test_the_figure_of_today_is_that_of_the_api(wall: Wall, phone: Phone) -> None:
    lines = abandoned(HALF_PAST_EIGHT + 5, 900, 3) + abandoned(HALF_PAST_EIGHT + 7, 901, 40, queue="belastingen")
    for number in range(30):
        wait = 20 if number % 3 else 50
        queue = "algemeen" if number % 4 else "belastingen"
        lines += answered(HALF_PAST_EIGHT + number * 40, number, wait, queue=queue)
        lines += answered(HALF_PAST_EIGHT - 24 * 3600 + number, 100 + number, 300)  # yesterday
    await phone.log(*lines)
    for query in ({}, {"wachtrij": "belastingen"}):
        (row,) = await phone.rows(TODAY, TODAY, by="day", **({"queue": query["wachtrij"]} if query else {}))
        seen = await wall.look(**query)
        assert row["offered"] > 5
        assert figure(seen, "level") == f"{row['serviceLevelPercent']:.0f} %"
        quarters = await phone.rows(TODAY, TODAY, by="quarter", **({"queue": query["wachtrij"]} if query else {}))
        with_calls = [(one["offered"], one["answeredWithin"]) for one in quarters if one["offered"]]
        assert [(int(of), int(met)) for _, _, of, met in seen.rows("bars")] == with_calls
    for row in await phone.rows(TODAY, TODAY, by="day", split="queue"):
        shown = {name: percent for name, _, _, percent in (await wall.look()).rows("queues")}
        assert shown[row["queue"]].startswith(
            f"{row['serviceLevelPercent']:.0f}\N{NO-BREAK SPACE}%".replace("\xa0", " ")
        )


async def test_who_waits_now(wall: Wall, phone: Phone, moment: SetClock) -> None:
    await phone.log(entered(NINE - 72, 1), entered(NINE - 18, 2, "belastingen"), *answered(NINE - 60, 3, 5))
    seen = await wall.look()
    assert figure(seen, "queueing") == "2"
    assert "Langst: 1:12" in seen.said("queueing")
    assert [row[:3] for row in seen.rows("queues")] == [["algemeen", "1", "1:12"], ["belastingen", "1", "0:18"]]
    alone = await wall.look(wachtrij="belastingen")
    assert figure(alone, "queueing") == "1"
    assert [row[0] for row in alone.rows("queues")] == ["belastingen"]
    moment.move(hours=3, minutes=58)
    assert figure(await wall.look(), "queueing") == "2"
    moment.move(minutes=2)  # the exchange told nothing more: after four hours nobody waits any more
    assert figure(await wall.look(), "queueing") == "0"


async def test_a_call_that_is_answered_waits_no_longer(wall: Wall, phone: Phone) -> None:
    await phone.log(entered(NINE - 20, 1))
    assert figure(await wall.look(), "queueing") == "1"
    await phone.log(f"{NINE - 5}|w1|algemeen|PJSIP/101|CONNECT|15|x|2")
    seen = await wall.look()
    assert figure(seen, "queueing") == "0"
    assert figure(seen, "agents") == "1"
    assert "Hoeveel medewerkers er zijn, vertelt de centrale niet" in seen.said("agents")


@pytest.mark.parametrize(
    ("late", "said"),
    [
        (0, ""),
        (7, "Er kunnen nog 61 gesprekken te laat zijn. In dit tempo worden het er meer."),
    ],
)
async def test_a_warning_while_something_can_be_done(
    wall: Wall, phone: Phone, moment: SetClock, late: int, said: str
) -> None:
    # Twenty calls in the half hour since opening, and eight hours to go: 320 more.
    lines = [answered(HALF_PAST_EIGHT + number * 60, number, 50 if number < late else 5) for number in range(20)]
    await phone.log(*(line for call in lines for line in call))
    seen = await wall.look()
    assert seen.said("warning") == said
    assert "Nog ongeveer 320 gesprekken" in seen.said("prospect")
    assert figure(seen, "prospect") == ("65 %" if late else "100 %")
    assert ("kcc-tile--warn" in str(seen.part("prospect"))) == bool(late)
    moment.move(hours=9)
    after = await wall.look()
    assert after.said("warning") == ""
    assert ("De norm is niet gehaald" if late else "De norm is gehaald") in after.said("prospect")


async def test_a_target_that_is_lost(wall: Wall, phone: Phone, moment: SetClock) -> None:
    lines = [answered(HALF_PAST_EIGHT + number * 60, number, 50) for number in range(30)]
    await phone.log(*(line for call in lines for line in call))
    moment.move(hours=7, minutes=45)
    assert (await wall.look()).said("warning") == "De norm van vandaag is niet meer te halen."


async def test_a_day_without_hours(wall: Wall, phone: Phone, moment: SetClock) -> None:
    moment.move(days=4)  # a Saturday
    await phone.log(*answered(NINE + 4 * 24 * 3600 - 60, 1, 5))
    seen = await wall.look()
    assert figure(seen, "level") == "100 %"
    assert (figure(seen, "prospect"), "geen openingstijden" in seen.said("prospect")) == ("–", True)


async def test_agents_as_far_as_they_are_told(wall: Wall, phone: Phone) -> None:
    await phone.log(
        agent(NINE - 900, "ADDMEMBER"),
        agent(NINE - 900, "ADDMEMBER", "PJSIP/102"),
        agent(NINE - 900, "ADDMEMBER", "PJSIP/103", "belastingen"),
        agent(NINE - 90_000, "ADDMEMBER", "PJSIP/104"),  # yesterday: who knows
        agent(NINE - 60, "PAUSE", "PJSIP/102"),
    )
    seen = await wall.look()
    assert (figure(seen, "agents"), "0 in gesprek, 0 in nawerk, 1 in pauze" in seen.said("agents")) == ("2 van 3", True)
    call = answered(NINE - 300, 1, 10, talk=60)
    elsewhere = answered(NINE - 300, 2, 10, queue="belastingen")  # by somebody who was not told to be here
    await phone.log(*(line.replace("SIP/1|", "PJSIP/101|") for line in call), *elsewhere)
    seen = await wall.look()
    assert "Medewerkers in gesprek" in seen.said("agents")
    assert "1 niet in gesprek: vrij of in nawerk is onbekend" in seen.said("agents")
    assert figure(await wall.look(wachtrij="belastingen"), "agents") == "1 van 1"


async def test_callbacks(
    kennisbank: None, wall: Wall, with_token: Callable[..., Awaitable[httpx.AsyncClient]], moment: SetClock
) -> None:
    lead = await with_token(Role.TEAM_LEAD)
    body = {"department": "burgerzaken", "question": "Is de pas er al?", "phone": "0612345678"}
    made = await lead.post("/api/v1/callbacks", json=body)
    assert made.status_code == 201, made.text
    seen = await wall.look()
    assert (figure(seen, "callbacks"), "Geen te laat" in seen.said("callbacks")) == ("1", True)
    moment.move(days=14)
    assert "1 te laat" in (await wall.look()).said("callbacks")


async def test_the_halls(wall: Wall, hall: Hall, database: Database) -> None:
    await hall(product("paspoort"), place(walk_ins=True))
    await hall(place("wijk"))
    await put(
        database,
        came("8:30", "8:25", 3),
        came("8:40", "8:35", 20),
        came("8:50", "8:40", None),  # waits since 8.50
        came(None, "8:55", None),
        came("9:30", "8:58", None),  # is early: does not wait yet
        came("8:30", "8:30", None, state=VisitState.LEFT),
    )
    rows = {row[0]: row[1:] for row in (await wall.look()).rows("halls")}
    assert rows == {"Stadhuis": ["3", "10:00", "50 %, onder de norm"], "Wijk": ["0", "–", "geen gegevens"]}
    (only,) = (await wall.look(locatie="wijk")).rows("halls")
    assert only[0] == "Wijk"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"wachtrij": "nergens"}, "Wachtrij ‘nergens’ is niet bekend. Bekend zijn: algemeen."),
        ({"locatie": "nergens"}, "Locatie ‘nergens’ is er niet (meer)."),
    ],
)
async def test_what_is_not_there_is_told(wall: Wall, phone: Phone, query: dict[str, str], said: str) -> None:
    await phone.log(*answered(NINE - 60, 1, 5))
    seen = await wall.look(400, **query)
    (alert,) = seen.page.select("#fouten")
    assert said in " ".join(alert.text.split())
    assert figure(seen, "level") == "100 %"  # all is shown
    answer = await wall.ask("/rapport/live/nu", params=query, headers={"accept": "text/event-stream"})
    assert (answer.status_code, said in answer.text) == (400, True)
    assert (await wall.ask("/rapport/live/nu")).status_code == 400  # not asked as a stream


async def test_an_agent_sees_it_and_no_names(
    phone: Phone, sign_in: Callable[..., Awaitable[httpx.AsyncClient]]
) -> None:
    await phone.log(agent(NINE - 900, "ADDMEMBER", "PJSIP/jan"), entered(NINE - 20, 1))
    page = await (await sign_in(Role.AGENT)).get("/rapport/live")
    assert page.status_code == 200
    assert "jan" not in page.text.replace("januari", "").lower()
    assert "0612345678" not in page.text
    assert 'href="/werk"' in page.text


async def test_a_queue_with_a_target_of_its_own(
    wall: Wall, phone: Phone, with_token: Callable[..., Awaitable[httpx.AsyncClient]], moment: SetClock
) -> None:
    await phone.log(*answered(NINE - 300, 1, 50), *answered(NINE - 240, 2, 50, queue="belastingen"))
    assert {row[3] for row in (await wall.look()).rows("queues")} == {"0 %, onder de norm"}
    lead = await with_token(Role.TEAM_LEAD)
    wanted = {"metric": "service-level", "scope": {"queue": "belastingen"}, "validFrom": TODAY}
    answer = await lead.put("/api/v1/targets", json={**wanted, "level": 70, "threshold": 60})
    assert answer.is_success, answer.text
    moment.move(minutes=1)  # targets are looked at once a minute
    seen = await wall.look()
    assert {row[0]: row[3] for row in seen.rows("queues")} == {"algemeen": "0 %, onder de norm", "belastingen": "100 %"}
    assert "Op tijd" in seen.said("queues")
    alone = await wall.look(wachtrij="belastingen")
    assert (figure(alone, "level"), "Binnen 60 seconden vandaag" in alone.said("level")) == ("100 %", True)
    assert "30 punt boven de norm van 70 %" in alone.said("level")
