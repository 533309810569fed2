"""A number in a note that can be a citizen service number is asked about, once."""

from tests.contacts.conftest import Log, answered, problem

NUMBER = "dossier 111222333"
ASKED = (400, "bsn-suspected", [("/questions/0/note", "bsn-suspected")])


async def test_it_is_asked_and_the_answer_is_recorded(log: Log) -> None:
    contact = await log.start()
    assert problem(await log.change(contact, questions=[{"note": NUMBER}])) == ASKED
    assert (await log.read(contact))["questions"][0]["note"] == ""
    contact = await log.changed(contact, questions=[{"note": NUMBER, "bsnConfirmedNot": True}])
    (question,) = contact["questions"]
    assert (question["note"], question["bsnConfirmedNot"]) == (NUMBER, True)


async def test_the_same_number_is_not_asked_about_twice_and_another_one_is(log: Log) -> None:
    contact = await log.start(questions=[{"note": NUMBER, "bsnConfirmedNot": True}])
    number = contact["questions"][0]["id"]
    contact = await log.changed(contact, questions=[{"id": number, "note": f"{NUMBER}, spoed"}])
    more = {"id": number, "note": f"{NUMBER} en 123456782"}
    assert problem(await log.change(contact, questions=[more])) == ASKED
    contact = await log.changed(contact, questions=[{"id": number, "note": "niets"}])
    assert contact["questions"][0]["bsnConfirmedNot"] is False
    assert problem(await log.change(contact, questions=[{"id": number, "note": NUMBER}])) == ASKED


async def test_it_is_asked_when_a_contact_begins_and_ends(log: Log) -> None:
    response = await log.post("", {"channel": "phone", "questions": [{"note": NUMBER}]})
    assert problem(response) == ASKED
    assert await log.listed() == []
    contact = await log.start(questions=[{"topic": "paspoort"}])
    response = await log.finish(contact, outcome="resolved", note=NUMBER)
    assert problem(response) == (400, "bsn-suspected", [("/note", "bsn-suspected")])
    done = await log.finished(contact, outcome="resolved", note=NUMBER, bsnConfirmedNot=True)
    assert done["questions"][0]["note"] == NUMBER


async def test_a_case_number_and_a_harmless_note_are_not_asked_about(log: Log) -> None:
    contact = await log.start(caseNumber="111222333", questions=[answered(note="dossier 111222334")])
    assert contact["caseNumber"] == "111222333"
    assert contact["questions"][0]["bsnConfirmedNot"] is False
