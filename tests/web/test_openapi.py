"""The OpenAPI document: complete, consistent with itself and with the routes, and open to everyone."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.validators import validator_for
from starlette.routing import Route

from kcc.routes import all_routes, openapi_document
from kcc.settings import Settings
from tests.running import ONE_DATABASE

PREFIX = "/api/v1"
DOCUMENT = f"{PREFIX}/openapi.json"
METHODS = {"get", "put", "post", "delete", "patch"}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return openapi_document(Settings(base_url="https://kcc.test"))


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        assert set(item) <= METHODS, path
        for method, operation in item.items():
            yield method.upper(), path, operation


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for inner in value.values():
            yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)


def _problems(document: dict[str, Any], schema: dict[str, Any], example: Any) -> list[str]:
    """What is wrong with an example, by a schema whose references point into the document."""
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", "components": document["components"], **schema}
    validator = Draft202012Validator(whole, format_checker=FormatChecker())
    return [error.message for error in validator.iter_errors(example)]


def _contents(operation: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """(media type, content) of the body and of each response."""
    for holder in (operation.get("requestBody", {}), *operation["responses"].values()):
        yield from holder.get("content", {}).items()


def test_the_document_says_whose_it_is_and_which_version(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1.")
    info = document["info"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", info["version"])
    assert info["title"]
    assert info["description"]
    assert info["contact"]["name"]
    assert info["contact"]["url"].startswith("https://")
    assert "@" in info["contact"]["email"]
    assert [server["url"] for server in document["servers"]] == ["https://kcc.test/api/v1"]


def test_every_route_of_the_api_is_described_and_no_other(document: dict[str, Any]) -> None:
    routes = {
        (method, route.path_format.removeprefix(PREFIX))
        for route in all_routes(Settings())
        if isinstance(route, Route) and route.path.startswith(PREFIX) and route.path != DOCUMENT
        for method in (route.methods or set()) - {"HEAD"}
    }
    assert {(method, path) for method, path, _ in _operations(document)} == routes


def test_addresses_are_kebab_case_without_a_slash_at_the_end(document: dict[str, Any]) -> None:
    for path in document["paths"]:
        assert re.fullmatch(r"(/([a-z]+(-[a-z]+)*|\{[a-z][a-zA-Z]*\}))+", path), path


def test_names_of_parameters_and_properties_are_camel_case(document: dict[str, Any]) -> None:
    names = {
        parameter["name"]
        for _, _, operation in _operations(document)
        for parameter in operation["parameters"]
        if parameter["in"] == "query"
    }
    for schema in document["components"]["schemas"].values():
        names |= set(schema.get("properties", {}))
    assert names
    assert [name for name in names if not re.fullmatch(r"[a-z]+([A-Z][a-z]*)*", name)] == []


def test_every_operation_is_told_in_full(document: dict[str, Any]) -> None:
    for method, path, operation in _operations(document):
        where = f"{method} {path}"
        assert operation["summary"], where
        assert operation["tags"], where
        good = [status for status in operation["responses"] if status.startswith("2")]
        assert len(good) == 1 or sorted(good) == ["200", "201"], where  # a dry run makes nothing
        assert any(status.startswith("4") for status in operation["responses"]), where
        for status, response in operation["responses"].items():
            assert "API-Version" in response["headers"], (where, status)
            if int(status) >= 400:
                assert set(response["content"]) == {"application/problem+json"}, (where, status)


def test_every_operation_has_an_id_of_its_own(document: dict[str, Any]) -> None:
    ids = [operation["operationId"] for _, _, operation in _operations(document)]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) for name in ids)


def test_every_operation_has_an_example_of_what_goes_in_and_out(document: dict[str, Any]) -> None:
    for method, path, operation in _operations(document):
        for parameter in operation["parameters"]:
            if parameter["required"]:
                assert "example" in parameter, (method, path, parameter["name"])
        contents = [content for kind, content in _contents(operation) if kind == "application/json"]
        assert all("example" in content for content in contents), (method, path)
        assert contents or "204" in operation["responses"], (method, path)


def test_every_example_fits_its_schema(document: dict[str, Any]) -> None:
    checked = 0
    for method, path, operation in _operations(document):
        for parameter in operation["parameters"]:
            if "example" in parameter:
                assert _problems(document, parameter["schema"], parameter["example"]) == [], (method, path)
        for _, content in _contents(operation):
            if "example" in content:
                assert _problems(document, content["schema"], content["example"]) == [], (method, path)
                checked += 1
    assert checked > 10


def test_a_wrong_example_would_be_noticed(document: dict[str, Any]) -> None:
    schema = {"$ref": "#/components/schemas/NewArticle"}
    assert _problems(document, schema, {"slug": "Met Spaties"})


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    references = set(_references(document))
    assert references
    for reference in references:
        target: Any = document
        for part in reference.removeprefix("#/").split("/"):
            target = target[part]
        assert isinstance(target, dict)


def test_every_schema_is_a_schema_and_is_used(document: dict[str, Any]) -> None:
    used = {reference.rsplit("/", 1)[1] for reference in _references(document)}
    assert set(document["components"]["schemas"]) == used
    for name, schema in document["components"]["schemas"].items():
        validator_for(schema, default=Draft202012Validator).check_schema(schema)
        assert schema.get("description") or "enum" in schema, name


def test_every_parameter_in_an_address_is_described(document: dict[str, Any]) -> None:
    for method, path, operation in _operations(document):
        described = {parameter["name"] for parameter in operation["parameters"] if parameter["in"] == "path"}
        assert described == set(re.findall(r"\{(\w+)\}", path)), (method, path)


def test_who_needs_a_token_is_told(document: dict[str, Any]) -> None:
    for method, path, operation in _operations(document):
        closed = {} not in operation["security"]
        assert {"bearer": []} in operation["security"], (method, path)
        assert closed == ("403" in operation["responses"]), (method, path)
        assert "401" in operation["responses"], (method, path)
    assert document["components"]["securitySchemes"]["bearer"] == {"type": "http", "scheme": "bearer"}


@ONE_DATABASE
async def test_the_document_is_open_to_every_site_without_a_token(client: httpx.AsyncClient) -> None:
    response = await client.get(DOCUMENT, headers={"Origin": "https://elders.example", "Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["content-type"] == "application/json"
    assert response.json()["paths"]


@ONE_DATABASE
async def test_no_other_answer_is_open_to_every_site(kennisbank: None, client: httpx.AsyncClient) -> None:
    for address in ("/", "/api/v1/topics", "/api/v1/articles?q=paspoort", "/inloggen", "/static/theme.css"):
        response = await client.get(address, headers={"Origin": "https://elders.example"})
        assert response.status_code == 200
        assert "access-control-allow-origin" not in response.headers, address


@ONE_DATABASE
async def test_the_version_in_the_header_is_the_one_in_the_document(client: httpx.AsyncClient) -> None:
    response = await client.get(DOCUMENT)
    assert response.headers["api-version"] == response.json()["info"]["version"]
