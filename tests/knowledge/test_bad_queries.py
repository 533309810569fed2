"""Whatever is typed or sent as a query: an answer or a clear no, never a crash."""

from collections.abc import Awaitable, Callable
from urllib.parse import quote

import httpx
import pytest

from kcc.access.roles import Role

ARTICLES, SUGGESTIONS = "/api/v1/articles", "/api/v1/suggestions"
NOTHING = ["", " ", "\t\n", "de het een en", "?", "...", "-", "--", "'", '"', "`", "\\", "/", "%", "_", "*"]
OPERATORS = [
    "a*", "*a", "?a", "a~2", "AND", "OR NOT", "paspoort AND NOT", "(paspoort", "paspoort)", '"paspoort', '"de het"',
    "title:paspoort", "paspoort^9999", "[a TO z]", "{x}", "paspoort +kwijt -weg", "<script>alert(1)</script>",
    "'; DROP TABLE article; --", "{{paspoort-18-plus}}", "${7*7}", "{{7*7}}", "../../etc/passwd", "null", "undefined",
]  # fmt: skip
SCRIPTS = [
    "😀", "👩\u200d👩\u200d👧 paspoort", "паспорт", "جواز سفر", "护照", "여권", "ぱすぽーと", "ﬁets",
    "\uff30\uff21\uff33", "e\u0301e\u0301n", "a\u0300" * 200, "\u202epaspoort", "\ufeffpaspoort", "pas\u00adpoort",
    "pas\u200bpoort", "\x01\x02\x7f", "\x1b[31m", "\ud7ff\ue000\ufffd\uffff", "\U0010ffff", "İSTANBUL", "ß",
]  # fmt: skip
LONG = [
    "1234567890" * 10, "1e400", "a" * 500, "a" * 10_000, "paspoort " * 1_000, "é" * 5_000, "-" * 5_000, "a-" * 2_000,
    " ".join(f"woord{number}" for number in range(2_000)), "paspoortaanvraagformulierbalie" * 20,
]  # fmt: skip


async def test_anything_may_be_typed(
    kennisbank: None, client: httpx.AsyncClient, sign_in: Callable[..., Awaitable[httpx.AsyncClient]]
) -> None:
    agent = await sign_in(Role.AGENT)
    for typed in NOTHING + OPERATORS + SCRIPTS + LONG:
        query = quote(typed, safe="")
        for road in (f"{ARTICLES}?q={query}", f"{SUGGESTIONS}?q={query}", f"/antwoorden?q={query}"):
            assert (await client.get(road)).status_code == 200, (road[:60], len(road))
        desk = await agent.get(f"/werk?q={query}", headers={"HX-Target": "div#gevonden"})
        assert desk.status_code == 200, typed[:60]


async def test_bytes_that_are_no_text(kennisbank: None, client: httpx.AsyncClient) -> None:
    for query in (
        "%",
        "%2",
        "%zz",
        "%ff%fe",
        "%c3%28",
        "%ed%a0%80",
        "%f8%a1%a1%a1%a1",
        "%u0041",
        "+++",
        "%250",
        "=&=",
        ";",
    ):
        for road in (f"{ARTICLES}?q={query}", f"{SUGGESTIONS}?q={query}", f"/antwoorden?q={query}", f"/?lang={query}"):
            answer = await client.get(road)
            assert answer.status_code in ({200, 400} if query in {"=&="} else {200}), road


async def test_nul_is_refused(kennisbank: None, client: httpx.AsyncClient) -> None:
    for road in (
        f"{ARTICLES}?q=%00", f"{ARTICLES}?q=pas%00poort", f"{ARTICLES}?topic=%00", f"{SUGGESTIONS}?q=%00",
        f"{ARTICLES}/%00", f"{ARTICLES}/a%00b", "/antwoorden?q=%00", "/antwoorden/%00", "/antwoorden/x?q=%00", "/%00",
    ):  # fmt: skip
        answer = await client.get(road)
        assert answer.status_code == 400, road
    form = {"verdict": "resolved", "query": "\x00"}
    assert (await client.post("/antwoorden/grofvuil/reactie", data=form)).status_code == 400


async def test_strange_addresses_are_not_there(kennisbank: None, client: httpx.AsyncClient) -> None:
    for name in (
        "GROFVUIL",
        "grofvuil ",
        "grofvuil%0a",
        "%F0%9F%98%80",
        "x" * 5_000,
        "%2e%2e",
        "a%2fb",
        "%ff",
        "'",
        "-",
        "*",
    ):
        for road in (f"{ARTICLES}/{name}", f"/antwoorden/{name}"):
            assert (await client.get(road)).status_code == 404, road[:60]


async def test_parameters_that_cannot_be(
    kennisbank: None, client: httpx.AsyncClient, subtests: pytest.Subtests
) -> None:
    for query, named in {
        "limit=0": "limit", "limit=101": "limit", "limit=x": "limit", "limit=": "limit", "limit=1.5": "limit",
        "limit=" + "9" * 5_000: "limit", "offset=-1": "offset", "offset=10001": "offset",
        "limit=0&offset=-1": "limit offset", "limit=1&limit=1&offset=x": "limit offset", "q=a&q=b": "q",
        "audience=iedereen": "audience", "topic=Niet+Goed": "topic", "department=%27": "department",
        "language=nederlands": "language", "kleur=blauw": "kleur", "sort=title&Q=x": "Q sort",
    }.items():  # fmt: skip
        with subtests.test(query[:40]):
            answer = await client.get(f"{ARTICLES}?{query}")
            assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
            assert " ".join(sorted(error["location"]["name"] for error in answer.json()["errors"])) == named
            assert {error["in"] for error in answer.json()["errors"]} == {"query"}


async def test_a_filter_left_empty_filters_nothing(kennisbank: None, client: httpx.AsyncClient) -> None:
    answer = await client.get(f"{ARTICLES}?q=&topic=&department=&audience=&language=")
    assert (answer.status_code, answer.json()["total"]) == (200, 3)
