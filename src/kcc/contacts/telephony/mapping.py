"""What the columns of an exchange's CSV are, as a small TOML file tells."""

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator


class UnusableMapping(ValueError):
    """The mapping says something that cannot be; the message tells what."""


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


# One column, or several whose texts are put together with a space between: a date and a time.
Columns = Annotated[list[str], BeforeValidator(_as_list)]
Outcome = Literal["answered", "transferred", "abandoned", "timeout", "key", "empty", "withdraw", "other", "unknown"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ColumnNames(_Strict):
    """Which columns tell what; those that are left out are not there."""

    entered: Columns
    call_id: Columns = []
    queue: Columns = []
    answered: Columns = []
    ended: Columns = []
    wait: Columns = []
    talk: Columns = []
    agent: Columns = []
    caller: Columns = []
    target: Columns = []
    outcome: Columns = []

    def names(self) -> set[str]:
        """Every column that is named."""
        return {name for columns in self.__dict__.values() for name in columns}


class Mapping(_Strict):
    """How a CSV is to be read: a row is a call."""

    columns: ColumnNames
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    decimal: Literal[".", ","] = "."
    date_format: str = "%Y-%m-%d %H:%M:%S"
    timezone: str | None = None
    encoding: str = "utf-8-sig"
    queue: Annotated[str, Field(max_length=80)] = ""
    outcomes: dict[str, Outcome] = {}

    @field_validator("timezone")
    @classmethod
    def _known_timezone(cls, value: str | None) -> str | None:
        try:
            ZoneInfo(value or "UTC")
        except (ValueError, OSError, LookupError):
            raise ValueError(f"{value!r} is not a known time zone, e.g. Europe/Amsterdam") from None
        return value

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, value: str) -> str:
        try:
            "".encode(value)
        except LookupError:
            raise ValueError(f"{value!r} is not a known encoding, e.g. utf-8 or cp1252") from None
        return value


def read_mapping(path: Path) -> Mapping:
    """The mapping in a file. Raises UnusableMapping."""
    try:
        mapping = Mapping.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UnusableMapping(f"{path} is not TOML: {error}") from None
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors())
        raise UnusableMapping(f"{path}: {wrong}") from None
    if not mapping.columns.queue and not mapping.queue:
        raise UnusableMapping(f'{path}: name the column of the queue, or with queue = "…" the only queue there is')
    return mapping
