"""`kcc staffing` and GET /staffing: the same answer, for people and for programs."""

import json
from typing import Any

import httpx
import pytest

from kcc.access.roles import Role
from tests.access.test_routes import SignIn
from tests.cli.conftest import Kcc, kcc, surroundings

__all__ = ["kcc", "surroundings"]
HALF_HOUR = {"calls": "100", "per": "30", "aht": "180", "target": "80", "within": "20"}
FIGURES = {
    "serviceLevelPercent",
    "probabilityOfWaiting",
    "averageWaitSeconds",
    "abandonedPercent",
    "occupancyPercent",
}


@pytest.fixture
async def lead(kennisbank: None, with_token: SignIn) -> httpx.AsyncClient:
    return await with_token(Role.TEAM_LEAD)


def options(**asked: str) -> list[str]:
    return [part for name, value in asked.items() for part in (f"--{name}", value)]


def told(kcc: Kcc, **asked: str) -> Any:
    done = kcc("staffing", *options(**{**HALF_HOUR, **asked}), "--json")
    assert (done.code, done.err) == (0, "")
    return json.loads(done.out)


def test_the_fewest_agents_for_programs(kcc: Kcc) -> None:
    found = told(kcc)
    assert found["definition"] == {"variant": "offered", "thresholdSeconds": 20, "targetPercent": 80}
    assert (found["model"], found["stable"], found["loadErlang"]) == ("erlang-c", True, 10)
    assert (found["agents"], found["requiredAgents"], found["scheduledAgents"]) == (14, 14, 14)
    assert [row["agents"] for row in found["table"]] == list(range(9, 20))
    assert found["table"][5].items() <= found.items()
    by_agents = {row["agents"]: row for row in found["table"]}
    assert by_agents[13]["serviceLevelPercent"] == pytest.approx(79.5595, abs=5e-5)
    assert by_agents[13]["probabilityOfWaiting"] == pytest.approx(0.285270, abs=5e-7)
    assert by_agents[13]["averageWaitSeconds"] == pytest.approx(17.116, abs=5e-4)
    assert by_agents[13]["occupancyPercent"] == pytest.approx(1000 / 13)


def test_a_number_of_agents_patience_and_shrinkage(kcc: Kcc) -> None:
    found = told(kcc, agents="14", patience="300", shrinkage="30")
    assert (found["model"], found["agents"], found["requiredAgents"]) == ("erlang-a", 14, 13)
    assert found["scheduledAgents"] == 20
    assert found["serviceLevelPercent"] == pytest.approx(91.6792, abs=5e-5)
    assert found["abandonedPercent"] == pytest.approx(1.3984, abs=5e-5)
    assert found["averageWaitSeconds"] == pytest.approx(4.195, abs=5e-4)


def test_unstable_is_an_answer(kcc: Kcc) -> None:
    found = told(kcc, agents="10")
    assert found["stable"] is False
    assert {found[name] for name in FIGURES} == {None}
    assert (found["agents"], found["requiredAgents"]) == (10, 14)
    assert [row["stable"] for row in found["table"]] == [False] * 6 + [True] * 5
    assert told(kcc, agents="1")["table"][0]["agents"] == 1


def test_decimals(kcc: Kcc) -> None:
    assert told(kcc, calls="12.5", per="15", aht="150.5")["loadErlang"] == pytest.approx(12.5 * 150.5 / 900)


def test_for_people(kcc: Kcc) -> None:
    done = kcc("staffing", *options(**HALF_HOUR, agents="10", shrinkage="30"))
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[:3] == [
        "100 calls in 30 minutes of 180 s: 10.00 erlang (Erlang C, nobody hangs up)",
        "80 % within 20 s takes 14 agents; 10 agents do not keep it",
        "with 30 % shrinkage: 15 on the roster",
    ]
    assert [line for line in lines if line.startswith(">")] == [
        ">     10      15   unstable: more comes in than they can do"
    ]
    assert "      11      16    39.0 %       68.2 %    122.8 s     0.0 %    90.9 %" in lines


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"calls": "0"}, "--calls"),
        ({"calls": "nan"}, "--calls"),
        ({"calls": "inf"}, "--calls"),
        ({"calls": "veel"}, "--calls"),
        ({"per": "0"}, "--per"),
        ({"aht": "-180"}, "--aht"),
        ({"target": "100"}, "--target"),
        ({"target": "0.8"}, "--target"),
        ({"within": "-1"}, "--within"),
        ({"patience": "0"}, "--patience"),
        ({"patience": "nan"}, "--patience"),
        ({"shrinkage": "96"}, "--shrinkage"),
        ({"shrinkage": "0.3"}, "for 30 % write 30"),
        ({"agents": "0"}, "--agents"),
        ({"agents": "13.5"}, "--agents"),
        ({"calls": "1000000", "per": "1"}, "3000000 erlang is more work than 1000 agents can do"),
    ],
)
def test_what_cannot_be_asked(kcc: Kcc, asked: dict[str, str], says: str) -> None:
    done = kcc("staffing", *options(**{**HALF_HOUR, **asked}))
    assert (done.code, done.out) == (2, "")
    assert says in done.err


async def test_the_api_answers_the_same(lead: httpx.AsyncClient, kcc: Kcc) -> None:
    for asked in (HALF_HOUR, {**HALF_HOUR, "agents": "10"}, {**HALF_HOUR, "patience": "300", "shrinkage": "30"}):
        response = await lead.get("/api/v1/staffing", params=asked)
        assert response.status_code == 200
        assert response.json() == told(kcc, **asked)


async def test_the_target_is_eighty_percent_within_thirty_seconds(lead: httpx.AsyncClient) -> None:
    response = await lead.get("/api/v1/staffing", params={"calls": 100, "per": 30, "aht": 180})
    assert response.json()["definition"] == {"variant": "offered", "thresholdSeconds": 30, "targetPercent": 80}
    assert response.json()["requiredAgents"] == 13


async def test_the_api_names_every_wrong_parameter(lead: httpx.AsyncClient) -> None:
    asked = {"calls": "nan", "per": "0", "aht": "", "target": "100", "within": "-1", "patience": "x", "agents": "1.5"}
    response = await lead.get("/api/v1/staffing", params={**asked, "shrinkage": "96", "threshold": "20"})
    assert response.status_code == 400
    assert {error["location"]["name"] for error in response.json()["errors"]} == {*asked, "shrinkage", "threshold"}
    assert "vul een getal van 1 tot en met 1440 in, met een punt voor decimalen" in response.text


@pytest.mark.parametrize(
    ("asked", "wrong", "says"),
    [
        ({"calls": "1000000", "per": "1"}, "calls", "meer dan 1000 medewerkers"),
        ({"shrinkage": "0.3"}, "shrinkage", "schrijf 30 voor 30 %"),
    ],
)
async def test_the_api_refuses_what_cannot_be_meant(
    lead: httpx.AsyncClient, asked: dict[str, str], wrong: str, says: str
) -> None:
    response = await lead.get("/api/v1/staffing", params=HALF_HOUR | asked)
    assert response.status_code == 400
    assert [error["location"]["name"] for error in response.json()["errors"]] == [wrong]
    assert says in response.text
