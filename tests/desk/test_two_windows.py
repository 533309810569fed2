"""One contact in two windows: neither undoes what the other kept, and a clash loses nothing that was typed."""

import json
from collections.abc import Awaitable, Callable

import httpx
import pytest
from bs4 import BeautifulSoup
from sqlmodel import select

from kcc.access.roles import Role
from kcc.contacts.log.models import Contact, Question
from kcc.storage.database import Database
from tests.desk.agent import Agent
from tests.desk.conftest import Page

SignIn = Callable[..., Awaitable[httpx.AsyncClient]]
KEEP = "/werk/contact/bewaren"


@pytest.fixture
async def windows(kennisbank: None, sign_in: SignIn, database: Database) -> tuple[Agent, Agent]:
    """Two windows of one agent, both with the same contact."""
    first = Agent(await sign_in(Role.AGENT), database)
    await first.sit_down()
    await first.press("save", note="Eerst")
    second = Agent(first.client, database)
    await second.sit_down()
    return first, second


async def keep(window: Agent, **typed: str) -> tuple[BeautifulSoup, dict[str, str]]:
    """What is typed, kept as script does; with the answer, and the fields of the form as they are then."""
    answer = await window.client.post(KEEP, data=window.fields | typed)
    seen = BeautifulSoup(answer.text, "html.parser")
    hidden = {str(one["name"]): str(one["value"]) for one in seen.select("input[type=hidden]")}
    return seen, window.fields | typed | hidden


async def kept(window: Agent) -> tuple[Contact, Question]:
    async with window.database.reading() as session:
        return (await session.exec(select(Contact))).one(), (await session.exec(select(Question))).one()


async def test_what_was_not_touched_here_stays_as_another_window_kept_it(windows: tuple[Agent, Agent]) -> None:
    first, second = windows
    await keep(first, note="Van het eerste venster", name="Bezoeker Test")
    await keep(second, channel="chat")
    contact, question = await kept(first)
    assert (question.note, contact.name, contact.channel) == ("Van het eerste venster", "Bezoeker Test", "chat")
    await second.press("resolved", topic="paspoort")
    contact, question = await kept(first)
    assert (question.note, contact.name, question.outcome) == ("Van het eerste venster", "Bezoeker Test", "resolved")


async def test_a_clash_while_typing_says_so_and_overwrites_nothing(windows: tuple[Agent, Agent]) -> None:
    first, second = windows
    await keep(first, note="Van het eerste venster")
    seen, _ = await keep(second, note="Van het tweede")
    assert "Nog niet bewaard" in seen.get_text()
    assert "Van het eerste venster" in seen.get_text()
    assert (await kept(first))[1].note == "Van het eerste venster"
    # Who read that, decides.
    (button,) = seen.select("button[name=shown]")
    sent = second.fields | {"note": "Van het tweede", "do": "save", "shown": str(button["value"])}
    assert (await second.client.post("/werk/contact", data=sent)).status_code == 303
    assert (await kept(first))[1].note == "Van het tweede"


async def test_a_clash_at_a_button_says_so_and_the_next_press_counts(windows: tuple[Agent, Agent]) -> None:
    first, second = windows
    await keep(first, note="Van het eerste venster", phone="0612345678")
    await second.press("resolved", note="Van het tweede", topic="paspoort")
    assert second.page and second.page.status == 409
    assert [field for field, _ in second.errors] == ["notitie"]
    assert "Van het eerste venster" in second.errors[0][1]
    assert (second.fields["note"], second.fields["topic"]) == ("Van het tweede", "paspoort")
    assert (await kept(first))[1].note == "Van het eerste venster"
    await second.press("resolved")
    contact, question = await kept(first)
    assert (question.note, question.outcome, contact.phone) == ("Van het tweede", "resolved", "+31612345678")


async def test_a_clash_names_topics_and_departments_as_people_do(windows: tuple[Agent, Agent]) -> None:
    first, second = windows
    await keep(first, topic="paspoort", department="burgerzaken", kind="own-organisation", ownDepartment="afval")
    stale = {"topic": "inzameling", "department": "afval", "kind": "own-organisation", "ownDepartment": "burgerzaken"}
    await second.press("save", **stale)
    assert {field: text.split(". ")[0] for field, text in second.errors} == {
        "onderwerp": "In een ander venster staat hier nu ‘Reisdocumenten › Paspoort’",
        "afdeling": "In een ander venster staat hier nu ‘Burgerzaken’",
        "eigen-afdeling": "In een ander venster staat hier nu ‘Afval’",
    }
    await second.press("save")  # who read that, decides
    _, question = await kept(first)
    assert (question.topic, question.department) == ("inzameling", "afval")


async def test_one_window_goes_on_typing(windows: tuple[Agent, Agent]) -> None:
    first, _ = windows
    _, fields = await keep(first, note="Eerst een", phone="06 12345678")
    answer = await first.client.post(KEEP, data=fields | {"note": "Eerst een en dan"})
    assert "Bewaard" in answer.text
    _, fields = await keep(first, note="Eerst een en dan")  # sent twice
    assert (await kept(first))[1].note == "Eerst een en dan"


async def test_a_window_whose_answer_was_lost_does_not_clash_with_itself(windows: tuple[Agent, Agent]) -> None:
    first, _ = windows
    await keep(first, note="Eerst een")
    sent = json.dumps({"note": "Eerst een"})
    answer = await first.client.post(KEEP, data=first.fields | {"note": "Eerst een en dan", "sent": sent})
    assert "Bewaard" in answer.text
    await first.press(
        "resolved", topic="paspoort", note="Eerst een en dan", sent=json.dumps({"note": "Eerst een en dan"})
    )
    assert first.errors == []


async def test_a_question_that_ended_elsewhere_does_not_end_otherwise_unseen(windows: tuple[Agent, Agent]) -> None:
    first, second = windows
    await first.press("next-question", topic="paspoort")  # so that the contact stays open
    await second.sit_down(contact=second.fields["contact"], vraag="1")
    stale = second.fields
    await first.sit_down(contact=stale["contact"], vraag="2")
    await first.press("save", topic="inzameling", note="Ook nog")
    await first.sit_down(contact=stale["contact"], vraag="1")
    await first.press("transferred")
    sent = await second.client.post("/werk/contact", data=stale | {"do": "resolved"})
    assert sent.status_code == 409
    second.page = Page(second.client, sent)
    assert "doorverbonden" in second.text
    assert (await second.log())[0]["questions"][0][1] == "transferred"
    await second.press("resolved")
    assert (await second.log())[0]["questions"][0][1] == "resolved"


async def test_a_contact_that_ended_elsewhere_is_told_with_what_was_typed(windows: tuple[Agent, Agent]) -> None:
    first, second = windows
    await first.press("transferred", topic="paspoort")
    await second.press("resolved", note="Te laat getypt", topic="paspoort")
    assert second.page and second.page.status == 409
    assert "al afgerond: doorverbonden" in second.text
    assert second.fields["note"] == "Te laat getypt"
    assert (await second.log())[0]["questions"][0][1] == "transferred"


@pytest.mark.parametrize("shown", ["geen json", "[]", '{"note": 5}', '{"channel": "duif"}', "{" * 5000])
async def test_a_form_that_was_tampered_with(windows: tuple[Agent, Agent], shown: str) -> None:
    first, _ = windows
    sent = await first.client.post("/werk/contact", data=first.fields | {"shown": shown, "note": "Nieuw"})
    assert sent.status_code == 400
    assert (await kept(first))[1].note == "Eerst"


async def test_a_question_that_somebody_calls_back_about_keeps_its_outcome(windows: tuple[Agent, Agent]) -> None:
    first, _ = windows
    await first.press("next-question", topic="paspoort")
    sent = await first.client.post(
        "/werk/terugbellen/nieuw",
        data={
            "contact": first.fields["contact"],
            "questionId": "1",
            "question": "Waar blijft het?",
            "phone": "0612345678",
            "language": "nl",
            "when": "soon",
            "key": "een",
        },
    )
    assert sent.status_code == 303
    await first.sit_down()
    assert first.fields.get("contact") is None  # the further question was empty
    await first.client.post("/werk/contact/1/heropenen")
    await first.sit_down(contact="1", vraag="1")
    await first.press("resolved", note="Toch opgelost")
    assert first.page and first.page.status == 409
    assert "terugbelverzoek open" in first.text
    assert first.fields["note"] == "Toch opgelost"
    assert (await first.log())[0]["questions"][0][1] == "callback"
    sent = await first.client.post("/werk/terugbellen/1", data={"deed": "done", "note": "", "key": "twee"})
    assert sent.status_code == 303
    await first.press("resolved")
    assert (await first.log())[0]["questions"][0][1] == "resolved"
