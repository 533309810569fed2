"""The contact beside the article: begun with a key, finished with one, kept as it is typed."""

from collections.abc import Awaitable, Callable

import httpx
import pytest
from bs4 import BeautifulSoup
from sqlmodel import col, select

from kcc.access.roles import Role
from kcc.contacts.log.models import Question
from kcc.storage.database import Database
from tests.conftest import SetClock
from tests.desk.agent import HTMX, SOLVED, Agent
from tests.desk.conftest import Page, visit

SignIn = Callable[..., Awaitable[httpx.AsyncClient]]
Desk = "Agent"


@pytest.fixture
async def agent(kennisbank: None, sign_in: SignIn, database: Database) -> Agent:
    return Agent(await sign_in(Role.AGENT), database)


async def test_an_answer_on_the_screen_is_logged_with_one_key(agent: Agent) -> None:
    await agent.sit_down(q="paspoort", artikel="paspoort-aanvragen")
    await agent.press("resolved", elapsed="95")
    assert "Vastgelegd: opgelost" in agent.text
    assert await agent.log() == [{"channel": "phone", "seconds": 95.0, "questions": [SOLVED]}]


async def test_pressed_twice_it_is_logged_once(agent: Agent) -> None:
    await agent.sit_down(artikel="paspoort-aanvragen")
    fields = agent.fields | {"do": "resolved"}
    answers = [await agent.client.post("/werk/contact", data=fields) for _ in range(2)]
    assert len({answer.headers["location"] for answer in answers}) == 1
    await agent.sit_down()
    await agent.press("save")
    fields = agent.fields | {"do": "resolved", "topic": "paspoort"}
    answers = [await agent.client.post("/werk/contact", data=fields) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert len(await agent.log()) == 2


async def test_what_was_logged_is_not_offered_again_until_an_article_is_opened(agent: Agent) -> None:
    await agent.sit_down(artikel="paspoort-aanvragen")
    await agent.press("resolved")
    assert agent.page and not agent.page.seen.select('button[value="resolved"]')
    await agent.opens("grofvuil")
    await agent.press("resolved")
    assert [one["questions"][0][0] for one in await agent.log()] == ["paspoort", "inzameling"]


async def test_opening_an_article_sets_the_topic_of_the_contact(agent: Agent, moment: SetClock) -> None:
    await agent.sit_down()
    await agent.press("save")
    await agent.opens("paspoort-aanvragen")
    assert "Gezet door het artikel" in agent.text
    moment.move(seconds=5)
    await agent.opens("grofvuil")  # also looked at: the question stays what it was about
    moment.move(seconds=75)
    await agent.press("resolved")
    question = ("paspoort", "resolved", "article", ["paspoort-aanvragen", "grofvuil"])
    assert await agent.log() == [{"channel": "phone", "seconds": 80.0, "questions": [question]}]


@pytest.mark.parametrize(
    ("do", "outcome", "source"),
    [
        ("transferred", "transferred", "department-reached"),
        ("not-reached", "transferred", "department-not-reached"),
        ("referred", "referred", "article"),
        ("disconnected", "disconnected", "no-answer"),
    ],
)
async def test_each_outcome_has_one_button(agent: Agent, do: str, outcome: str, source: str) -> None:
    await agent.sit_down(artikel="paspoort-aanvragen")
    await agent.press(do)
    assert (await agent.log())[0]["questions"] == [("paspoort", outcome, source, ["paspoort-aanvragen"])]


async def test_a_colleague_was_asked(agent: Agent) -> None:
    await agent.sit_down()
    await agent.press("resolved", topic="inzameling", colleague="true")
    assert (await agent.log())[0]["questions"] == [("inzameling", "resolved", "colleague", [])]


async def test_without_topic_nothing_is_logged_and_nothing_lost(agent: Agent) -> None:
    await agent.sit_down()
    await agent.press("resolved", note="Belt over de boom", name="Bezoeker Test")
    assert agent.errors == [("onderwerp", "Kies een onderwerp, of open een artikel")]
    assert (agent.fields["note"], agent.fields["name"]) == ("Belt over de boom", "Bezoeker Test")
    assert await agent.log() == []
    await agent.press("resolved", topic="inzameling")
    assert len(await agent.log()) == 1


async def test_contacts_go_on_side_by_side_and_wait_at_the_desk(agent: Agent, sign_in: SignIn) -> None:
    await agent.sit_down()
    await agent.press("save", channel="phone", note="Eerste")
    await agent.sit_down(contact="nieuw")
    await agent.press("save", channel="chat", note="Tweede")
    assert agent.page
    tabs = [" ".join(tab.get_text().split()) for tab in agent.page.seen.select(".kcc-tabs a")]
    assert tabs == ["Telefoon 1", "Chat 2", "+ Nieuw"]
    keys = [tab.get("aria-keyshortcuts") for tab in agent.page.seen.select(".kcc-tabs a")]
    assert keys == ["Alt+W", None, "Alt+N"]
    assert agent.fields["note"] == "Tweede"
    await agent.press("resolved", topic="paspoort")
    assert "U gaat verder met het contact dat nog open is" in agent.text
    assert agent.fields["note"] == "Eerste"
    await agent.client.post("/uitloggen")
    other = Agent(await sign_in(Role.AGENT), agent.database)
    await other.sit_down()
    assert other.fields.get("contact") is None  # it is nobody else's
    assert [one["seconds"] is None for one in await agent.log()] == [True, False]


async def test_each_open_contact_says_what_it_is_about(agent: Agent) -> None:
    for topic in ("paspoort", "inzameling", ""):
        await agent.sit_down(contact="nieuw")
        await agent.press("save", topic=topic)
    await agent.sit_down(contact="2")
    assert agent.page
    tabs = agent.page.seen.select(".kcc-tabs a")
    assert [" ".join(tab.get_text(" ").split()) for tab in tabs[:3]] == [
        "Telefoon 1 Paspoort",
        "Telefoon 2 Inzameling",
        "Telefoon 3",
    ]
    assert [tab.get("aria-keyshortcuts") for tab in tabs[:3]] == [None, None, "Alt+W"]


async def test_an_open_contact_is_there_at_the_next_sign_in(agent: Agent) -> None:
    await agent.sit_down()
    await agent.press("save", note="Nog niet af")
    again = Agent(agent.client, agent.database)
    await again.sit_down()
    assert again.fields["note"] == "Nog niet af"


async def test_what_is_typed_is_kept(agent: Agent) -> None:
    await agent.sit_down()
    await agent.press("save")
    fields = agent.fields | {"note": "Half ge", "channel": "email"}
    answer = await agent.client.post("/werk/contact/bewaren", data=fields)
    assert "Bewaard om 9.00 uur" in answer.text
    await agent.sit_down()
    assert agent.fields["note"] == "Half ge"
    await agent.press("resolved", topic="paspoort")
    late = await agent.client.post("/werk/contact/bewaren", data=fields)
    assert late.status_code == 204
    assert [one["channel"] for one in await agent.log()] == ["email"]


async def test_whether_a_number_is_a_bsn_is_asked_once(agent: Agent) -> None:
    await agent.sit_down()
    await agent.press("save")
    typed = agent.fields | {"note": "Nummer 111222333"}
    asked = BeautifulSoup((await agent.client.post("/werk/contact/bewaren", data=typed)).text, "html.parser")
    assert "Is dit een BSN?" in asked.get_text()
    assert asked.select("#geen-bsn")
    await agent.press("resolved", note="Nummer 111222333", topic="paspoort")
    assert agent.errors[0][0] == "notitie"
    await agent.press("resolved", bsn="true", topic="paspoort")
    assert agent.errors == []
    assert (await agent.log())[0]["questions"][0][1] == "resolved"


async def test_a_colleague_of_a_department_asks(agent: Agent) -> None:
    await agent.sit_down()
    await agent.press("resolved", topic="paspoort", kind="own-organisation")
    assert agent.errors == [("eigen-afdeling", "Kies de afdeling van de collega")]
    await agent.press("resolved", ownDepartment="burgerzaken")
    assert len(await agent.log()) == 1


@pytest.mark.parametrize(
    ("field", "value", "at"),
    [
        ("phone", "12", "telefoon"),
        ("email", "geen adres", "email"),
        ("name", "111222333", "naam"),
        ("note", "x" * 1001, "notitie"),
        ("caseNumber", "x" * 61, "zaaknummer"),
        ("channel", "duif", "kanaal"),
        ("topic", "bestaat-niet", "onderwerp"),
        ("department", "bestaat-niet", "afdeling"),
    ],
)
async def test_bad_input_is_told_at_its_field_and_kept(agent: Agent, field: str, value: str, at: str) -> None:
    await agent.sit_down(artikel="paspoort-aanvragen")
    await agent.press("resolved", **{field: value})
    assert agent.page and agent.page.status in (400, 409)
    assert at in {name for name, _ in agent.errors}
    if field not in ("channel", "topic", "department"):
        assert agent.fields[field] == value
    assert await agent.log() == []


async def test_a_contact_that_is_not_there_or_anothers(agent: Agent, sign_in: SignIn) -> None:
    await agent.sit_down()
    await agent.press("save")
    other = Agent(await sign_in(Role.AGENT), agent.database)
    await other.sit_down(artikel="paspoort-aanvragen")
    for contact in (agent.fields["contact"], "999"):
        answer = await other.client.post(
            "/werk/contact", data={"contact": contact, "do": "resolved", "topic": "paspoort"}
        )
        assert answer.status_code == 404
        assert (await other.client.post(f"/werk/contact/{contact}/heropenen")).status_code == 404
        opened = await other.client.get("/werk", params={"artikel": "grofvuil", "contact": contact}, headers=HTMX)
        assert opened.status_code == 200
    assert (await agent.log())[0]["questions"] == [(None, None, None, [])]


async def test_the_answer_to_one_contact_is_not_the_answer_to_the_next(agent: Agent) -> None:
    await agent.sit_down()
    await agent.press("save")
    await agent.opens("paspoort-aanvragen")
    await agent.sit_down(contact="nieuw", q="oude bank", artikel="grofvuil")
    await agent.press("resolved")
    assert agent.page and agent.page.seen.select_one("#h-artikel")  # that of the first one
    await agent.press("resolved")  # the first one
    assert [one["questions"] for one in await agent.log()] == [
        [SOLVED],
        [("inzameling", "resolved", "article", ["grofvuil"])],
    ]


async def test_the_contact_that_goes_on_shows_its_own_article(agent: Agent) -> None:
    await agent.sit_down(artikel="grofvuil")
    await agent.press("save")
    first = agent.fields["contact"]
    await agent.sit_down(contact="nieuw", artikel="paspoort-aanvragen", q="paspoort")
    await agent.press("resolved")
    assert agent.page
    title = agent.page.seen.select_one("#h-artikel")
    assert title
    assert (title.text, agent.fields["contact"], agent.fields["article"]) == (
        "Grofvuil laten ophalen",
        first,
        "grofvuil",
    )
    assert "Vastgelegd: opgelost" in agent.text
    await agent.sit_down(contact="nieuw")
    await agent.press("save")  # about which nothing was opened yet
    await agent.sit_down(contact=first, artikel="grofvuil")
    await agent.press("resolved")
    assert agent.page.seen.select("#h-artikel") == []
    await agent.press("disconnected")
    assert [one["questions"][0][3] for one in await agent.log()] == [["grofvuil"], ["paspoort-aanvragen"], []]


async def test_solved_with_an_article_teaches_the_search(agent: Agent, sign_in: SignIn) -> None:
    await agent.sit_down(q="oude bank", artikel="grofvuil")
    await agent.press("resolved")
    editor = await sign_in(Role.EDITOR)
    assert "“oude bank”" in (await editor.get("/redactie")).text


async def test_who_logs_no_contacts_sees_none(kennisbank: None, sign_in: SignIn) -> None:
    editor = await sign_in(Role.EDITOR)
    seen = BeautifulSoup((await editor.get("/werk")).text, "html.parser")
    assert not seen.select("#contact")
    assert (await editor.post("/werk/contact", data={"do": "save"})).status_code == 403


async def test_what_the_same_person_asked_before_is_told_at_once(
    agent: Agent, moment: SetClock, sign_in: SignIn
) -> None:
    await agent.sit_down()
    await agent.press("resolved", topic="paspoort", phone="0612345678")
    moment.move(days=1)
    agent.client = await sign_in(Role.AGENT)
    await agent.sit_down()
    await agent.press("save", topic="paspoort", phone="06 12345678")
    assert "Vroeg gisteren over hetzelfde" in agent.text
    assert "gisteren, telefoon: " in agent.text


async def test_a_callback_and_an_appointment_begin_with_the_contact(agent: Agent) -> None:
    await agent.sit_down(artikel="paspoort-aanvragen")
    sent = await agent.client.post("/werk/contact", data=agent.fields | {"do": "callback"})
    assert sent.headers["location"].startswith("/werk/terugbellen/nieuw?contact=1&question=")
    await agent.sit_down(contact="1")
    sent = await agent.client.post("/werk/contact", data=agent.fields | {"do": "appointment", "product": "paspoort"})
    assert sent.headers["location"] == "/werk/afspraak?product=paspoort&contact=1&vraag=1"
    assert (await agent.log())[0]["questions"] == [("paspoort", None, None, ["paspoort-aanvragen"])]


async def test_a_booking_says_for_which_contact(agent: Agent, town: None, sign_in: SignIn) -> None:
    await agent.sit_down()
    await agent.press("save", channel="chat")
    asked = {"contact": agent.fields["contact"], "product": "paspoort"}

    async def told(client: httpx.AsyncClient) -> str | None:
        line = (await visit(client, "/werk/afspraak", **asked)).seen.select_one("#voor-contact")
        return line and line.get_text()

    assert await told(agent.client) == "Voor het contact van 9.00 uur, chat"
    assert await told(await sign_in(Role.AGENT)) is None
    await agent.press("disconnected")
    assert await told(agent.client) is None


async def test_sent_again_after_a_lost_answer_what_was_typed_since_counts(agent: Agent) -> None:
    await agent.sit_down()
    lost = agent.fields | {"do": "save"}
    assert (await agent.client.post("/werk/contact", data=lost)).status_code == 303
    await agent.press("resolved", note="Sindsdien getypt", topic="paspoort")
    assert agent.errors == []
    assert await agent.log() == [
        {"channel": "phone", "seconds": 0.0, "questions": [("paspoort", "resolved", "own-knowledge", [])]}
    ]


async def test_an_error_about_a_contact_that_is_over_shows_no_other_contact(agent: Agent) -> None:
    await agent.sit_down()
    await agent.press("save", note="Blijft open")
    await agent.sit_down(contact="nieuw")
    await agent.press("save")
    stale = agent.fields
    await agent.press("resolved", topic="paspoort")
    answer = Page(
        agent.client, await agent.client.post("/werk/contact", data=stale | {"do": "save", "note": "Te laat"})
    )
    agent.page = answer
    assert answer.status == 409
    assert (agent.fields.get("contact"), agent.fields["note"]) == (None, "Te laat")


async def test_a_team_lead_who_looks_changes_no_contact(agent: Agent, sign_in: SignIn) -> None:
    await agent.sit_down()
    await agent.press("save")
    lead = await sign_in(Role.TEAM_LEAD)
    asked = {"artikel": "grofvuil", "contact": agent.fields["contact"]}
    assert (await lead.get("/werk", params=asked, headers=HTMX)).status_code == 200
    assert (await agent.log())[0]["questions"] == [(None, None, None, [])]


async def test_that_was_searched_is_kept_and_not_which_words(agent: Agent, database: Database) -> None:
    await agent.sit_down(q="iets met mantelzorg")
    await agent.press("disconnected", topic="paspoort")
    await agent.sit_down()
    await agent.press("disconnected", topic="paspoort")
    await agent.sit_down()
    await agent.press("save", searched="true")
    await agent.press("disconnected", topic="paspoort")  # what is searched no more, was searched
    async with database.reading() as session:
        asked = (await session.exec(select(Question).order_by(col(Question.id)))).all()
    assert [question.searched for question in asked] == [True, False, True]
    assert "mantelzorg" not in str([question.model_dump() for question in asked])
