"""The invitation, as two libraries that do not know each other read it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar
import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from kcc.appointments.letters.invitation import Method, invitation
from tests.appointments.letter_facts import LICENCE, PASSPORT, SENDER, START, facts

NOW = datetime(2026, 11, 20, 10, 0, 0, 123456, tzinfo=UTC)
LINE = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]), max_size=200)


def made(method: Method = "REQUEST", now: datetime = NOW, **changes: Any) -> bytes:
    """The invitation to an appointment in which something is different."""
    return invitation(facts(**changes), method, now, SENDER.mail_from, SENDER.name, "kcc.example")


def by_icalendar(content: bytes) -> dict[str, Any]:
    """The one event, its values by name in small letters, and the method of its calendar."""
    calendar = icalendar.Calendar.from_ical(content)
    (event,) = calendar.walk("VEVENT")
    assert event.errors == []
    values = {name.lower(): value.dt if name.startswith("DT") else str(value) for name, value in event.items()}
    return {"method": str(calendar["method"]), **values}


def by_vobject(content: bytes) -> dict[str, Any]:
    """The same by the other library."""
    calendar = vobject.readOne(content.decode())
    values = {child.name.lower(): child.value for child in calendar.vevent.getChildren()}
    return {"method": calendar.method.value, **values}


def person(content: bytes, role: str) -> dict[str, str]:
    """What is said of the organizer or the attendee, beside the address."""
    (event,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
    return dict(event[role].params)


@pytest.fixture(params=[by_icalendar, by_vobject])
def read(request: pytest.FixtureRequest) -> Any:
    """Each of the two readers in turn."""
    return request.param


def test_a_booking(read: Any) -> None:
    event = read(made())
    assert event.pop("description")
    assert event == {
        "method": "REQUEST",
        "uid": "K7QP4M2X@kcc.example",
        "sequence": "0",
        "status": "CONFIRMED",
        "summary": "Afspraak Gemeente Voorbeeld",
        "location": "Stadhuis, Markt 1, Voorbeeld",
        "url": "https://kcc.example/afspraak/beheer?token=abc-_1",
        "dtstart": START,
        "dtend": START + timedelta(minutes=25),
        "dtstamp": NOW.replace(microsecond=0),
        "organizer": "mailto:afspraken@voorbeeld.example",
        "attendee": "mailto:sam@voorbeeld.example",
    }


def test_organizer_and_attendee_are_named_and_nobody_is_asked_to_answer() -> None:
    assert person(made(), "organizer") == {"CN": "Gemeente Voorbeeld"}
    assert person(made(), "attendee") == {"CN": "Sam Voorbeeld", "PARTSTAT": "ACCEPTED", "RSVP": "FALSE"}


def test_times_are_written_in_utc() -> None:
    lines = made().decode().split("\r\n")
    assert "DTSTART:20261124T092000Z" in lines
    assert "DTEND:20261124T094500Z" in lines
    assert "DTSTAMP:20261120T100000Z" in lines


def test_book_move_and_cancel_are_about_one_event(read: Any) -> None:
    later = START + timedelta(days=1)
    booked = read(made())
    moved = read(made(now=NOW + timedelta(hours=1), starts_at=later, sequence=1))
    cancelled = read(made("CANCEL", now=NOW + timedelta(hours=2), starts_at=later, sequence=2))
    for name in ("uid", "organizer", "attendee"):
        assert booked[name] == moved[name] == cancelled[name]
    steps = [(event["method"], event["status"], event["sequence"]) for event in (booked, moved, cancelled)]
    assert steps == [("REQUEST", "CONFIRMED", "0"), ("REQUEST", "CONFIRMED", "1"), ("CANCEL", "CANCELLED", "2")]
    assert booked["dtstart"] == START
    assert moved["dtstart"] == cancelled["dtstart"] == later
    assert booked["dtstamp"] < moved["dtstamp"] < cancelled["dtstamp"]


def test_a_cancellation_has_no_link_and_no_code_to_use() -> None:
    event = by_icalendar(made("CANCEL"))
    assert "url" not in event
    assert event["description"] == "Deze afspraak is afgezegd."


def test_a_download_invites_nobody() -> None:
    event = by_icalendar(made("PUBLISH"))
    assert "attendee" not in event
    assert event["url"] == "https://kcc.example/afspraak/beheer?token=abc-_1"
    assert "attendee" not in by_icalendar(made(email=None))


def test_what_to_know_stands_in_the_description() -> None:
    event = by_icalendar(made())
    assert event["description"].split("\n\n") == [
        "Paspoort, 2 personen\nRijbewijs, 1 persoon",
        "Ingang aan het plein.",
        "Neem mee, Paspoort:\n- Uw oude paspoort\n- Een pasfoto",
        "Neem mee, Rijbewijs:\n- Een pasfoto\n- Uw oude rijbewijs",
        "Kosten:\n- Paspoort: € 83,87 per persoon\n- Rijbewijs: € 52,10",
        "Afspraakcode: K7QP-4M2X",
    ]


def test_in_english() -> None:
    event = by_icalendar(made(language="en", products=(PASSPORT,), directions=""))
    assert event["summary"] == "Appointment Gemeente Voorbeeld"
    assert event["description"].split("\n\n") == [
        "Paspoort, 2 people",
        "Bring with you:\n- Uw oude paspoort\n- Een pasfoto",
        "Costs:\n- € 83,87 per persoon",
        "Appointment code: K7QP-4M2X",
    ]
    assert by_icalendar(made("CANCEL", language="en"))["description"] == "This appointment has been cancelled."


def test_a_visit_at_home_is_at_the_address() -> None:
    event = by_icalendar(made(is_home_visit=True, address="Lange Laan 2, Voorbeeld", products=(LICENCE,)))
    assert event["location"] == "Lange Laan 2, Voorbeeld"
    assert "Leg klaar:" in event["description"]


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        # The clock goes forward, and back, in the night before these opening times.
        ("2027-03-27T09:00", "20270327T080000Z"),
        ("2027-03-28T09:00", "20270328T070000Z"),
        ("2027-10-30T09:00", "20271030T070000Z"),
        ("2027-10-31T09:00", "20271031T080000Z"),
    ],
)
@pytest.mark.parametrize("given_in_utc", [True, False])
def test_nine_o_clock_on_the_days_the_clock_changes(local: str, utc: str, given_in_utc: bool, read: Any) -> None:
    start = datetime.fromisoformat(local).replace(tzinfo=facts().zone)
    content = made(starts_at=start.astimezone(UTC) if given_in_utc else start)
    assert f"DTSTART:{utc}" in content.decode().split("\r\n")
    assert read(content)["dtstart"].astimezone(facts().zone).strftime("%Y-%m-%dT%H:%M") == local


def test_lines_are_folded_at_75_bytes_and_end_in_crlf() -> None:
    content = made(location="Gemeentehuis éàü€ " * 30)
    assert content.endswith(b"\r\n")
    lines = content.split(b"\r\n")
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert max(map(len, lines)) <= 75
    for line in lines:
        line.decode()  # no character is cut in two


@pytest.mark.parametrize(
    "name",
    ["Jansen, Sam; \\ n", 'Sam "de Boer"', "Sam:Voorbeeld", "Sam\r\nATTENDEE:mailto:eve@elders.example", "Sam\nX-A:1"],
)
def test_no_name_breaks_out_of_its_line(name: str) -> None:
    content = made(name=name, location=name)
    event = by_icalendar(content)
    assert event["attendee"] == "mailto:sam@voorbeeld.example"
    assert person(content, "attendee")["CN"] == " ".join(name.split()).replace('"', "'")
    assert event["location"] == f"{name}, Markt 1, Voorbeeld".replace("\r\n", "\n")
    assert "x-a" not in event
    assert by_vobject(content)["location"] == event["location"]


@pytest.mark.parametrize("email", ["sam@voorbeeld.example\r\nX-A:1", "sam@voorbeeld.example\nX-A:1", "a b@c.example"])
def test_an_address_that_would_break_its_line_is_refused(email: str) -> None:
    with pytest.raises(ValueError, match="e-mail address"):
        made(email=email)


@given(LINE, LINE, LINE)
def test_any_text_comes_back_as_it_was(location: str, address: str, directions: str) -> None:
    content = made(location=location, address=address, directions=directions)
    expected = ", ".join(part for part in (location, address) if part)
    for read in (by_icalendar, by_vobject):
        event = read(content)
        assert event["location"] == expected
        assert directions in event["description"]


@given(st.text(max_size=100), st.text(max_size=100))
def test_no_text_at_all_adds_a_property(name: str, location: str) -> None:
    expected = {line.partition(":")[0].partition(";")[0] for line in _lines(made())}
    assert {line.partition(":")[0].partition(";")[0] for line in _lines(made(name=name, location=location))} == expected


def _lines(content: bytes) -> list[str]:
    return content.decode().replace("\r\n ", "").split("\r\n")
