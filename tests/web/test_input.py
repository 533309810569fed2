"""Reading requests: everything that is wrong is told at once, and named where it stands."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from kcc.access.roles import Role
from tests.running import ONE_DATABASE

pytestmark = ONE_DATABASE
SignIn = Callable[..., Awaitable[httpx.AsyncClient]]
ARTICLE: dict[str, Any] = {"slug": "nieuw", "title": "Nieuw", "topic": "paspoort", "shortAnswer": "Zo doet u dat."}


@pytest.fixture
async def editor(kennisbank: None, with_token: SignIn) -> httpx.AsyncClient:
    return await with_token(Role.EDITOR)


def _errors(response: httpx.Response) -> set[tuple[str, str, str]]:
    """(where, which, code) of every error in a 400."""
    assert response.status_code == 400, response.text
    assert response.headers["content-type"] == "application/problem+json"
    found = set()
    for error in response.json()["errors"]:
        ((key, location),) = error["location"].items()
        assert key == ("pointer" if error["in"] == "body" else "name")
        assert error["detail"]
        found.add((error["in"], location, error["code"]))
    return found


def _places(response: httpx.Response) -> set[tuple[str, str]]:
    return {(where, which) for where, which, _ in _errors(response)}


async def _post(client: httpx.AsyncClient, content: bytes, content_type: str = "application/json") -> httpx.Response:
    return await client.post("/api/v1/articles", content=content, headers={"Content-Type": content_type})


async def test_all_wrong_parameters_are_told_at_once(client: httpx.AsyncClient) -> None:
    response = await client.get("/api/v1/articles?limit=0&offset=x&audience=iedereen&onbekend=1&topic=a&topic=b")
    assert _places(response) == {
        ("query", "limit"),
        ("query", "offset"),
        ("query", "audience"),
        ("query", "onbekend"),
        ("query", "topic"),
    }


async def test_a_parameter_that_is_not_known_is_refused(client: httpx.AsyncClient) -> None:
    assert _errors(await client.get("/api/v1/topics?sort=name")) == {("query", "sort", "extra-forbidden")}


async def test_a_parameter_may_be_given_once(client: httpx.AsyncClient) -> None:
    assert _errors(await client.get("/api/v1/topics?limit=2&limit=3")) == {("query", "limit", "repeated")}


async def test_limits_of_a_page_are_kept(client: httpx.AsyncClient) -> None:
    for query in ("limit=0", "limit=101", "limit=-1", "limit=1.5", "limit=", "limit=1e2", "limit=" + "9" * 5000):
        assert _places(await client.get(f"/api/v1/topics?{query}")) == {("query", "limit")}, query[:20]
    for query in ("offset=-1", "offset=10001", "offset=" + "9" * 30):
        assert _places(await client.get(f"/api/v1/topics?{query}")) == {("query", "offset")}, query


async def test_all_wrong_properties_are_told_at_once(editor: httpx.AsyncClient) -> None:
    wrong = {"title": "", "slug": "Met Spaties", "audience": "iedereen", "kleur": "rood", "validFrom": "gisteren"}
    response = await editor.post("/api/v1/articles", json=wrong)
    assert _places(response) == {
        ("body", "/title"),
        ("body", "/slug"),
        ("body", "/audience"),
        ("body", "/kleur"),
        ("body", "/validFrom"),
        ("body", "/topic"),
        ("body", "/shortAnswer"),
    }


async def test_properties_are_camel_case_and_nothing_else(editor: httpx.AsyncClient) -> None:
    snake = {**ARTICLE, "short_answer": ARTICLE["shortAnswer"]}
    del snake["shortAnswer"]
    response = await editor.post("/api/v1/articles", json=snake)
    assert _errors(response) == {("body", "/shortAnswer", "missing"), ("body", "/short_answer", "extra-forbidden")}
    made = await editor.post("/api/v1/articles", json=ARTICLE)
    assert made.status_code == 201
    assert {key for key in made.json() if "_" in key} == set()


async def test_a_pointer_leads_to_the_place_also_in_lists_and_through_odd_names(editor: httpx.AsyncClient) -> None:
    response = await editor.post("/api/v1/articles", json=ARTICLE | {"variants": ["goed", ""], "a/b~c": 1})
    assert _places(response) == {("body", "/variants/1"), ("body", "/a~1b~0c")}


async def test_what_is_wrong_with_the_whole_points_to_the_whole(editor: httpx.AsyncClient) -> None:
    for body in (b"[]", b'"tekst"', b"null", b"7"):
        assert _places(await _post(editor, body)) == {("body", "")}, body


async def test_the_body_must_say_that_it_is_json(editor: httpx.AsyncClient) -> None:
    body = json.dumps(ARTICLE).encode()
    for content_type in ("text/plain", "application/x-www-form-urlencoded", "", "application/merge-patch+json", "json"):
        errors = _errors(await _post(editor, body, content_type))
        assert errors == {("header", "Content-Type", "media-type")}, content_type


async def test_the_type_of_the_body_may_name_its_encoding(editor: httpx.AsyncClient) -> None:
    response = await _post(editor, json.dumps(ARTICLE).encode(), "Application/JSON; charset=utf-8")
    assert response.status_code == 201


async def test_broken_json_is_told_so(editor: httpx.AsyncClient) -> None:
    broken = [
        b"", b"{", b'{"a": }', b"{'a': 1}", b"\xff\xfe", b"\x00", b"{}{}", b"[" * 100_000, b'{"a":' * 50_000,
        b'{"version": ' + b"9" * 50_000 + b"}", b'"\xed\xa0\x80"',
    ]  # fmt: skip
    for body in broken:
        assert _errors(await _post(editor, body)) == {("body", "", "json-invalid")}, body[:20]


async def test_numbers_that_json_does_not_have_are_told_so(editor: httpx.AsyncClient) -> None:
    for number in (b"NaN", b"Infinity", b"-Infinity"):
        assert _errors(await _post(editor, b'{"title": ' + number + b"}")) == {("body", "", "json-invalid")}, number


async def test_characters_no_text_has_are_refused_wherever_they_stand(editor: httpx.AsyncClient) -> None:
    for character in ("\\u0000", "\\ud800", "\\u001b"):
        for field in ("title", "shortAnswer", "body", "internal", "slug", "topic", "upl"):
            article = json.dumps(ARTICLE | {field: "PLAATS"}).replace("PLAATS", f"a{character}b")
            response = await _post(editor, article.encode())
            assert ("body", f"/{field}") in _places(response), (character, field)


async def test_a_form_is_read_by_the_same_rules(kennisbank: None, sign_in: SignIn) -> None:
    agent = await sign_in(Role.AGENT)
    for data in ({}, {"query": "pas", "found": "veel"}, {"query": "pas", "onbekend": "x"}, {"query": "a\x00b"}):
        response = await agent.post("/werk/zoekvraag", data=data)
        assert response.status_code == 400, data
        assert response.headers["content-type"].startswith("text/html")
