"""GET /api/v1/satisfaction: who counts in which figure, and in which row."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import count
from statistics import fmean
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc.access.roles import Role
from kcc.appointments.hall.course import VisitState
from kcc.appointments.hall.models import Outcome
from kcc.appointments.survey.models import SurveyAnswer, SurveyChannel, SurveyCount
from kcc.service_levels.definitions import satisfaction
from kcc.storage.database import Database
from tests.appointments.conftest import DAY, Hall, place, problem, product, put
from tests.service_levels.test_waits import came

NEXT = DAY + timedelta(days=1)
EMPTY = {
    "invited": 0,
    "answered": 0,
    "responsePercent": None,
    "mean": None,
    "distribution": [0, 0, 0, 0, 0],
    "kioskVisits": 0,
    "kioskAnswered": 0,
    "kioskPercent": None,
    "kioskMean": None,
    "kioskDistribution": [0, 0, 0, 0, 0],
}
_keys = count(1)


def answer(score: int, *products: str, day: date = DAY, location: str = "stadhuis") -> SurveyAnswer:
    """An answer by mail about these products; at the kiosk without."""
    channel = SurveyChannel.MAIL if products else SurveyChannel.KIOSK
    return SurveyAnswer(
        key=str(next(_keys)), channel=channel, location=location, day=day, products=list(products), score=score
    )


def counted(invited: int, answered: int, product: str = "", day: date = DAY, location: str = "stadhuis") -> SurveyCount:
    return SurveyCount(location=location, day=day, product=product, invited=invited, answered=answered)


class Lead:
    """A team lead who asks how satisfied visitors were."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def ask(self, first: date = DAY, last: date | None = None, **more: str) -> httpx.Response:
        period = {"from": first.isoformat(), "to": (last or first).isoformat()}
        return await self.client.get("/api/v1/satisfaction", params=period | more)

    async def rows(self, first: date = DAY, last: date | None = None, **more: str) -> list[dict[str, Any]]:
        response = await self.ask(first, last, **more)
        assert response.status_code == 200, response.text
        found = response.json()
        assert found["definition"] == {"metric": "satisfaction", "lowest": 1, "highest": 5, "version": 1}
        return list(found["rows"])


@pytest.fixture
async def lead(hall: Hall, with_token: Any) -> Lead:
    """A team lead of a municipality with two places."""
    await hall(product("paspoort"), product("rijbewijs"), place(), place("wijk"))
    return Lead(await with_token(Role.TEAM_LEAD))


async def test_the_figures_of_a_day(lead: Lead, database: Database) -> None:
    done = {"state": VisitState.FINISHED, "outcome": Outcome.DONE}
    await put(
        database,
        counted(8, 4),
        *(answer(score, "paspoort") for score in (5, 4, 4, 1)),
        *(answer(score) for score in (2, 3)),
        *(came("9:10", "9:00", 1, **done) for _ in range(3)),
        came(None, "9:05", 1, **done | {"outcome": Outcome.NOT_POSSIBLE}),
        came(None, "9:05", 1, state=VisitState.MISSED),
        came("9:10", "9:00", 1),  # ended by the day: nobody said how it went
        came("9:10", "9:00", None),
    )
    assert await lead.rows(location="stadhuis") == [
        {
            "start": "2026-11-24",
            "location": "stadhuis",
            "invited": 8,
            "answered": 4,
            "responsePercent": 50.0,
            "mean": 3.5,
            "distribution": [1, 0, 0, 2, 1],
            "kioskVisits": 4,
            "kioskAnswered": 2,
            "kioskPercent": 50.0,
            "kioskMean": 2.5,
            "kioskDistribution": [0, 1, 1, 0, 0],
        }
    ]


async def test_nobody_is_no_figure(lead: Lead) -> None:
    assert await lead.rows(DAY, NEXT) == [
        {"start": day, "location": place} | EMPTY
        for day in ("2026-11-24", "2026-11-25")
        for place in ("stadhuis", "wijk")
    ]


async def test_invited_and_nobody_answered_is_nought_percent_and_no_mean(lead: Lead, database: Database) -> None:
    await put(database, counted(8, 0))
    (row,) = await lead.rows(location="stadhuis")
    assert (row["responsePercent"], row["mean"]) == (0.0, None)


async def test_by_week_by_month_by_location_and_by_product(lead: Lead, database: Database) -> None:
    december = date(2026, 12, 1)
    await put(
        database,
        counted(2, 1),
        counted(2, 1, "paspoort"),
        counted(1, 1, "rijbewijs"),
        counted(1, 1, day=NEXT),
        counted(1, 1, "rijbewijs", day=NEXT),
        counted(3, 1, day=december, location="wijk"),
        answer(4, "paspoort", "rijbewijs"),
        answer(2, "rijbewijs", day=NEXT),
        answer(5, "paspoort", day=december, location="wijk"),
        answer(1, day=NEXT),
    )

    def short(rows: Sequence[dict[str, Any]]) -> list[tuple[Any, ...]]:
        return [
            (row["start"], row["location"], row["invited"], row["mean"], row["kioskAnswered"])
            for row in rows
            if row["invited"]
        ]

    assert short(await lead.rows(DAY, december, by="week")) == [
        ("2026-11-24", "stadhuis", 3, 3.0, 1),
        ("2026-11-30", "wijk", 3, 5.0, 0),
    ]
    assert short(await lead.rows(date(2026, 11, 1), december, by="month")) == [
        ("2026-11-01", "stadhuis", 3, 3.0, 1),
        ("2026-12-01", "wijk", 3, 5.0, 0),
    ]
    assert short(await lead.rows(DAY, december, location="wijk")) == [("2026-12-01", "wijk", 3, 5.0, 0)]
    assert short(await lead.rows(DAY, NEXT, product="paspoort")) == [("2026-11-24", "stadhuis", 2, 4.0, None)]
    assert short(await lead.rows(DAY, NEXT, product="rijbewijs")) == [
        ("2026-11-24", "stadhuis", 1, 4.0, None),
        ("2026-11-25", "stadhuis", 1, 2.0, None),
    ]


async def test_what_is_refused(lead: Lead, with_token: Any) -> None:
    assert problem(await lead.ask(location="nergens")) == (404, "not-found")
    assert problem(await lead.ask(product="niets")) == (404, "not-found")
    for period in (
        lead.ask(DAY, DAY - timedelta(days=1)),
        lead.ask(DAY, DAY + timedelta(days=1100)),
        lead.ask(by="quarter"),
        lead.client.get("/api/v1/satisfaction"),
    ):
        assert (await period).status_code == 400
    clerk = Lead(await with_token(Role.COUNTER_CLERK))
    assert (await clerk.ask()).status_code == 403


@given(st.lists(st.integers(1, 5)))
def test_satisfaction_is_the_mean_and_how_often_each_score_was_given(scores: list[int]) -> None:
    found = satisfaction(iter(scores))
    assert found.answered == len(scores) == sum(found.distribution)
    assert found.distribution == tuple(sum(score == given for given in scores) for score in range(1, 6))
    assert found.mean == (pytest.approx(fmean(scores)) if scores else None)
