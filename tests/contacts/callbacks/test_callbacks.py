"""A callback from the promise to its end, by the API."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from kcc.access.roles import Role
from tests.conftest import SetClock
from tests.contacts.callbacks.conftest import Callbacks
from tests.contacts.conftest import Log, WithToken, answered, problem

AsAgent = Callable[..., Awaitable[Log]]


async def test_a_promise_is_due_in_business_time(callbacks: Callbacks) -> None:
    made = await callbacks.asked(name="Voorbeeld Inwoner", email="Inwoner@Voorbeeld.example")
    assert made | {"id": 0} == {
        "id": 0,
        "contact": None,
        "questionId": None,
        "department": "burgerzaken",
        "question": "Is de pas er al?",
        "bsnConfirmedNot": False,
        "phone": "+31612345678",
        "name": "Voorbeeld Inwoner",
        "email": "Inwoner@voorbeeld.example",
        "language": "nl",
        "preferredAt": None,
        "preferredUntil": None,
        "agent": "anna",
        "askedAt": "2026-11-24T08:00:00Z",
        "dueAt": "2026-11-25T15:30:00Z",
        "state": "open",
        "handedBackAt": None,
        "handedBackNote": "",
        "personAlertedAt": None,
        "departmentAlertedAt": None,
        "leadAlertedAt": None,
        "attempts": [],
        "notes": [],
        "closedAt": None,
        "closedBy": None,
        "outcome": None,
        "closingNote": "",
    }
    assert await callbacks.read(made) == made


async def test_days_on_which_all_is_closed_are_no_business_time(callbacks: Callbacks, with_token: WithToken) -> None:
    administrator = await with_token(Role.ADMINISTRATOR)
    hall = {"code": "stadhuis", "name": "Stadhuis", "address": "Markt 1, Voorbeeld"}
    assert (await administrator.post("/api/v1/locations", json=hall)).status_code == 201
    for closing in (
        {"date": "2026-11-25"},
        {"date": "2026-11-26", "from": "12:00", "until": "13:00"},
        {"date": "2026-11-27", "location": "stadhuis"},
    ):
        response = await administrator.post("/api/v1/closing-days", json=closing)
        assert response.status_code == 201, response.text
    # Sixteen hours: eight today, none on Wednesday, seven and a half on Thursday; Friday closes one location only.
    assert (await callbacks.asked())["dueAt"] == "2026-11-27T08:00:00Z"
    at_noon = await callbacks.ask(preferredAt="2026-11-26T11:30:00Z")
    assert problem(at_noon) == (400, "invalid-input", [("/preferredAt", "not-then")])


async def test_a_later_wish_is_when_it_is_due(callbacks: Callbacks) -> None:
    made = await callbacks.asked(preferredAt="2026-11-30T08:30:00+01:00", preferredUntil="2026-11-30T12:00:00+01:00")
    assert (made["preferredAt"], made["dueAt"]) == ("2026-11-30T07:30:00Z", "2026-11-30T11:00:00Z")


async def test_its_question_gets_the_outcome_callback(callbacks: Callbacks, log: Log) -> None:
    contact = await log.start(questions=[{"topic": "inzameling", "note": "wil een grotere bak"}, answered()])
    question = contact["questions"][0]
    made = await callbacks.asked(contact=contact["id"], questionId=question["id"], department=None)
    assert (made["contact"], made["questionId"], made["department"]) == (contact["id"], question["id"], "afval")
    after = await log.read(contact)
    assert after["version"] == contact["version"] + 1
    assert [(one["outcome"], one["source"], one["department"]) for one in after["questions"]] == [
        ("callback", "callback", "afval"),
        ("resolved", "own-knowledge", None),
    ]
    assert (await log.finished(after))["finishedAt"] is not None


async def test_a_question_without_topic_gets_the_one_that_is_given(callbacks: Callbacks, log: Log) -> None:
    contact = await log.start()
    asked = {"contact": contact["id"], "questionId": contact["questions"][0]["id"], "department": None}
    assert problem(await callbacks.ask(**asked)) == (400, "invalid-input", [("/topic", "missing")])
    assert (await log.read(contact))["questions"] == contact["questions"]
    assert (await callbacks.asked(**asked, topic="paspoort"))["department"] == "burgerzaken"
    (question,) = (await log.read(contact))["questions"]
    assert (question["topic"], question["outcome"]) == ("paspoort", "callback")


async def test_of_a_finished_contact_only_a_question_that_ended_so(callbacks: Callbacks, log: Log) -> None:
    contact = await log.asked(answered("callback"), answered())
    first, second = contact["questions"]
    made = await callbacks.asked(contact=contact["id"], questionId=first["id"], department=None)
    assert made["department"] == "burgerzaken"
    refused = await callbacks.ask(contact=contact["id"], questionId=second["id"])
    assert problem(refused)[:2] == (409, "already-finished")
    again = await callbacks.ask(contact=contact["id"], questionId=first["id"])
    assert problem(again)[:2] == (409, "already-promised")
    await callbacks.close(made, outcome="withdrawn")
    assert (await callbacks.asked(contact=contact["id"], questionId=first["id"]))["id"] > made["id"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"department": None}, (400, "invalid-input", [("/department", "missing")])),
        ({"department": "nergens"}, (409, "unknown-reference", [("/department", "unknown")])),
        ({"question": None}, (400, "invalid-input", [("/question", "missing")])),
        ({"question": "  "}, (400, "invalid-input", [("/question", "value-error")])),
        ({"question": "x" * 1001}, (400, "invalid-input", [("/question", "value-error")])),
        ({"phone": "12"}, (400, "invalid-input", [("/phone", "value-error")])),
        ({"email": "geen"}, (400, "invalid-input", [("/email", "value-error")])),
        ({"language": "de"}, (400, "invalid-input", [("/language", "literal-error")])),
        ({"questionId": 1}, (400, "invalid-input", [("/contact", "missing")])),
        ({"contact": 99}, (409, "unknown-reference", [("/contact", "unknown")])),
        ({"preferredAt": "2026-11-25T09:00:00"}, (400, "invalid-input", [("/preferredAt", "value-error")])),
        ({"preferredAt": 1795600000}, (400, "invalid-input", [("/preferredAt", "value-error")])),
        ({"preferredAt": "2026-11-24T07:45:00Z"}, (400, "invalid-input", [("/preferredAt", "not-then")])),
        ({"preferredAt": "2026-11-28T09:00:00Z"}, (400, "invalid-input", [("/preferredAt", "not-then")])),
        ({"preferredAt": "2027-11-24T09:00:00Z"}, (400, "invalid-input", [("/preferredAt", "not-then")])),
        ({"preferredUntil": "2026-11-25T09:00:00Z"}, (400, "invalid-input", [("/preferredUntil", "not-then")])),
        (
            {"preferredAt": "2026-11-25T10:00:00Z", "preferredUntil": "2026-11-25T09:00:00Z"},
            (400, "invalid-input", [("/preferredUntil", "not-then")]),
        ),
        ({"question": "BSN 111222333"}, (400, "bsn-suspected", [("/question", "bsn-suspected")])),
    ],
)
async def test_what_cannot_be_promised_is_told_where_it_is(
    callbacks: Callbacks, body: dict[str, Any], expected: Any
) -> None:
    assert problem(await callbacks.ask(**body)) == expected
    assert await callbacks.listed() == []


async def test_a_question_of_another_contact_and_a_colleagues_contact(
    callbacks: Callbacks, log: Log, as_agent: AsAgent
) -> None:
    contact, other = await log.start(), await (await as_agent("bas")).start()
    foreign = await callbacks.ask(contact=contact["id"], questionId=other["questions"][0]["id"])
    assert problem(foreign) == (409, "unknown-reference", [("/questionId", "unknown")])
    assert problem(await callbacks.ask(contact=other["id"])) == (409, "unknown-reference", [("/contact", "unknown")])


async def test_a_number_that_is_no_bsn_is_kept(callbacks: Callbacks) -> None:
    made = await callbacks.asked(question="dossier 111222333", bsnConfirmedNot=True)
    assert (made["question"], made["bsnConfirmedNot"]) == ("dossier 111222333", True)
    for path, body in (("attempts", {"reached": True}), ("close", {})):
        refused = await callbacks.post(f"/{made['id']}/{path}", {**body, "note": "dossier 111222333"})
        assert problem(refused) == (400, "bsn-suspected", [("/note", "bsn-suspected")])
    tried = await callbacks.attempt(made, note="dossier 111222333", bsnConfirmedNot=True)
    assert tried["attempts"][0]["note"] == "dossier 111222333"


async def test_the_same_key_promises_once_and_notes_once(callbacks: Callbacks) -> None:
    body = {"department": "burgerzaken", "question": "Is de pas er al?", "phone": "0612345678"}
    first, again = [await callbacks.post("", body, **{"Idempotency-Key": "a"}) for _ in range(2)]
    assert (first.status_code, first.json()) == (201, again.json())
    reused = await callbacks.post("", body | {"question": "Iets anders"}, **{"Idempotency-Key": "a"})
    assert problem(reused)[:2] == (409, "key-reused")
    for _ in range(2):
        path = f"/{first.json()['id']}/attempts"
        tried = await callbacks.post(path, {"reached": False}, **{"Idempotency-Key": "b"})
    assert len(tried.json()["attempts"]) == 1


async def test_attempts_and_the_end(callbacks: Callbacks, moment: SetClock) -> None:
    made = await callbacks.asked()
    moment.move(hours=1)
    await callbacks.attempt(made, note="voicemail")
    moment.move(hours=1)
    tried = await callbacks.attempt(made, reached=True)
    assert [(one["at"], one["by"], one["reached"], one["note"]) for one in tried["attempts"]] == [
        ("2026-11-24T09:00:00Z", "anna", False, "voicemail"),
        ("2026-11-24T10:00:00Z", "anna", True, ""),
    ]
    assert tried["state"] == "open"
    done = await callbacks.close(made, note="geregeld")
    assert (done["state"], done["outcome"], done["closedBy"], done["closingNote"]) == (
        "closed",
        "done",
        "anna",
        "geregeld",
    )
    assert await callbacks.close(made) == done
    other_way = await callbacks.post(f"/{made['id']}/close", {"outcome": "withdrawn"})
    assert problem(other_way)[:2] == (409, "already-closed")
    late = await callbacks.post(f"/{made['id']}/attempts", {"reached": True})
    assert problem(late)[:2] == (409, "already-closed")
    away = await callbacks.post(f"/{made['id']}/hand-over", {"department": "afval"})
    assert problem(away)[:2] == (409, "already-closed")


async def test_another_department_calls(callbacks: Callbacks) -> None:
    made = await callbacks.asked()
    unknown = await callbacks.post(f"/{made['id']}/hand-over", {"department": "nergens"})
    assert problem(unknown) == (409, "unknown-reference", [("/department", "unknown")])
    given = (await callbacks.post(f"/{made['id']}/hand-over", {"department": "afval"})).json()
    assert (given["department"], given["dueAt"]) == ("afval", made["dueAt"])


async def test_the_open_ones_are_everybodys_and_a_closed_one_is_its_agents(
    callbacks: Callbacks, lead: Log, as_agent: AsAgent
) -> None:
    bas = Callbacks(await as_agent("bas", Role.COUNTER_CLERK))
    mine, his = await callbacks.asked(), await bas.asked()
    assert sorted(await callbacks.listed()) == [mine["id"], his["id"]]
    await callbacks.attempt(his, reached=True)
    await bas.close(his)
    assert await callbacks.listed() == [mine["id"]]
    assert await bas.listed() == await Callbacks(lead).listed() == [mine["id"], his["id"]]
    gone = await callbacks.client.get(f"/api/v1/callbacks/{his['id']}")
    assert gone.status_code == 404
    refused = await callbacks.post(f"/{his['id']}/attempts", {"reached": True})
    assert (refused.status_code, "pas er" in refused.text) == (409, False)


async def test_the_list_and_its_filters(callbacks: Callbacks, lead: Log, as_agent: AsAgent, moment: SetClock) -> None:
    late = await callbacks.asked()
    wished = await callbacks.asked(preferredAt="2026-12-01T10:00:00Z", department="afval")
    moment.move(days=2)
    new = await callbacks.asked()
    over = await callbacks.close(await Callbacks(await as_agent("bas")).asked())
    of_all = Callbacks(lead)
    assert await of_all.listed() == [late["id"], new["id"], wished["id"], over["id"]]
    assert await of_all.listed(state="open") == [late["id"], new["id"], wished["id"]]
    assert await of_all.listed(state="overdue") == [late["id"]]
    assert await of_all.listed(state="closed") == await of_all.listed(agent="bas") == [over["id"]]
    assert await of_all.listed(department="afval") == [wished["id"]]
    assert (await of_all.read(late))["state"] == "overdue"
    page = (await lead.client.get("/api/v1/callbacks", params={"limit": 3})).json()
    rest = (await lead.client.get(page["next"])).json()
    assert (page["total"], [one["id"] for one in rest["results"]], rest["next"]) == (4, [over["id"]], None)
