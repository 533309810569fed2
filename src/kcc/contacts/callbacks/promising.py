"""When somebody is called back: the moments that they can choose, and the moment before which it is done. Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from kcc.contacts.callbacks.business_time import BusinessTime

NOON = time(12)
# As far ahead as a promise reaches.
MOST_DAYS_AHEAD = 90


class When(StrEnum):
    """The choices at the desk."""

    SOON = "soon"
    TODAY = "today"
    MORNING = "morning"
    AFTERNOON = "afternoon"
    DAY_MORNING = "day-morning"
    DAY_AFTERNOON = "day-afternoon"


class NotThen(ValueError):
    """It cannot be then. `field` is what has to be chosen anew, the message a sentence for who chose."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True, slots=True)
class Preferred:
    """From when, and perhaps up to when, somebody wants to be called; nothing: as soon as possible."""

    start: datetime | None = None
    until: datetime | None = None


def due_at(business: BusinessTime, now: datetime, within: timedelta, preferred: Preferred) -> datetime:
    """Before when somebody is called: so much business time from now, or when they prefer it later, then."""
    promised = business.after(now, within)
    wanted = preferred.until or preferred.start
    return max(promised, wanted.astimezone(UTC)) if wanted else promised


def check(business: BusinessTime, now: datetime, preferred: Preferred) -> None:
    """Raises NotThen for a moment that is over, too far ahead, or at which it is closed."""
    if preferred.start is None:
        if preferred.until is not None:
            raise NotThen("preferredUntil", "geef ook vanaf wanneer (preferredAt)")
        return
    last = preferred.until or preferred.start
    if last < now:
        raise NotThen("preferredAt", "dat moment is al voorbij; kies een later moment")
    if business.local_date(last) > business.local_date(now) + timedelta(days=MOST_DAYS_AHEAD):
        raise NotThen("preferredAt", f"kies een moment binnen {MOST_DAYS_AHEAD} dagen")
    if preferred.until is not None and preferred.until <= preferred.start:
        raise NotThen("preferredUntil", "moet na preferredAt liggen")
    openings = business.openings(business.local_date(preferred.start))
    if not any(begin <= preferred.start < end and last <= end for begin, end in openings):
        raise NotThen("preferredAt", "dan wordt er niet teruggebeld; kies een moment binnen de openingstijden")


def chosen(business: BusinessTime, now: datetime, when: When, after: time | None, day: date | None) -> Preferred:
    """The moments that a choice at the desk stands for. `after` is of today, `day` of a day that was picked.

    Raises NotThen, with the field after, day or when.
    """
    if when is When.SOON:
        return Preferred()
    today = business.local_date(now)
    if when is When.TODAY:
        return _today(business, today, now, after)
    if when in (When.MORNING, When.AFTERNOON):
        return _part(business, business.next_day(today), morning=when is When.MORNING, now=now, field="when")
    if day is None:
        raise NotThen("day", "kies een dag")
    if day < today:
        raise NotThen("day", "die dag is al voorbij; kies een latere dag")
    if day > today + timedelta(days=MOST_DAYS_AHEAD):
        raise NotThen("day", f"kies een dag binnen {MOST_DAYS_AHEAD} dagen")
    return _part(business, day, morning=when is When.DAY_MORNING, now=now, field="day")


def _today(business: BusinessTime, today: date, now: datetime, after: time | None) -> Preferred:
    if after is None:
        raise NotThen("after", "vul een tijd in, zoals 14:00")
    start = datetime.combine(today, after, business.zone).astimezone(UTC)
    for begin, end in business.openings(today):
        if now < end and start < end:
            return Preferred(max(start, begin), end)
    raise NotThen("after", "dan zijn we vandaag al gesloten; kies een eerdere tijd of een andere dag")


def _part(business: BusinessTime, day: date, *, morning: bool, now: datetime, field: str) -> Preferred:
    noon = datetime.combine(day, NOON, business.zone).astimezone(UTC)
    pieces = [(begin, min(end, noon)) if morning else (max(begin, noon), end) for begin, end in business.openings(day)]
    pieces = [(begin, end) for begin, end in pieces if begin < end and now < end]
    if not pieces:
        raise NotThen(field, "dan wordt er niet teruggebeld; kies een ander moment")
    begin, end = pieces[0] if morning else pieces[-1]
    return Preferred(begin, end)
