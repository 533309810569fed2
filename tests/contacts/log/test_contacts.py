"""A contact from its first question to its end."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from kcc.access.roles import Role
from tests.conftest import SetClock
from tests.contacts.conftest import Log, answered, problem

AsAgent = Callable[..., Awaitable[Log]]


async def test_a_resolved_call_is_logged_with_one_request_after_it_began(log: Log, moment: SetClock) -> None:
    contact = await log.start()
    assert contact["agent"] == "anna"
    assert contact["callId"] is None
    assert [question["outcome"] for question in contact["questions"]] == [None]
    contact = await log.changed(contact, questions=[{"articles": ["paspoort-aanvragen"]}])
    assert [(one["topic"], one["articles"]) for one in contact["questions"]] == [("paspoort", ["paspoort-aanvragen"])]
    moment.move(minutes=2)
    done = await log.finished(contact, outcome="resolved")
    (question,) = done["questions"]
    assert (question["outcome"], question["source"]) == ("resolved", "article")
    assert done["startedAt"] == "2026-11-24T08:00:00Z"
    assert done["finishedAt"] == question["closedAt"] == "2026-11-24T08:02:00Z"
    assert await log.read(done) == done | {"earlier": []}


async def test_everything_at_once(log: Log) -> None:
    contact = await log.start(
        "email",
        requester={
            "kind": "business",
            "name": "Voorbeeld BV",
            "email": "Klant@Voorbeeld.example",
            "phone": "0612345678",
        },
        caseNumber="Z-2026-1",
        questions=[answered(articles=["paspoort-aanvragen"]), answered("referred", "vermissing", note="Eén\r\ntwee")],
    )
    assert contact["finishedAt"] is None
    assert contact["requester"] == {
        "kind": "business",
        "department": None,
        "name": "Voorbeeld BV",
        "email": "Klant@voorbeeld.example",
        "phone": "+31612345678",
    }
    assert contact["caseNumber"] == "Z-2026-1"
    assert [question["note"] for question in contact["questions"]] == ["", "Eén\ntwee"]
    assert (await log.finished(contact))["finishedAt"] is not None


async def test_what_was_said_of_a_question_stays_when_left_out(log: Log) -> None:
    contact = await log.start(questions=[{"topic": "paspoort", "note": "Bel na vijven", "askedColleague": True}])
    (question,) = contact["questions"]
    contact = await log.changed(contact, questions=[{"id": question["id"], "outcome": "resolved"}])
    (after,) = contact["questions"]
    assert (after["note"], after["topic"], after["source"]) == ("Bel na vijven", "paspoort", "colleague")
    contact = await log.changed(contact, questions=[{"id": question["id"], "outcome": None}])
    assert contact["questions"] == [question]


async def test_a_question_nobody_said_anything_of_is_the_next_one_and_is_left_out_at_the_end(log: Log) -> None:
    contact = await log.start()
    contact = await log.changed(contact, questions=[answered(), {"topic": "vermissing"}, {}, {}])
    assert [question["topic"] for question in contact["questions"]] == ["paspoort", "vermissing", None]
    done = await log.finished(contact, outcome="resolved")
    assert [question["topic"] for question in done["questions"]] == ["paspoort", "vermissing"]


async def test_a_transfer_and_a_callback_go_to_the_topics_department_unless_told(log: Log) -> None:
    contact = await log.asked(
        answered("transferred"),
        answered("transferred", department="afval", reached=False),
        answered("callback", "inzameling"),
        answered("disconnected", topic=None),
    )
    assert [(one["department"], one["reached"], one["source"]) for one in contact["questions"]] == [
        ("burgerzaken", True, "department-reached"),
        ("afval", False, "department-not-reached"),
        ("afval", None, "callback"),
        (None, None, "no-answer"),
    ]


async def test_another_outcome_is_another_source(log: Log) -> None:
    contact = await log.start(questions=[answered("transferred", reached=False)])
    (question,) = contact["questions"]
    contact = await log.changed(contact, questions=[{"id": question["id"], "outcome": "resolved"}])
    (question,) = contact["questions"]
    assert (question["reached"], question["source"]) == (None, "own-knowledge")


async def test_a_department_that_was_not_reached_stays_so_when_it_calls_back(log: Log) -> None:
    contact = await log.start(questions=[answered("transferred", reached=False)])
    number = contact["questions"][0]["id"]

    async def said(**more: Any) -> tuple[bool | None, str]:
        changed = await log.changed(await log.read(contact), questions=[{"id": number} | more])
        (question,) = changed["questions"]
        return question["reached"], question["source"]

    assert await said(outcome="callback") == (False, "callback")
    assert await said(note="Belt morgen") == (False, "callback")
    assert await said(reached=None) == (None, "callback")
    assert await said(reached=False) == (False, "callback")
    assert await said(outcome="transferred") == (False, "department-not-reached")
    assert await said(reached=True) == (True, "department-reached")
    assert await said(outcome="callback") == (None, "callback")


async def test_a_contact_with_an_open_question_is_not_finished(log: Log) -> None:
    contact = await log.start(questions=[answered(), {"topic": "vermissing"}, {"topic": "inzameling"}])
    open_ones = [("/questions/1/outcome", "open"), ("/questions/2/outcome", "open")]
    assert problem(await log.finish(contact)) == (409, "questions-open", open_ones)
    assert problem(await log.finish(contact, outcome="resolved")) == (409, "questions-open", [])
    assert (await log.read(contact))["finishedAt"] is None
    assert problem(await log.finish(await log.start())) == (409, "questions-open", [("/questions/0/outcome", "open")])
    response = await log.post("", {"channel": "phone", "finish": True})
    assert problem(response) == (409, "questions-open", [("/questions/0/outcome", "open")])


async def test_finishing_again_changes_nothing_and_in_another_way_is_refused(log: Log, moment: SetClock) -> None:
    contact = await log.start(questions=[{"topic": "paspoort"}])
    done = await log.finished(contact, outcome="resolved")
    moment.move(minutes=1)
    assert await log.finished(contact, outcome="resolved") == done
    assert await log.finished(contact) == done
    assert problem(await log.finish(contact, outcome="referred"))[:2] == (409, "already-finished")
    assert problem(await log.change(done, caseNumber="1"))[:2] == (409, "already-finished")


async def test_an_agent_opens_a_contact_again_for_an_hour(log: Log, lead: Log, moment: SetClock) -> None:
    done = await log.asked(answered())
    moment.move(minutes=60)
    response = await log.post(f"/{done['id']}/reopen")
    assert response.status_code == 200
    opened = response.json()
    assert (opened["finishedAt"], opened["version"]) == (None, done["version"] + 1)
    opened = await log.changed(opened, questions=[answered(topic="vermissing")])
    assert len((await log.finished(opened))["questions"]) == 2
    moment.move(minutes=61)
    assert problem(await log.post(f"/{done['id']}/reopen"))[:2] == (409, "too-late")
    assert (await lead.post(f"/{done['id']}/reopen")).status_code == 200
    assert (await log.post(f"/{done['id']}/reopen")).status_code == 200  # open already


async def test_agents_see_their_own_and_team_leads_all(log: Log, lead: Log, as_agent: AsAgent) -> None:
    other = await as_agent("bas", Role.COUNTER_CLERK)
    of_anna, of_bas = await log.start(), await other.start("counter")
    assert [one["id"] for one in await log.listed()] == [of_anna["id"]]
    assert [one["id"] for one in await lead.listed()] == [of_bas["id"], of_anna["id"]]
    assert [one["id"] for one in await lead.listed(agent="bas")] == [of_bas["id"]]
    refused = await log.client.get("/api/v1/contacts", params={"agent": "bas"})
    assert refused.status_code == 403
    for response in (
        await other.client.get(f"/api/v1/contacts/{of_anna['id']}"),
        await other.change(of_anna, caseNumber="1"),
        await other.finish(of_anna),
        await other.post(f"/{of_anna['id']}/reopen"),
    ):
        assert response.status_code == 404
    assert (await lead.finished(await lead.changed(of_anna, questions=[answered()])))["agent"] == "anna"


async def test_the_list_and_its_filters(log: Log, moment: SetClock) -> None:
    first = await log.asked(answered())
    moment.move(hours=16)  # past midnight in Amsterdam
    second = await log.asked(answered(topic="vermissing"), channel="chat")
    third = await log.start(questions=[answered(topic="inzameling"), {"topic": "paspoort"}])

    async def ids(**query: str) -> list[int]:
        return [one["id"] for one in await log.listed(**query)]

    assert await ids() == [third["id"], second["id"], first["id"]]
    assert await ids(to="2026-11-24") == [first["id"]]
    assert await ids(**{"from": "2026-11-25"}) == [third["id"], second["id"]]
    assert await ids(channel="chat") == [second["id"]]
    assert await ids(topic="paspoort") == [third["id"], first["id"]]
    assert await ids(topic="reisdocumenten") == [third["id"], second["id"], first["id"]]
    assert await ids(topic="afval") == [third["id"]]
    assert await ids(open="true") == [third["id"]]
    page = (await log.client.get("/api/v1/contacts", params={"limit": 2})).json()
    assert page["total"] == 3
    rest = (await log.client.get(page["next"])).json()
    assert ([one["id"] for one in rest["results"]], rest["next"]) == ([first["id"]], None)


async def test_small_questions_at_once(log: Log) -> None:
    helpdesk = {"kind": "own-organisation", "department": "burgerzaken"}
    body = {
        "questions": [
            {"channel": "counter", "topic": "paspoort"},
            {"channel": "phone", "topic": "inzameling", "outcome": "transferred", "requester": helpdesk},
        ]
    }
    response = await log.post("/quick", body, **{"Idempotency-Key": "a"})
    assert response.status_code == 201
    made = response.json()["results"]
    assert all(one["finishedAt"] for one in made)
    assert [(one["channel"], one["questions"][0]["outcome"]) for one in made] == [
        ("counter", "resolved"),
        ("phone", "transferred"),
    ]
    assert (await log.post("/quick", body, **{"Idempotency-Key": "a"})).json()["results"] == made
    body["questions"][1]["topic"] = "nergens"
    refused = await log.post("/quick", body)
    assert problem(refused) == (409, "unknown-reference", [("/questions/1/topic", "unknown")])
    assert len(await log.listed()) == 2


async def test_the_same_key_begins_one_contact(log: Log, as_agent: AsAgent) -> None:
    body = {"channel": "phone"}
    first, again = [await log.post("", body, **{"Idempotency-Key": "a"}) for _ in range(2)]
    assert first.json() == again.json()
    other = await as_agent("bas")
    assert (await other.post("", body, **{"Idempotency-Key": "a"})).json()["id"] != first.json()["id"]
    reused = await log.post("", {"channel": "chat"}, **{"Idempotency-Key": "a"})
    assert problem(reused)[:2] == (409, "key-reused")


async def test_of_two_who_change_the_same_version_the_second_is_told(log: Log) -> None:
    contact = await log.start()
    assert (await log.change(contact, caseNumber="1")).headers["etag"] == '"2"'
    assert problem(await log.change(contact, caseNumber="2"))[:2] == (412, "edited-meanwhile")
    without = await log.client.patch(f"/api/v1/contacts/{contact['id']}", json={})
    assert without.status_code == 428
    old = await log.post(f"/{contact['id']}/finish", {}, **{"If-Match": '"1"'})
    assert old.status_code == 412
    contact = await log.start(questions=[answered()])
    any_version = await log.post(f"/{contact['id']}/finish", {}, **{"If-Match": "*"})
    assert any_version.status_code == 200


async def test_finishing_needs_no_body(log: Log) -> None:
    contact = await log.start(questions=[answered()])
    response = await log.client.post(f"/api/v1/contacts/{contact['id']}/finish")
    assert response.status_code == 200
    assert response.json()["finishedAt"] is not None


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({}, "/channel"),
        ({"channel": "fax"}, "/channel"),
        ({"channel": "phone", "callId": 0}, "/callId"),
        ({"channel": "phone", "requester": {"kind": "own-organisation"}}, "/requester/department"),
        ({"channel": "phone", "requester": {"department": "afval"}}, "/requester/department"),
        ({"channel": "phone", "requester": {"phone": "12"}}, "/requester/phone"),
        ({"channel": "phone", "requester": {"email": "geen"}}, "/requester/email"),
        ({"channel": "phone", "requester": {"name": "111222333"}}, "/requester/name"),
        ({"channel": "phone", "questions": [{"note": "x" * 1001}]}, "/questions/0/note"),
        ({"channel": "phone", "questions": [{}, {"outcome": "opgelost"}]}, "/questions/1/outcome"),
        ({"channel": "phone", "questions": [{"outcome": "resolved"}]}, "/questions/0/topic"),
        ({"channel": "phone", "questions": [{"topic": "paspoort", "reached": True}]}, "/questions/0/reached"),
        ({"channel": "phone", "questions": [answered("callback", reached=True)]}, "/questions/0/reached"),
        ({"channel": "phone", "questions": [{"agent": "x"}]}, "/questions/0/agent"),
    ],
)
async def test_what_is_malformed_is_refused_where_it_is(log: Log, body: dict[str, Any], place: str) -> None:
    status, kind, errors = problem(await log.post("", body))
    assert (status, kind, [where for where, _ in errors]) == (400, "invalid-input", [place])
    assert await log.listed() == []


async def test_all_that_does_not_exist_is_told_at_once(log: Log) -> None:
    questions = [{"topic": "nergens", "department": "niemand"}, {"articles": ["paspoort-aanvragen", "niets"]}]
    requester = {"kind": "own-organisation", "department": "niemand"}
    response = await log.post("", {"channel": "phone", "questions": questions, "requester": requester})
    status, kind, errors = problem(response)
    assert (status, kind) == (409, "unknown-reference")
    assert sorted(where for where, _ in errors) == [
        "/questions/0/department",
        "/questions/0/topic",
        "/questions/1/articles/1",
        "/requester/department",
    ]
    contact = await log.start()
    assert problem(await log.change(contact, questions=[{"id": 999}]))[2] == [("/questions/0/id", "unknown")]
    assert await log.read(contact) == contact


async def test_several_mistakes_come_together_and_nothing_is_kept(log: Log) -> None:
    contact = await log.start(questions=[{"note": "bel terug"}])
    questions = [{"outcome": "resolved"}, answered(), {"outcome": "callback", "note": "BSN 111222333"}]
    status, kind, errors = problem(await log.change(contact, caseNumber="1", questions=questions))
    assert (status, kind) == (400, "invalid-input")
    assert errors == [
        ("/questions/0/topic", "missing"),
        ("/questions/2/note", "bsn-suspected"),
        ("/questions/2/topic", "missing"),
    ]
    assert await log.read(contact) == contact
