"""The forms of callbacks: from what was typed to what crosses the wire, and what is wrong back to its field."""

import re
from collections.abc import Collection, Mapping
from datetime import date, datetime, time
from typing import Any

from starlette.requests import Request

from kcc.contacts.callbacks import promising
from kcc.contacts.callbacks.business_time import BusinessTime
from kcc.contacts.callbacks.promising import NotThen, Preferred, When
from kcc.contacts.callbacks.recording import Deed
from kcc.errors import DomainError, FieldError, InvalidInput
from kcc.web import dates
from kcc.web.forms import at_fields
from kcc.web.once import key_shown

_TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?", re.ASCII)
TYPED_MAX = 5000  # of a text that is far too long, so much is shown again
# What the wire calls it, and the field where it is put right.
FIELDS = {"preferredAt": "when", "preferredUntil": "when"}
MISSING = {
    "department": "Kies de afdeling die terugbelt",
    "topic": "Kies een onderwerp",
    "question": "Schrijf op waar het over gaat",
    "phone": "Vul een telefoonnummer in",
    "deed": "Kies wat er is gedaan",
    "note": "Schrijf op waarom",
}


async def typed(request: Request[Any], names: tuple[str, ...]) -> dict[str, str]:
    """What was filled in, in characters that can be shown again and stored, whatever the form's character set."""
    async with request.form(max_files=0, max_fields=40) as sent:
        found = {name: sent.get(name, "") for name in names}
    texts = {name: value if isinstance(value, str) else "" for name, value in found.items()}
    return {
        name: text.replace("\x00", "").encode("utf-8", "replace").decode().strip()[:TYPED_MAX]
        for name, text in texts.items()
    }


def preferred(business: BusinessTime, now: datetime, filled: Mapping[str, str]) -> Preferred:
    """When somebody wants to be called, as chosen. Raises InvalidInput, at the field."""
    chosen = filled["when"]
    if chosen == "day":
        chosen = When.DAY_AFTERNOON if filled["part"] == "afternoon" else When.DAY_MORNING
    try:
        when = When(chosen) if chosen else When.SOON
        after = _time(filled["after"]) if when is When.TODAY else None
        day = _day(filled["day"]) if when in (When.DAY_MORNING, When.DAY_AFTERNOON) else None
        return promising.chosen(business, now, when, after, day)
    except NotThen as error:
        raise _wrong(error.field, str(error)) from None
    except ValueError:
        raise _wrong("when", "kies wanneer") from None


def _wrong(field: str, sentence: str) -> InvalidInput:
    return InvalidInput(sentence, [FieldError("body", f"/{field}", "not-then", sentence)])


def _time(text: str) -> time | None:
    match = _TIME.fullmatch(text)
    try:
        return time(int(match[1]), int(match[2] or 0)) if match else None
    except ValueError:
        return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def choices(business: BusinessTime, now: datetime) -> list[tuple[str, str]]:
    """The plain choices of when to call, as (value, label); today only while it is open."""
    today = business.local_date(now)
    following = business.next_day(today)
    tomorrow = (following - today).days == 1
    day = "Morgen" if tomorrow else dates.date_long(following).rsplit(" ", 1)[0].capitalize()
    found = [(When.SOON.value, "Zo snel mogelijk")]
    if any(now < end for _, end in business.openings(today)):
        found.append((When.TODAY.value, "Vandaag, na …"))
    found += [
        (When.MORNING.value, "Morgenochtend" if tomorrow else f"{day}, in de ochtend"),
        (When.AFTERNOON.value, "Morgenmiddag" if tomorrow else f"{day}, in de middag"),
        ("day", "Op een andere dag …"),
    ]
    return found


def wrong_by_field(error: DomainError, fields: tuple[str, ...]) -> dict[str, str]:
    """What is wrong, at the field where it is put right; under the empty name what belongs to none."""
    found = at_fields(error, {*fields, *FIELDS}, _sentence)
    return {FIELDS.get(name, name): sentence for name, sentence in found.items()}


def _sentence(problem: FieldError) -> str:
    missing = problem.code in ("missing", "string-too-short")
    return MISSING.get(problem.location.removeprefix("/"), problem.detail) if missing else problem.detail


def deed(filled: Mapping[str, str], offered: Collection[Deed]) -> Deed:
    """What was done, of what the form offers. Raises InvalidInput."""
    for one in offered:
        if one.value == filled["deed"]:
            return one
    raise InvalidInput(MISSING["deed"], [FieldError("body", "/deed", "missing", MISSING["deed"])])


def empty() -> dict[str, str]:
    """Of the form to say what was done, as it is at first."""
    return {"deed": "", "note": "", "no-bsn": "", "key": key_shown()}


def again(filled: Mapping[str, str], error: DomainError | None) -> dict[str, str]:
    """What was filled in, to be sent again: as new when it was changed after it was sent."""
    return {**filled, "key": key_shown(filled["key"], error)}


def as_note(filled: Mapping[str, str], offered: Collection[Deed]) -> str:
    """What was done and noted of what can only be added to now, in words."""
    done = [one.label for one in offered if one.value == filled["deed"]]
    return ". ".join([*done, filled["note"]] if filled["note"] else done)


def asks_bsn(error: DomainError) -> bool:
    """Whether it is asked if a number is a BSN."""
    return any(problem.code == "bsn-suspected" for problem in error.errors)
