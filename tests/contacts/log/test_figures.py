"""First-contact resolution, frequent problems and reachability from what was logged."""

from typing import Any

import httpx
import pytest

from tests.conftest import SetClock
from tests.contacts.conftest import Log, answered

TODAY = "2026-11-24"
HELPDESK = {"kind": "own-organisation", "department": "burgerzaken"}


class Lead:
    """A team lead who asks for figures."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def ask(self, path: str, first: str = TODAY, last: str = TODAY, **more: Any) -> httpx.Response:
        return await self.client.get(f"/api/v1/{path}", params={"from": first, "to": last, **more})

    async def figures(self, path: str, first: str = TODAY, last: str = TODAY, **more: Any) -> dict[str, Any]:
        response = await self.ask(path, first, last, **more)
        assert response.status_code == 200, response.text
        assert response.headers["cache-control"] == "no-store"
        return dict(response.json())

    async def rows(self, path: str, first: str = TODAY, last: str = TODAY, **more: Any) -> list[dict[str, Any]]:
        return list((await self.figures(path, first, last, **more))["rows"])


@pytest.fixture
async def figures(lead: Log) -> Lead:
    """Asks as a team lead."""
    return Lead(lead.client)


def marked(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in ("eligible", "resolved", "percent", "eligibleAll", "resolvedAll", "percentAll"))


async def test_first_contact_as_marked(log: Log, figures: Lead) -> None:
    await log.asked(answered(), answered("transferred"), answered("disconnected"))
    await log.asked(answered("transferred", "inzameling"))  # of a group that is left out
    await log.asked(answered(), channel="chat")
    await log.asked(answered(), **HELPDESK)
    await log.start(questions=[{"topic": "paspoort"}])
    await log.start(questions=[answered("appointment-made")])  # closed, in a contact that is still open
    found = await figures.figures("first-contact")
    assert found["definition"] == {
        "metric": "first-contact",
        "channel": "phone",
        "repeatDays": 7,
        "excludedTopics": ["afval", "inzameling"],
        "version": 1,
    }
    (row,) = found["rows"]
    assert row["start"] == TODAY
    assert marked(row) == (3, 2, pytest.approx(200 / 3), 4, 2, 50.0)
    (row,) = await figures.rows("first-contact", excludeGroups="reisdocumenten")
    assert marked(row) == (1, 0, 0.0, 4, 2, 50.0)
    (row,) = await figures.rows("first-contact", excludeGroups=["reisdocumenten", "afval"])
    assert marked(row) == (0, 0, None, 4, 2, 50.0)
    (row,) = await figures.rows("first-contact", channel="chat")
    assert marked(row) == (1, 1, 100.0, 1, 1, 100.0)
    (row,) = await figures.rows("first-contact", channel="all")
    assert marked(row)[0] == 4


async def test_first_contact_as_seen(log: Log, figures: Lead, moment: SetClock) -> None:
    def seen(row: dict[str, Any]) -> tuple[Any, ...]:
        return tuple(row[name] for name in ("known", "percentKnown", "followed", "seenResolved", "percentSeen"))

    await log.asked(answered(), phone="0612345678")
    await log.asked(answered(), email="iemand@voorbeeld.example")
    await log.asked(answered())
    assert seen((await figures.rows("first-contact"))[0]) == (2, pytest.approx(200 / 3), 0, 0, None)
    moment.move(days=6)
    await log.asked(answered("disconnected"), channel="email", phone="+31 6 12345678")
    moment.move(days=1)
    await log.asked(answered(), email="iemand@voorbeeld.example")
    assert seen((await figures.rows("first-contact"))[0]) == (2, pytest.approx(200 / 3), 2, 1, 50.0)


async def test_every_interval_has_its_row(log: Log, figures: Lead, moment: SetClock) -> None:
    await log.asked(answered())
    moment.move(hours=15)  # past midnight in Amsterdam
    await log.asked(answered(), answered())
    rows = await figures.rows("first-contact", last="2026-11-26")
    assert [(row["start"], row["eligible"]) for row in rows] == [(TODAY, 1), ("2026-11-25", 2), ("2026-11-26", 0)]
    rows = await figures.rows("first-contact", "2026-11-20", "2026-12-01", by="week")
    assert [(row["start"], row["eligible"]) for row in rows] == [
        ("2026-11-20", 0),
        ("2026-11-23", 3),
        ("2026-11-30", 0),
    ]
    rows = await figures.rows("first-contact", "2026-10-15", "2026-12-01", by="month")
    assert [row["eligible"] for row in rows] == [0, 3, 0]


async def test_frequent_problems(log: Log, figures: Lead, moment: SetClock) -> None:
    await log.asked(answered(topic="inzameling"))
    moment.move(days=1)
    for _ in range(3):
        await log.asked(answered(articles=["paspoort-aanvragen"]), kind="business")
    await log.asked(answered("callback", articles=["paspoort-aanvragen"]), answered("disconnected"), channel="chat")
    await log.asked(answered(topic="inzameling"), answered("disconnected", topic=None), **HELPDESK)
    found = await figures.figures("frequent-problems", "2026-11-25", "2026-11-25", by="day")
    assert (found["questions"], found["withoutTopic"], found["comparable"]) == (6, 1, True)
    assert found["rows"] == [
        {
            "topic": "paspoort",
            "name": "Paspoort",
            "group": "reisdocumenten",
            "questions": 5,
            "percent": pytest.approx(500 / 6),
            "cumulativePercent": pytest.approx(500 / 6),
            "before": 0,
            "rising": True,
            "requesters": {"resident": 2, "business": 3, "ownOrganisation": 0},
            "times": [{"start": "2026-11-25", "questions": 5}],
            "resolved": 3,
            "percentResolved": 75.0,
            "articles": [{"slug": "paspoort-aanvragen", "questions": 4, "resolved": 3}],
        },
        {
            "topic": "inzameling",
            "name": "Inzameling",
            "group": "afval",
            "questions": 1,
            "percent": pytest.approx(100 / 6),
            "cumulativePercent": pytest.approx(100),
            "before": 1,
            "rising": False,
            "requesters": {"resident": 0, "business": 0, "ownOrganisation": 1},
            "times": [{"start": "2026-11-25", "questions": 1}],
            "resolved": 1,
            "percentResolved": 100.0,
            "articles": [],
        },
    ]
    (row,) = await figures.rows("frequent-problems", "2026-11-25", "2026-11-25", requester="business")
    assert (row["topic"], row["questions"], row["articles"][0]["questions"]) == ("paspoort", 3, 3)
    assert await figures.rows("frequent-problems", "2026-11-26", "2026-11-26") == []
    # Two days of which nothing was logged on the first: no more is known of the two before than of the one.
    found = await figures.figures("frequent-problems", "2026-11-25", "2026-11-26")
    assert (found["comparable"], [row["rising"] for row in found["rows"]]) == (False, [False, False])


async def test_reachability(log: Log, figures: Lead, moment: SetClock) -> None:
    assert await figures.rows("reachability") == []
    await log.asked(answered("transferred"), answered("transferred", reached=False), answered("transferred"))
    await log.asked(answered("callback", "inzameling"), answered())
    moment.move(days=1)
    await log.asked(answered("transferred"))
    assert await figures.rows("reachability") == [
        {"department": "afval", "reached": 0, "notReached": 0, "callbacks": 1, "percent": None},
        {
            "department": "burgerzaken",
            "reached": 2,
            "notReached": 1,
            "callbacks": 0,
            "percent": pytest.approx(200 / 3),
        },
    ]


async def test_a_department_that_was_tried_before_it_calls_back(log: Log, figures: Lead) -> None:
    await log.asked(answered("transferred"), answered("callback", reached=False), answered("callback"))
    (row,) = await figures.rows("reachability")
    assert row == {"department": "burgerzaken", "reached": 1, "notReached": 1, "callbacks": 2, "percent": 50.0}
    # Whoever is called back is answered later, tried or not.
    (first_contact,) = await figures.rows("first-contact")
    assert (first_contact["eligible"], first_contact["resolved"]) == (3, 0)


@pytest.mark.parametrize("path", ["first-contact", "frequent-problems", "reachability"])
async def test_what_is_refused(figures: Lead, log: Log, path: str) -> None:
    for first, last in (("2026-11-25", TODAY), ("0001-01-01", "0001-01-02"), ("9999-12-31", "9999-12-31")):
        assert (await figures.ask(path, first, last)).status_code == 400
    assert (await figures.client.get(f"/api/v1/{path}")).status_code == 400
    assert (await Lead(log.client).ask(path)).status_code == 403


async def test_what_else_is_refused(figures: Lead, log: Log) -> None:
    assert (await figures.ask("first-contact", excludeGroups="nergens")).status_code == 404
    for path, query in (
        ("first-contact", {"by": "quarter"}),
        ("first-contact", {"channel": "fax"}),
        ("frequent-problems", {"requester": "iemand"}),
    ):
        assert (await figures.ask(path, **query)).status_code == 400
    for query in ({"from": "0001-01-01"}, {"to": "9999-12-31"}, {"from": "2026-11-25", "to": TODAY}):
        assert (await log.client.get("/api/v1/contacts", params=query)).status_code == 400
    assert (await log.client.get("/api/v1/contacts", params={"topic": "nergens"})).status_code == 404
