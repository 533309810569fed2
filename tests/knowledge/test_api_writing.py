"""Making and changing articles through the API, and what is refused."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from kcc.access.roles import Role
from tests.conftest import SetClock
from tests.knowledge.drafting import article_json

WithToken = Callable[[Role], Awaitable[httpx.AsyncClient]]
ARTICLES = "/api/v1/articles"


@pytest.fixture
async def editor(kennisbank: None, with_token: WithToken) -> httpx.AsyncClient:
    return await with_token(Role.EDITOR)


async def test_an_article_is_made(editor: httpx.AsyncClient, moment: SetClock) -> None:
    everything = article_json(
        slug="hond", upl="paspoort", department="afval", audience="agents", status="published", language="en",
        internal="Vraag door.", facts={"Kosten": "{{paspoort-18-plus}}"}, variants=["mijn hond"], synonyms=["puppy"],
        related=["grofvuil"], product="hond", form="https://formulieren.voorbeeld.example/hond",
        validFrom="2026-01-01", validUntil="2027-01-01", reviewDate="2026-12-01",
    )  # fmt: skip
    answer = await editor.post(ARTICLES, json=everything)
    assert (answer.status_code, answer.headers["Location"]) == (201, f"{ARTICLES}/hond")
    assert answer.headers["ETag"] == '"1"'
    made = answer.json()
    assert {name: made[name] for name in everything} == everything
    assert (made["version"], made["sourceId"], made["updatedAt"]) == (1, None, "2026-11-24T08:00:00Z")
    assert made["uplUri"] == "http://standaarden.overheid.nl/owms/terms/paspoort"
    assert (await editor.get(f"{ARTICLES}/hond")).json() == made


async def test_what_is_not_given_has_its_default(editor: httpx.AsyncClient) -> None:
    made = (await editor.post(ARTICLES, json=article_json(slug="hond"))).json()
    assert {name: made[name] for name in ("upl", "department", "audience", "status", "language", "internal")} == {
        "upl": "UPL-naam nog niet beschikbaar",
        "department": "burgerzaken",
        "audience": "public",
        "status": "published",
        "language": "nl",
        "internal": "",
    }
    assert (made["facts"], made["variants"], made["product"], made["validFrom"]) == ({}, [], None, None)


async def test_a_change_is_a_new_version_with_a_revision(editor: httpx.AsyncClient, moment: SetClock) -> None:
    await editor.post(ARTICLES, json=article_json(slug="hond"))
    moment.move(hours=1)
    answer = await editor.put(f"{ARTICLES}/hond", json=article_json(title="Kat"), headers={"If-Match": '"1"'})
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
    assert (answer.json()["title"], answer.json()["updatedAt"]) == ("Kat", "2026-11-24T09:00:00Z")
    revisions = (await editor.get(f"{ARTICLES}/hond/revisions")).json()
    assert revisions["total"] == 2
    assert [(row["version"], row["changedBy"], row["changedAt"]) for row in revisions["results"]] == [
        (2, "test", "2026-11-24T09:00:00Z"),
        (1, "test", "2026-11-24T08:00:00Z"),
    ]
    assert [row["content"]["title"] for row in revisions["results"]] == ["Kat", "Hond aanmelden"]


async def test_revisions_come_in_pages(editor: httpx.AsyncClient) -> None:
    await editor.post(ARTICLES, json=article_json(slug="hond"))
    for number in range(1, 4):
        body = article_json(title=f"Hond {number}")
        await editor.put(f"{ARTICLES}/hond", json=body, headers={"If-Match": f'"{number}"'})
    first = (await editor.get(f"{ARTICLES}/hond/revisions", params={"limit": 3})).json()
    assert ([row["version"] for row in first["results"]], first["total"]) == ([4, 3, 2], 4)
    second = (await editor.get(first["next"])).json()
    assert ([row["version"] for row in second["results"]], second["next"]) == ([1], None)


async def test_the_same_content_again_is_no_change(editor: httpx.AsyncClient) -> None:
    await editor.post(ARTICLES, json=article_json(slug="hond"))
    answer = await editor.put(f"{ARTICLES}/hond", json=article_json(), headers={"If-Match": '"1"'})
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"1"')
    assert (await editor.get(f"{ARTICLES}/hond/revisions")).json()["total"] == 1


async def test_a_change_must_name_the_version_it_changes(editor: httpx.AsyncClient) -> None:
    def problem(answer: httpx.Response) -> tuple[int, str]:
        return answer.status_code, answer.json()["type"].rsplit("/", 1)[1]

    body = article_json()
    missing = await editor.put(f"{ARTICLES}/grofvuil", json=body)
    assert problem(missing) == (428, "precondition-required")
    for old in ('"0"', '"2"', '"x"', "", "*", '"-1"', '"1.0"', '"' + "9" * 30 + '"', '"1", "2"', '"٣"'.encode()):
        answer = await editor.put(f"{ARTICLES}/grofvuil", json=body, headers={"If-Match": old})
        assert problem(answer) == (412, "edited-meanwhile"), old
    for same in ("1", 'W/"1"'):
        answer = await editor.put(f"{ARTICLES}/paspoort-kwijt", json=body, headers={"If-Match": same})
        assert answer.status_code in {200, 412}
    assert (await editor.get(f"{ARTICLES}/grofvuil")).json()["version"] == 1


async def test_an_article_that_is_not_there_cannot_be_changed(editor: httpx.AsyncClient) -> None:
    answer = await editor.put(f"{ARTICLES}/bestaat-niet", json=article_json(), headers={"If-Match": '"1"'})
    assert answer.status_code == 404


async def test_a_name_that_is_taken_is_refused(editor: httpx.AsyncClient) -> None:
    answer = await editor.post(ARTICLES, json=article_json(slug="grofvuil"))
    assert answer.status_code == 409
    assert answer.json()["errors"][0] | {"detail": ""} == {
        "in": "body",
        "location": {"pointer": "/slug"},
        "code": "taken",
        "detail": "",
    }


async def test_everything_unknown_is_told_at_once(editor: httpx.AsyncClient) -> None:
    body = article_json(slug="hond", topic="weg", department="weg", upl="weg", body="{{weg}}")
    answer = await editor.post(ARTICLES, json=body)
    assert (answer.status_code, answer.json()["type"].rsplit("/", 1)[1]) == (409, "unknown-reference")
    places = [error["location"]["pointer"] for error in answer.json()["errors"]]
    assert places == ["/topic", "/department", "/upl", "/body"]


async def test_an_article_cannot_end_before_it_begins(editor: httpx.AsyncClient) -> None:
    reversed_dates = {"validFrom": "2026-01-02", "validUntil": "2026-01-01"}
    made = await editor.post(ARTICLES, json=article_json(slug="hond", **reversed_dates))
    body = article_json(**reversed_dates)
    changed = await editor.put(f"{ARTICLES}/grofvuil", json=body, headers={"If-Match": '"1"'})
    for answer in (made, changed):
        assert (answer.status_code, answer.json()["type"].rsplit("/", 1)[1]) == (409, "dates-out-of-order")
        assert answer.json()["errors"][0]["location"] == {"pointer": "/validUntil"}
    one_day = article_json(slug="hond", validFrom="2026-11-24", validUntil="2026-11-24")
    assert (await editor.post(ARTICLES, json=one_day)).status_code == 201


async def test_everything_wrong_is_told_at_once(editor: httpx.AsyncClient) -> None:
    body = {
        "slug": "Geen Slug", "topic": 7, "title": "", "shortAnswer": "\u0007", "facts": {"a": 1}, "kleur": "blauw",
        "form": "javascript:alert(1)", "validFrom": "morgen", "variants": ["goed", ""], "audience": "iedereen",
    }  # fmt: skip
    answer = await editor.post(ARTICLES, json=body)
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    told = {error["location"]["pointer"] for error in answer.json()["errors"]}
    assert told == {
        "/slug", "/topic", "/title", "/shortAnswer", "/facts/a", "/variants/1", "/form", "/validFrom", "/kleur",
        "/audience",
    }  # fmt: skip


WRONG: list[dict[str, Any]] = [
    {"title": "x" * 201}, {"title": "regel\nregel"}, {"title": " "}, {"title": "\u0000"}, {"title": "\ud800"},
    {"shortAnswer": "x" * 601}, {"shortAnswer": " \n "}, {"body": "x" * 20_001}, {"body": "\u0000"}, {"body": None},
    {"body": "## Alleen voor medewerkers\n\ngeheim"}, {"internal": "\ud800"}, {"variants": ["x"] * 101},
    {"variants": ["\ud800"]}, {"synonyms": "los"}, {"related": ["-"]}, {"facts": {str(i): "x" for i in range(7)}},
    {"facts": {"x" * 41: "x"}}, {"facts": {"\u0000": "x"}}, {"facts": {"\ud800": "x"}}, {"facts": []}, {"\ud800": "x"},
    {"validFrom": "2026-02-30"}, {"validFrom": 1}, {"validFrom": 0}, {"validFrom": "0"},
    {"validUntil": "2026-01-01T00:00:00"},
    {"language": "NL"}, {"status": "weg"}, {"product": "A"}, {"topic": ""}, {"topic": "x" * 61}, {"upl": "\n"},
    {"form": "https://"}, {"form": "https://x.example/\t/"}, {"form": "https://a b.example"}, {"form": "http://[::1"},
    {"form": "https://x.example/" + "x" * 500}, {"sourceId": "1"}, {"version": 2}, {"slug": "hond2", "title": ["x"]},
]  # fmt: skip


async def test_what_an_article_cannot_be(editor: httpx.AsyncClient, subtests: pytest.Subtests) -> None:
    for number, fields in enumerate(WRONG):
        with subtests.test(number=number):
            body = json.dumps(article_json(slug="hond") | fields)  # in ASCII: halves of surrogate pairs too
            answer = await editor.post(ARTICLES, content=body, headers={"Content-Type": "application/json"})
            assert answer.status_code == 400, fields
            assert answer.json()["errors"]
    assert (await editor.get(f"{ARTICLES}/hond")).status_code == 404


async def test_bodies_that_are_no_json(editor: httpx.AsyncClient, subtests: pytest.Subtests) -> None:
    json_type = {"Content-Type": "application/json"}
    for content, headers, status in (
        (b"", json_type, 400),
        (b"{", json_type, 400),
        (b"[]", json_type, 400),
        (b"null", json_type, 400),
        (b'"x"', json_type, 400),
        (b"NaN", json_type, 400),
        (b"\xff\xfe", json_type, 400),
        (b'{"title": "\xe9"}', json_type, 400),
        (b"[" * 200_000, json_type, 400),
        (b'{"title": ' + b"9" * 5_000 + b"}", json_type, 400),
        (b"title=x", {"Content-Type": "application/x-www-form-urlencoded"}, 400),
        (b"{}", {"Content-Type": "text/plain"}, 400),
        (b"{}", {}, 400),
        (b" " * 1_000_001, json_type, 413),
        (b"{}", json_type | {"Content-Length": "1000001"}, 413),
    ):
        with subtests.test(content=content[:20], headers=headers):
            answer = await editor.post(ARTICLES, content=content, headers=headers)
            assert answer.status_code == status
            assert answer.headers["content-type"] == "application/problem+json"


async def test_a_body_that_does_not_tell_its_size_is_cut_off(editor: httpx.AsyncClient) -> None:
    async def endless() -> Any:
        for _ in range(100):
            yield b" " * 50_000

    answer = await editor.post(ARTICLES, content=endless(), headers={"Content-Type": "application/json"})
    assert answer.status_code == 413


async def test_of_many_changes_to_one_version_exactly_one_wins(editor: httpx.AsyncClient) -> None:
    changes = [
        editor.put(f"{ARTICLES}/grofvuil", json=article_json(title=f"Versie {number}"), headers={"If-Match": '"1"'})
        for number in range(12)
    ]
    answers = await asyncio.gather(*changes)
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 11
    (won,) = (answer.json() for answer in answers if answer.status_code == 200)
    assert (await editor.get(f"{ARTICLES}/grofvuil")).json()["title"] == won["title"]
    assert (await editor.get(f"{ARTICLES}/grofvuil/revisions")).json()["total"] == 2


async def test_of_many_articles_with_one_name_exactly_one_is_made(editor: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*(editor.post(ARTICLES, json=article_json(slug="hond")) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7


async def test_feedback_is_taken_and_what_is_wrong_with_it_told(editor: httpx.AsyncClient) -> None:
    address = f"{ARTICLES}/grofvuil/feedback"
    for good in (
        {"verdict": "resolved", "query": "bank"},
        {"verdict": "not-the-answer"},
        {"verdict": "wrong", "note": "x"},
    ):
        assert (await editor.post(address, json=good)).status_code == 204
    for bad in (
        {}, {"verdict": "ja"}, {"verdict": "resolved", "query": "x" * 501}, {"verdict": "wrong", "note": "x" * 1001},
        {"verdict": "resolved", "query": "\u0000"}, {"verdict": "resolved", "bsn": "1"}, {"verdict": None},
    ):  # fmt: skip
        assert (await editor.post(address, json=bad)).status_code == 400, bad
    gone = await editor.post(f"{ARTICLES}/bestaat-niet/feedback", json={"verdict": "resolved"})
    assert gone.status_code == 404
