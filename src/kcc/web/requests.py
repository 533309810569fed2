"""Read a request into a pydantic model; all that is wrong with it is told at once."""

import json
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel
from starlette.requests import Request

from kcc.errors import EditedMeanwhile, FieldError, InvalidInput, PreconditionRequired

M = TypeVar("M", bound="Wire")
DIGITS_OF_A_VERSION = 9


class Wire(BaseModel):
    """What crosses the wire: camelCase outside, snake_case inside, nothing unknown."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="forbid", str_strip_whitespace=True
    )


def _errors(error: ValidationError, place: str) -> list[FieldError]:
    found = []
    for item in error.errors(include_url=False, include_context=False):
        parts = [str(part) for part in item["loc"]]
        location = "/" + "/".join(parts) if place == "body" else ".".join(parts[:1])
        detail = (
            "is hier niet bekend" if item["type"] == "extra_forbidden" else item["msg"].removeprefix("Value error, ")
        )
        found.append(FieldError(place, location, item["type"].replace("_", "-"), detail))
    return found


def _validate(model: type[M], data: Any, place: str) -> M:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        problems = _errors(error, place)
        names = ", ".join(sorted({problem.location for problem in problems}))
        raise InvalidInput(f"Niet goed ingevuld: {names}", problems) from None


def read_query(request: Request[Any], model: type[M]) -> M:
    """The query parameters as `model`. A list field takes every occurrence, any other field just one."""
    data: dict[str, Any] = {}
    lists = {field.alias or name for name, field in model.model_fields.items() if "list" in str(field.annotation)}
    repeated = []
    for key in request.query_params:
        values = request.query_params.getlist(key)
        if key in lists:
            data[key] = values
        elif len(values) > 1:
            repeated.append(FieldError("query", key, "repeated", "mag maar één keer worden gegeven"))
        else:
            data[key] = values[0]
    if repeated:
        raise InvalidInput("Een parameter is meer dan één keer gegeven", repeated)
    return _validate(model, data, "query")


async def read_json(request: Request[Any], model: type[M]) -> M:
    """The JSON body as `model`."""
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type != "application/json":
        problem = FieldError("header", "Content-Type", "media-type", "moet application/json zijn")
        raise InvalidInput("De inhoud moet JSON zijn (Content-Type: application/json)", [problem])
    try:
        data = json.loads(await request.body())
    except (ValueError, RecursionError):
        problem = FieldError("body", "", "json-invalid", "is geen geldige JSON")
        raise InvalidInput("De inhoud is geen geldige JSON", [problem]) from None
    return _validate(model, data, "body")


async def read_form(request: Request[Any], model: type[M]) -> M:
    """The fields of an HTML form as `model`; a field left empty counts as not given."""
    async with request.form(max_files=0, max_fields=200) as form:
        data = {key: value for key, value in form.items() if isinstance(value, str) and value.strip()}
    for key, value in data.items():
        if "\x00" in value:
            problem = FieldError("body", f"/{key}", "control-character", "mag geen NUL-teken hebben")
            raise InvalidInput(f"{key} bevat een teken dat niet kan", [problem])
    return _validate(model, data, "body")


def required_version(request: Request[Any]) -> int:
    """The version in If-Match, as given by ETag. Raises PreconditionRequired or InvalidInput."""
    header = request.headers.get("if-match")
    if header is None:
        problem = FieldError("header", "If-Match", "missing", "geef de ETag van de versie die u wijzigt")
        raise PreconditionRequired("Geef in If-Match de ETag van de versie die u wijzigt", [problem])
    version = header.strip().removeprefix("W/").strip('"')
    if not (version.isascii() and version.isdigit() and len(version) <= DIGITS_OF_A_VERSION):
        raise EditedMeanwhile("De ETag in If-Match hoort bij geen enkele versie")
    return int(version)
