"""Fields as they cross the wire: what each can be, for the OpenAPI document, and one sentence for when it is not."""

import re
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    Field,
    StringConstraints,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

CODE = r"^[a-z0-9](-?[a-z0-9])*$"
# One line, with something to read in it; and one that may be empty.
FILLED = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$"
LINE = r"^[^\x00-\x1f\x7f-\x9f]*$"
# Lines of text.
TEXT = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
LIMIT_OF_CODES = 100
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d", re.ASCII)


def says(sentence: str) -> WrapValidator:
    """Tells everything that is wrong with a field in this sentence.

    Stands after the constraints: pydantic itself takes those from inside it into the OpenAPI document.
    """

    def check(value: Any, inner: ValidatorFunctionWrapHandler) -> Any:
        try:
            return inner(value)
        except ValidationError:
            raise ValueError(sentence) from None

    return WrapValidator(check)


def _only_a_day(value: Any) -> Any:
    """A date as text or as it is, not the numbers and times that pydantic would make one of."""
    if isinstance(value, str) and not _DAY.fullmatch(value):
        raise ValueError
    if not isinstance(value, str) and type(value) is not date:
        raise ValueError
    return value


def _only_a_moment(value: Any) -> Any:
    """A moment as text or as it is, not the numbers that pydantic would count seconds in."""
    if not (isinstance(value, datetime) or (isinstance(value, str) and _MOMENT.match(value))):
        raise ValueError
    return value


def _in_every_zone(moment: datetime) -> datetime:
    # At both ends of the calendar another zone would be outside it.
    if not datetime.min.year < moment.year < datetime.max.year:
        raise ValueError
    return moment


def _with_line_feeds(value: Any) -> Any:
    return value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else value


def _as_whole(value: Any) -> Any:
    """To JSON Schema 5.0 is an integer as good as 5 is."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


WHOLE = BeforeValidator(_as_whole)
LINE_FEEDS = BeforeValidator(_with_line_feeds)
Code = Annotated[
    str,
    StringConstraints(min_length=1, max_length=60, pattern=CODE),
    says("gebruik ten hoogste 60 kleine letters en cijfers, met streepjes ertussen, zoals balie-1"),
]
# In an address: left empty it filters nothing, as in a form.
FilterCode = Annotated[str, StringConstraints(max_length=60, pattern=r"^([a-z0-9](-?[a-z0-9])*)?$")]
Codes = Annotated[list[Code], Field(max_length=LIMIT_OF_CODES)]
Name = Annotated[
    str, StringConstraints(min_length=1, max_length=120, pattern=FILLED), says("vul een regel van 1 tot 120 tekens in")
]
OptionalName = Annotated[
    str, StringConstraints(max_length=120, pattern=LINE), says("vul een regel van ten hoogste 120 tekens in")
]
Line = Annotated[
    str, StringConstraints(min_length=1, max_length=200, pattern=FILLED), says("vul een regel van 1 tot 200 tekens in")
]
LongLine = Annotated[
    str, StringConstraints(max_length=300, pattern=LINE), says("vul een regel van ten hoogste 300 tekens in")
]
Day = Annotated[date, BeforeValidator(_only_a_day), says("vul een datum in, zoals 2027-01-31")]
Moment = Annotated[
    AwareDatetime,
    AfterValidator(_in_every_zone),
    BeforeValidator(_only_a_moment),
    says("vul een tijdstip in met de tijdzone erbij, zoals 2026-11-24T09:30:00Z"),
]
Position = Annotated[int, Field(strict=True, ge=0, le=9999), WHOLE, says("vul een heel getal van 0 tot en met 9999 in")]
Switch = Annotated[bool, Field(strict=True), says("kies ja of nee (true of false)")]
Url = Annotated[
    str,
    StringConstraints(
        max_length=300,
        pattern=r"^(https?://[a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?(:[0-9]{1,5})?([/?#][!-~]*)?|/([!-.0-\[\]-~][!-~]*)?)$",
    ),
    says("vul een adres in dat begint met https:// of, op deze website, met /"),
]
