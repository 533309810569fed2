"""The form of an announcement: days and times as people type them, in local time."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from starlette.datastructures import FormData

from kcc.contacts.announcements.models import Announcement, Importance
from kcc.errors import FieldError
from kcc.web.forms import TIME

FIELDS = ("title", "text", "importance", "from-day", "from-time", "until-day", "until-time", "unread", "version", "key")
LABELS = {"title": "Titel", "text": "Bericht", "importance": "Hoe belangrijk?", "from": "Vanaf", "until": "Tot"}
WRONG_MOMENT = "vul een dag en een tijd in, zoals 9.30"


@dataclass
class Typed:
    """What somebody typed, to be shown again; as JSON for the wire; and which of its moments are none."""

    values: dict[str, str]
    body: dict[str, Any] = field(default_factory=dict)
    problems: list[FieldError] = field(default_factory=list)


def typed(form: FormData, zone: ZoneInfo) -> Typed:
    """Read the form."""
    values = {name: value if isinstance(value := form.get(name, ""), str) else "" for name in FIELDS}
    found = Typed(values, {name: values[name] for name in ("title", "text") if values[name].strip()})
    found.body["importance"] = values["importance"] or Importance.NORMAL.value
    for name in ("from", "until"):
        day, at = values[f"{name}-day"].strip(), values[f"{name}-time"].strip()
        if not day and not at:
            continue
        moment = _moment(day, at, zone)
        if moment is None:
            found.problems.append(FieldError("body", f"/{name}", "malformed", WRONG_MOMENT))
        else:
            found.body[name] = moment.isoformat()
    return found


def _moment(day: str, at: str, zone: ZoneInfo) -> datetime | None:
    match = TIME.fullmatch(at)
    try:
        if match is None:
            return None
        local = datetime.combine(date.fromisoformat(day), time(int(match[1]), int(match[2])), zone)
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def filled(row: Announcement | None, zone: ZoneInfo) -> dict[str, str]:
    """The form of an announcement as it is, or an empty one."""
    values = dict.fromkeys(FIELDS, "")
    if row is None:
        return values | {"importance": Importance.NORMAL.value}
    values |= {"title": row.title, "text": row.text, "importance": row.importance.value, "version": str(row.version)}
    for name, moment in (("from", row.starts_at), ("until", row.ends_at)):
        if moment:
            local = moment.astimezone(zone)
            values |= {f"{name}-day": local.date().isoformat(), f"{name}-time": f"{local:%H:%M}"}
    return values


def version(given: str) -> int:
    """The version that a form was of; 0, which nothing has, when it does not say."""
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0
