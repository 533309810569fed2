"""The catalogue's files in a kennisbank folder: topics.toml, tarieven.toml, upl.csv."""

import csv
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic.alias_generators import to_camel

from kcc.catalogue.models import Department, Fee, FeeKind, FeeValue, Topic, UplName

CODE = r"^[a-z0-9]+(-[a-z0-9]+)*$"
# No control characters: PostgreSQL takes no NUL, and a name is one line.
LINE = r"^[^\x00-\x1f\x7f]+$"
# Whole cents: a finer amount would be shown rounded, which is another amount.
AMOUNT = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?")


class CatalogueError(Exception):
    """A catalogue file cannot be taken in; the message names file and place."""


class _File(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, extra="forbid")


class _Department(_File):
    code: str = Field(pattern=CODE, max_length=60)
    name: str = Field(min_length=1, max_length=120, pattern=LINE)


class _Topic(_File):
    code: str = Field(pattern=CODE, max_length=60)
    name: str = Field(min_length=1, max_length=120, pattern=LINE)
    name_en: str = Field(default="", max_length=120, pattern=f"{LINE}|^$")
    department: str | None = None


class _Group(_Topic):
    department: str
    counts_for_first_contact: bool = True
    topics: list[_Topic]


class _Topics(_File):
    departments: list[_Department]
    groups: list[_Group]

    @model_validator(mode="after")
    def _consistent(self) -> "_Topics":
        known = {department.code for department in self.departments}
        seen: set[str] = set()
        for group in self.groups:
            for item in (group, *group.topics):
                if item.code in seen:
                    raise ValueError(f"topic {item.code!r} is given twice")
                seen.add(item.code)
                if item.department is not None and item.department not in known:
                    raise ValueError(f"topic {item.code!r} names unknown department {item.department!r}")
        return self


class _Value(_File):
    since: date = Field(alias="from")
    value: str = Field(min_length=1, max_length=200, pattern=LINE)


class _UplName(BaseModel):
    name: str = Field(min_length=1, max_length=200, pattern=LINE)
    uri: str = Field(min_length=1, max_length=300, pattern=r"^https?://[!-~]+$")


class _Fee(_File):
    code: str = Field(pattern=CODE, max_length=80)
    label: str = Field(min_length=1, max_length=200, pattern=LINE)
    kind: FeeKind
    values: list[_Value] = Field(min_length=1)

    @model_validator(mode="after")
    def _readable_amounts(self) -> "_Fee":
        dates = [value.since for value in self.values]
        if len(set(dates)) < len(dates):
            raise ValueError("two values begin on the same date")
        for value in self.values if self.kind is FeeKind.MONEY else ():
            if not AMOUNT.fullmatch(value.value):
                raise ValueError(f"{value.value!r} is no amount in euros, e.g. 86.85")
        return self


@dataclass(frozen=True)
class Topics:
    """Departments, and groups each before their topics."""

    departments: list[Department]
    topics: list[Topic]


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise CatalogueError(f"{path}:1: not UTF-8 text (byte {error.start})") from None
    except OSError as error:
        raise CatalogueError(f"{path}:1: cannot be read: {error.strerror}") from None


def _load(path: Path) -> dict[str, Any]:
    text = _text(path)
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        # Without a line it ended too soon.
        named = re.search(r"at line (\d+)", str(error))
        line = named[1] if named else len(text.splitlines())
        raise CatalogueError(f"{path}:{line}: not valid TOML: {error}") from None


def _reason(error: ValidationError) -> str:
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{place}: {first['msg'].removeprefix('Value error, ')}".removeprefix(": ")


def read_topics(path: Path) -> Topics:
    """Read topics.toml. Raises CatalogueError."""
    try:
        file = _Topics.model_validate(_load(path))
    except ValidationError as error:
        raise CatalogueError(f"{path}:1: {_reason(error)}") from None
    departments = [Department(code=item.code, name=item.name) for item in file.departments]
    return Topics(departments, list(_topics(file)))


def _topics(file: _Topics) -> Iterator[Topic]:
    position = 0
    for group in file.groups:
        counts = group.counts_for_first_contact
        for item in (group, *group.topics):
            position += 1
            yield Topic(
                code=item.code,
                name=item.name,
                name_en=item.name_en,
                parent=None if item is group else group.code,
                department=item.department or group.department,
                counts_for_first_contact=counts,
                position=position,
            )


def read_fees(path: Path) -> tuple[list[tuple[Fee, list[FeeValue]]], list[str]]:
    """Read tarieven.toml: the fees with their values, and what was wrong with the others.

    Raises CatalogueError when the file as a whole cannot be read.
    """
    fees, problems = [], []
    for code, entry in _load(path).items():
        try:
            item = _Fee.model_validate(entry | {"code": code} if isinstance(entry, dict) else entry)
        except ValidationError as error:
            problems.append(f"{path}:{_line_of(path, code)}: [{code}] {_reason(error)}")
            continue
        values = [FeeValue(fee=code, valid_from=value.since, value=value.value) for value in item.values]
        fees.append((Fee(code=code, label=item.label, kind=item.kind), values))
    return fees, problems


def _line_of(path: Path, table: str) -> int:
    """The line at which a table of a TOML file begins; 1 when it is written in another way."""
    lines = (line.strip() for line in _text(path).splitlines())
    return next((number for number, line in enumerate(lines, start=1) if line == f"[{table}]"), 1)


def read_upl(path: Path) -> tuple[list[UplName], list[str]]:
    """Read upl.csv (columns name and uri; lines that begin with # are comments): the names, and wrong lines.

    Raises CatalogueError when the file as a whole cannot be read.
    """
    names, problems = [], []
    columns: list[str] | None = None
    for number, line in enumerate(_text(path).splitlines(), start=1):
        if line.startswith("#") or not line.strip():
            continue
        try:
            cells = next(csv.reader([line]))
        except csv.Error as error:
            problems.append(f"{path}:{number}: {error}")
            continue
        if columns is None:
            columns = cells
            if not {"name", "uri"} <= set(columns):
                raise CatalogueError(f"{path}:{number}: the first line must name the columns name and uri")
            continue
        try:
            item = _UplName.model_validate(dict(zip(columns, cells, strict=False)))
        except ValidationError as error:
            problems.append(f"{path}:{number}: {_reason(error)}")
        else:
            names.append(UplName(name=item.name, uri=item.uri))
    return names, problems
