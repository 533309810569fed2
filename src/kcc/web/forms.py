"""Forms without script: their fields, from what was typed to what crosses the wire and back, and errors by field."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from starlette.datastructures import FormData

from kcc.errors import DomainError, FieldError

_NUMBER = re.compile(r"-?\d{1,9}", re.ASCII)
TIME = re.compile(r"(\d{1,2})[:.](\d{2})", re.ASCII)
InputKind = Literal["text", "line", "number", "date", "time", "lines", "choice", "choices", "numbers", "switch", "rows"]


@dataclass(frozen=True)
class Input:
    """One field. `name` is the one on the wire; a `line` is a long text; `numbers` are choices of numbers.

    `rows` has lines of `columns`, each an input of its own, with `spare` empty lines to fill in. In the form the
    name of what can have several values ends in `[]`. `null` is the option that stands for null on the wire, where
    that is something to choose.
    """

    name: str
    label: str
    kind: InputKind = "text"
    hint: str = ""
    required: bool = False
    options: Sequence[tuple[str, str]] = ()
    columns: Sequence["Input"] = ()
    spare: int = 1
    null: str = ""


def body(inputs: Sequence[Input], form: FormData) -> dict[str, Any]:
    """What was filled in, as JSON for the wire; a field left empty is not given."""
    found: dict[str, Any] = {}
    for item in inputs:
        if item.kind == "rows":
            found[item.name] = [
                {column.name: str(_typed(column, row[column.name])) for column in item.columns if column.name in row}
                for row in _rows(item, form)
            ]
        elif item.kind in ("choices", "numbers"):
            texts = _texts(form, item.name)
            found[item.name] = [_number(text) for text in texts] if item.kind == "numbers" else texts
        elif item.kind == "switch":
            found[item.name] = item.name in form
        elif item.kind == "lines":
            found[item.name] = [line.strip() for line in _text(form, item.name).splitlines() if line.strip()]
        elif text := _text(form, item.name).strip():
            found[item.name] = None if text == item.null else _typed(item, text)
    return found


def shown(inputs: Sequence[Input], form: FormData) -> dict[str, Any]:
    """What was filled in, to be shown again as it was."""
    found: dict[str, Any] = {}
    for item in inputs:
        if item.kind == "rows":
            found[item.name] = _rows(item, form)
        elif item.kind in ("choices", "numbers"):
            found[item.name] = _texts(form, item.name)
        elif item.kind == "switch":
            found[item.name] = item.name in form
        else:
            found[item.name] = _text(form, item.name)
    return found


def filled(inputs: Sequence[Input], stored: Mapping[str, Any]) -> dict[str, Any]:
    """What is stored, as JSON from the wire, to be shown in the fields."""
    found: dict[str, Any] = {}
    for item in inputs:
        value = stored.get(item.name)
        if item.kind in ("rows", "choices"):
            found[item.name] = value or []
        elif item.kind == "numbers":
            found[item.name] = [str(number) for number in value or []]
        elif item.kind == "switch":
            found[item.name] = bool(value)
        elif item.kind == "lines":
            found[item.name] = "\n".join(value or [])
        else:
            # What is not stored yet is not chosen yet.
            found[item.name] = (item.null if item.name in stored else "") if value is None else str(value)
    return found


def plain(problem: FieldError) -> str:
    """What is wrong, as a form says it."""
    return "vul dit in" if problem.code == "missing" else problem.detail


def at_fields(
    error: DomainError, fields: Collection[str], sentence: Callable[[FieldError], str] = plain
) -> dict[str, str]:
    """What is wrong, at the field where it is; under the empty name what belongs to none."""
    found: dict[str, str] = {}
    for problem in error.errors:
        name, detail = problem.location.removeprefix("/").partition("/")[0], sentence(problem)
        found.setdefault(name if name in fields else "", detail[:1].upper() + detail[1:])
    return found or {"": error.detail}


def errors_by_field(inputs: Sequence[Input], error: DomainError) -> dict[str, str]:
    """What is wrong, at the input where it is; under the empty name what belongs to none."""
    names = {item.name: item for item in inputs}

    def sentence(problem: FieldError) -> str:
        name, *within = problem.location.removeprefix("/").split("/")
        item = names.get(name)
        detail = "kies er een" if item and item.kind == "choice" and problem.code == "missing" else plain(problem)
        if item and item.kind in ("rows", "lines") and within and within[0].isdigit():
            return f"regel {int(within[0]) + 1}: {detail}"
        return detail

    return at_fields(error, names, sentence)


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def _texts(form: FormData, name: str) -> list[str]:
    return [value for value in form.getlist(f"{name}[]") if isinstance(value, str) and value]


def _rows(item: Input, form: FormData) -> list[dict[str, str]]:
    """The lines in which something was filled in, as it was."""
    columns = [list(form.getlist(f"{item.name}-{column.name}[]")) for column in item.columns]
    lines = [
        {
            column.name: value.strip()
            for column, value in zip(item.columns, cells, strict=True)
            if isinstance(value, str) and value.strip()
        }
        for cells in zip(*columns, strict=False)
    ]
    return [line for line in lines if line]


def _typed(item: Input, text: str) -> Any:
    if item.kind == "number":
        return _number(text)
    if item.kind == "time" and (match := TIME.fullmatch(text)):
        return f"{int(match[1]):02}:{match[2]}"
    return text


def _number(text: str) -> int | str:
    return int(text) if _NUMBER.fullmatch(text) else text
