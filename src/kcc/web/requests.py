"""Read a request into a pydantic model; all that is wrong with it is told at once."""

import json
from collections.abc import Sequence
from typing import Any, NoReturn, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel
from starlette.requests import Request

from kcc.errors import EditedMeanwhile, FieldError, InvalidInput, PreconditionRequired

M = TypeVar("M", bound="Wire")
DIGITS_OF_A_VERSION = 9
_DETAIL_BY_TYPE = {
    "extra_forbidden": "is hier niet bekend",
    "missing": "ontbreekt",
    "model_type": "moet een JSON-object zijn",
}


class Wire(BaseModel):
    """What crosses the wire: camelCase outside, snake_case inside, nothing unknown."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="forbid", str_strip_whitespace=True
    )


def _pointer(parts: Sequence[int | str]) -> str:
    """JSON Pointer (RFC 6901): `/variants/1`; the empty one is the whole body."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts if part != "[key]")


def _errors(error: ValidationError, place: str) -> list[FieldError]:
    found = []
    for item in error.errors(include_url=False, include_context=False):
        location = _pointer(item["loc"]) if place == "body" else str(item["loc"][0] if item["loc"] else "")
        detail = _DETAIL_BY_TYPE.get(item["type"], item["msg"].removeprefix("Value error, "))
        found.append(FieldError(place, location, item["type"].replace("_", "-"), detail))
    return found


def _refuse(problems: Sequence[FieldError]) -> NoReturn:
    names = sorted({problem.location for problem in problems if problem.location})
    raise InvalidInput(f"Niet goed ingevuld: {', '.join(names)}" if names else problems[0].detail, problems) from None


def _validate(model: type[M], data: Any, place: str, known: Sequence[FieldError] = ()) -> M:
    """The data as `model`; `known` is what was wrong with it already."""
    try:
        valid = model.model_validate(data, by_alias=True, by_name=False)
    except ValidationError as error:
        _refuse([*known, *_errors(error, place)])
    if known:
        _refuse(known)
    return valid


def checked(model: type[M], data: Any) -> M:
    """Data that came another way, such as by a form with lists in it, as `model`."""
    return _validate(model, data, "body")


def read_query(request: Request[Any], model: type[M]) -> M:
    """The query parameters as `model`. A list field takes every occurrence, any other field just one."""
    data: dict[str, Any] = {}
    lists = {field.alias or name for name, field in model.model_fields.items() if "list" in str(field.annotation)}
    repeated = []
    for key in request.query_params:
        values = request.query_params.getlist(key)
        if key in lists:
            data[key] = values
            continue
        data[key] = values[0]
        if len(values) > 1:
            repeated.append(FieldError("query", key, "repeated", "mag maar één keer worden gegeven"))
    return _validate(model, data, "query", repeated)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


async def read_json(request: Request[Any], model: type[M]) -> M:
    """The JSON body as `model`."""
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type != "application/json":
        problem = FieldError("header", "Content-Type", "media-type", "moet application/json zijn")
        raise InvalidInput("De inhoud moet JSON zijn (Content-Type: application/json)", [problem])
    try:
        data = json.loads((await request.body()).decode(), parse_constant=_refuse_constant)
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


def version_if_sent(request: Request[Any]) -> int | None:
    """The version in If-Match where none is needed; None without one, and for `*`, which every version is (RFC 9110).

    Raises EditedMeanwhile.
    """
    return None if request.headers.get("if-match", "*").strip() == "*" else required_version(request)


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
