"""How many were called back in time: the definition, and the figures by the API."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kcc.service_levels.definitions import InTime, Promised, in_time
from tests.conftest import NOW, SetClock
from tests.contacts.callbacks.conftest import Callbacks
from tests.contacts.conftest import Log

moments = st.integers(-48, 48).map(lambda hours: NOW + timedelta(hours=hours))
promises = st.builds(Promised, moments, st.none() | moments, st.none() | moments, st.booleans())


@given(st.lists(promises))
def test_the_definition(those: list[Promised]) -> None:
    found = in_time(those, NOW)
    expected = [0, 0, 0, 0]
    for one in those:
        if one.due_at > NOW:
            continue
        if one.withdrawn and one.closed_at is not None and one.closed_at <= one.due_at:
            expected[3] += 1
            continue
        expected[0] += 1
        expected[1] += one.first_attempt_at is not None and one.first_attempt_at <= one.due_at
        expected[2] += one.closed_at is not None and one.closed_at <= one.due_at
    assert [found.due, found.called, found.closed, found.withdrawn] == expected
    assert found.percent_called == (100 * expected[1] / expected[0] if expected[0] else None)
    assert found.percent_closed == (100 * expected[2] / expected[0] if expected[0] else None)


def test_nothing_is_no_data() -> None:
    assert in_time([], NOW) == InTime()


async def test_the_figures(callbacks: Callbacks, lead: Log, moment: SetClock) -> None:
    called, closed, forgotten, withdrawn = [await callbacks.asked() for _ in range(4)]
    await callbacks.asked(department="afval", preferredAt="2026-11-30T10:00:00Z")
    moment.move(hours=1)
    await callbacks.attempt(called)
    await callbacks.attempt(closed, reached=True)
    await callbacks.close(closed)
    await callbacks.close(withdrawn, outcome="withdrawn")
    moment.at = datetime.fromisoformat("2026-11-26T09:00:00Z")
    await callbacks.close(forgotten)
    query = {"from": "2026-11-24", "to": "2026-11-30", "by": "month"}
    answer = (await lead.client.get("/api/v1/callbacks/in-time", params=query)).json()
    assert answer["definition"] == {"metric": "callbacks-in-time", "withinHours": 16, "version": 1}
    nothing = dict.fromkeys(("due", "called", "closed", "withdrawn"), 0) | {
        "percentCalled": None,
        "percentClosed": None,
    }
    assert answer["rows"] == [
        {"start": "2026-11-24", "department": "afval", **nothing},
        {
            "start": "2026-11-24",
            "department": "burgerzaken",
            "due": 3,
            "called": 2,
            "closed": 1,
            "withdrawn": 1,
            "percentCalled": 200 / 3,
            "percentClosed": 100 / 3,
        },
    ]
    by_day = await lead.client.get("/api/v1/callbacks/in-time", params=query | {"by": "day", "department": "afval"})
    assert [row["start"] for row in by_day.json()["rows"]] == [f"2026-11-{day}" for day in range(24, 31)]
    reversed_days = await lead.client.get(
        "/api/v1/callbacks/in-time", params={"from": "2026-11-24", "to": "2026-11-23"}
    )
    assert reversed_days.status_code == 400
