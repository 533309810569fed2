"""OpenAPI 3.1, generated from the routes: what `@operation` says of an endpoint, and its pydantic models."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, TypeVar

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema
from starlette.routing import BaseRoute, Route

from kcc.web.headers import API_VERSION
from kcc.web.problems import MEDIA_TYPE

E = TypeVar("E", bound=Callable[..., Any])
REF = "#/components/schemas/{model}"

PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "Problem details (RFC 9457); for bad input with every error at once.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["in", "location", "code", "detail"],
                "properties": {
                    "in": {"enum": ["body", "query", "path", "header"]},
                    "location": {"type": "object"},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}


@dataclass(frozen=True)
class Operation:
    """What the OpenAPI file tells about one endpoint."""

    summary: str
    tag: str
    response: type[BaseModel] | None
    example: Any
    status: int = 200
    also: Sequence[int] = ()  # other good answers of the same shape
    query: type[BaseModel] | None = None
    body: type[BaseModel] | None = None
    body_example: Any = None
    path_parameters: Mapping[str, Any] = field(default_factory=dict)
    headers: Sequence[Mapping[str, Any]] = ()
    errors: Sequence[int] = ()


def operation(**description: Any) -> Callable[[E], E]:
    """Describe an endpoint; the keywords are the fields of `Operation`."""

    def describe(endpoint: E) -> E:
        endpoint.openapi = Operation(**description)  # type: ignore[attr-defined]
        return endpoint

    return describe


def _described(routes: Sequence[BaseRoute]) -> list[tuple[Route, Operation]]:
    return [
        (route, route.endpoint.openapi)
        for route in routes
        if isinstance(route, Route) and hasattr(route.endpoint, "openapi")
    ]


def _schemas(operations: Sequence[Operation]) -> tuple[dict[Any, Any], dict[str, Any]]:
    wanted: list[tuple[type[BaseModel], JsonSchemaMode]] = []
    for item in operations:
        wanted += [(model, "validation") for model in (item.query, item.body) if model]
        wanted += [(item.response, "serialization")] if item.response else []
    references, definitions = models_json_schema(list(dict.fromkeys(wanted)), ref_template=REF)
    return references, definitions.get("$defs", {})


def _parameters(route: Route, item: Operation, references: Any, schemas: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}, "example": example}
        for name, example in item.path_parameters.items()
    ]
    if item.query:
        schema = schemas[references[item.query, "validation"]["$ref"].rsplit("/", 1)[1]]
        for name, prop in schema["properties"].items():
            entry = {
                "name": name,
                "in": "query",
                "required": name in schema.get("required", []),
                "schema": {key: value for key, value in prop.items() if key != "example"},
            }
            if "example" in prop:
                entry["example"] = prop["example"]
            if "description" in prop:
                entry["description"] = prop["description"]
            found.append(entry)
    found += [dict(header) | {"in": "header"} for header in item.headers]
    return found


def _responses(item: Operation, references: Any, *, closed: bool) -> dict[str, Any]:
    version = {"API-Version": {"schema": {"type": "string"}, "description": "Full version of this API."}}
    good: dict[str, Any] = {"headers": version}
    if item.response:
        content = {"schema": references[item.response, "serialization"], "example": item.example}
        good["content"] = {"application/json": content}
    responses = {str(status): {"description": HTTPStatus(status).phrase} | good for status in (item.status, *item.also)}
    statuses = {
        *item.errors,
        503,  # the database is locked, or gone
        *((401, 403) if closed else (401,)),
        *((400,) if item.query or item.body else ()),
    }
    for status in sorted(statuses):
        schema = {"$ref": "#/components/schemas/Problem"}
        responses[str(status)] = {
            "description": HTTPStatus(status).phrase,
            "headers": version,
            "content": {MEDIA_TYPE: {"schema": schema}},
        }
    return responses


def document(routes: Sequence[BaseRoute], *, base_url: str, contact: Mapping[str, str]) -> dict[str, Any]:
    """The OpenAPI 3.1 document of all described routes. Paths are relative to `/api/v1`."""
    described = _described(routes)
    references, schemas = _schemas([item for _, item in described])
    queries = {references[item.query, "validation"]["$ref"].rsplit("/", 1)[1] for _, item in described if item.query}
    paths: dict[str, dict[str, Any]] = {}
    for route, item in described:
        access = route.endpoint.access  # type: ignore[attr-defined]
        entry: dict[str, Any] = {
            "operationId": re.sub(r"[^a-z0-9]+", "-", route.name.lower()),
            "summary": item.summary,
            "tags": [item.tag],
            "parameters": _parameters(route, item, references, schemas),
            "responses": _responses(item, references, closed=not access.public),
            "security": [{}, {"bearer": []}] if access.public else [{"bearer": []}],
        }
        if item.body:
            content = {"schema": references[item.body, "validation"], "example": item.body_example}
            entry["requestBody"] = {"required": True, "content": {"application/json": content}}
        path = paths.setdefault(route.path_format.removeprefix("/api/v1"), {})
        for method in sorted((route.methods or set()) - {"HEAD"}):
            path[method.lower()] = entry
    components = {name: schema for name, schema in schemas.items() if name not in queries}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "kcc",
            "version": API_VERSION,
            "description": "The API of a municipality's contact centre: kennisbank, appointments, contacts, catalogue.",
            "contact": dict(contact),
            "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        },
        "servers": [{"url": f"{base_url}/api/v1"}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": {"Problem": PROBLEM_SCHEMA, **components},
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    }
