"""An appointment as an iCalendar object (RFC 5545, RFC 5546), for the resident's own calendar. Pure."""

import re
from datetime import UTC, datetime
from typing import Literal

from icalendar import Calendar, Event, vCalAddress, vText

from kcc.appointments.facts import AppointmentFacts
from kcc.appointments.letters.wording import bring_by_product, costs, place, products
from kcc.appointments.letters.words import words
from kcc.appointments.links import readable

Method = Literal["REQUEST", "CANCEL", "PUBLISH"]
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def invitation(
    facts: AppointmentFacts,
    method: Method,
    now: datetime,
    organizer_email: str,
    organizer_name: str,
    uid_host: str,
) -> bytes:
    """REQUEST to book and to move, CANCEL to cancel, PUBLISH for a download.

    All of one appointment have the same UID `code@uid_host`; times are instants in UTC, so that a change of the
    clock cannot move them. Raises ValueError when an e-mail address could break out of its line.
    """
    event = Event()
    event.add("uid", f"{facts.code}@{uid_host}")
    event.add("dtstamp", now.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", facts.starts_at.astimezone(UTC))
    event.add("dtend", facts.ends_at.astimezone(UTC))
    event.add("sequence", facts.sequence)
    event.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    event.add("summary", _text(words(facts.language).event.format(municipality=organizer_name)))
    # Calendars look the place up on a map: "at your home" would only confuse them.
    event.add("location", _text(facts.address if facts.is_home_visit else ", ".join(place(facts))))
    event.add("description", _text(_description(facts, method)))
    event.add("organizer", _person(organizer_email, organizer_name))
    if facts.email and method != "PUBLISH":
        attendee = _person(facts.email, facts.name)
        attendee.params["PARTSTAT"] = "ACCEPTED"
        attendee.params["RSVP"] = "FALSE"
        event.add("attendee", attendee)
    if method != "CANCEL":
        event.add("url", facts.manage_url)
    calendar = Calendar()
    calendar.add("prodid", "-//kcc//appointments//NL")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _description(facts: AppointmentFacts, method: Method) -> str:
    say = words(facts.language)
    if method == "CANCEL":
        return say.event_cancelled
    paragraphs = ["\n".join(products(facts))]
    if facts.directions:
        paragraphs.append(facts.directions)
    heading = say.bring_home if facts.is_home_visit else say.bring
    for product, things in bring_by_product(facts):
        label = f"{heading}, {product}" if product else heading
        paragraphs.append("\n".join([f"{label}:", *(f"- {thing}" for thing in things)]))
    if amounts := costs(facts):
        paragraphs.append("\n".join([f"{say.costs}:", *(f"- {amount}" for amount in amounts)]))
    paragraphs.append(f"{say.code}: {readable(facts.code)}")
    return "\n\n".join(paragraphs)


def _text(value: str) -> vText:
    """Line breaks in the one form that every calendar reads; no other control characters."""
    return vText(_CONTROL.sub("", "\n".join(value.splitlines())))


def _person(email: str, name: str) -> vCalAddress:
    if re.search(r"[\x00-\x20\x7f]", email):
        raise ValueError("an e-mail address holds no spaces or line breaks")
    person = vCalAddress(f"mailto:{email}")
    # A parameter cannot hold a double quote, and few calendars read how RFC 6868 writes one.
    person.params["CN"] = " ".join(_CONTROL.sub(" ", name).replace('"', "'").split())
    return person
