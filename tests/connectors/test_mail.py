"""How a mail goes over the line."""

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc.connectors.mail import Message, Undeliverable, mailbox, to_email

SENDER = "Gemeente Voorbeeld <afspraken@voorbeeld.example>"
CALENDAR = b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Caf\xc3\xa9\r\nEND:VCALENDAR\r\n"
HEADERS = {
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "Content-Language",
    "Content-Type",
    "MIME-Version",
}
# The last ones are read as encoded words by some versions of Python, line break and all.
INJECTIONS = ["x\r\nBcc: eve@elders.example", "=?utf-8?q?x=0D=0ABcc:_eve@elders.example?=", "=??Q?=0D", "=??Q?=0A"]


def message(**changes: object) -> Message:
    """A mail to Sam, with some of it changed."""
    values = {
        "to": "sam@voorbeeld.example",
        "subject": "Uw afspraak",
        "text": "Tot dan, één keer.\n",
        "html": "<p>Tot dan, één keer.</p>\n",
        "message_id": "12.K7QP4M2X.0@kcc.example",
    }
    return Message(**{**values, **changes})  # type: ignore[arg-type]


def over_the_line(mail: Message, sender: str = SENDER) -> EmailMessage:
    """What the other side reads."""
    return message_from_bytes(to_email(mail, sender).as_bytes(), policy=policy.default)


def test_headers() -> None:
    email = over_the_line(message(language="en"))
    assert set(email.keys()) == HEADERS
    assert email["From"].addresses[0].display_name == "Gemeente Voorbeeld"
    assert email["From"].addresses[0].addr_spec == "afspraken@voorbeeld.example"
    assert email["To"].addresses[0].addr_spec == "sam@voorbeeld.example"
    assert email["Message-ID"] == "<12.K7QP4M2X.0@kcc.example>"
    assert email["Auto-Submitted"] == "auto-generated"
    assert email["Content-Language"] == "en"
    assert email["Date"].datetime.tzinfo is not None


def test_without_an_invitation_it_is_text_and_then_html() -> None:
    email = over_the_line(message())
    assert email.get_content_type() == "multipart/alternative"
    parts = list(email.iter_parts())
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    texts = [part.get_content().splitlines() for part in parts]
    assert texts == [["Tot dan, één keer."], ["<p>Tot dan, één keer.</p>"]]
    assert all(part.get_content_charset() == "utf-8" for part in parts)


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
def test_the_invitation_is_the_last_alternative_and_attached(method: str) -> None:
    email = over_the_line(message(calendar=CALENDAR, calendar_method=method))
    assert email.get_content_type() == "multipart/mixed"
    alternative, attached = email.iter_parts()
    *_, invitation = alternative.iter_parts()
    assert [part.get_content_type() for part in alternative.iter_parts()] == [
        "text/plain",
        "text/html",
        "text/calendar",
    ]
    assert invitation["Content-Type"].params == {"charset": "utf-8", "method": method}
    assert invitation.get_payload(decode=True) == CALENDAR
    assert attached.get_filename() == "afspraak.ics"
    assert attached.get_content_disposition() == "attachment"
    assert attached.get_payload(decode=True) == CALENDAR


def test_everything_is_sent_in_seven_bits() -> None:
    """No server on the way needs 8BITMIME."""
    mail = message(subject="Eén afspraak", text="é" * 2000, html="é" * 2000, calendar=CALENDAR)
    assert to_email(mail, SENDER).as_bytes().isascii()


@pytest.mark.parametrize(
    "message_id", ["", "x", "x@", "../x@host", "a/b@host", "a@host>\r\nBcc: x@y", "a b@host", ".x@host"]
)
def test_a_malformed_message_id_is_refused(message_id: str) -> None:
    with pytest.raises(ValueError, match="message id"):
        to_email(message(message_id=message_id), SENDER)


@pytest.mark.parametrize(
    "to",
    [
        "",
        "sam",
        "@voorbeeld.example",
        "sam@",
        "sam@voorbeeld.example, eve@elders.example",
        "sam@voorbeeld.example\r\nBcc: eve@elders.example",
        "sam@voorbeeld.example\nBcc: eve@elders.example",
        "Sam <sam@voorbeeld.example>, eve@elders.example",
        "sam eve@voorbeeld.example",
    ],
)
def test_what_is_not_one_address_is_undeliverable(to: str) -> None:
    with pytest.raises(Undeliverable):
        to_email(message(to=to), SENDER)


def test_a_domain_with_accents_goes_out_as_in_dns() -> None:
    assert mailbox("sam@bürger.example").addr_spec == "sam@xn--brger-kva.example"


@given(st.text() | st.sampled_from(INJECTIONS))
def test_no_subject_adds_a_header(subject: str) -> None:
    email = over_the_line(message(subject=subject))
    assert set(email.keys()) == HEADERS
    assert email.get_body(("plain",)) is not None


@given(st.text(max_size=80) | st.sampled_from(INJECTIONS))
def test_no_name_of_a_sender_adds_a_header_or_a_sender(name: str) -> None:
    email = over_the_line(message(), f"{name} <afspraken@voorbeeld.example>")
    assert set(email.keys()) == HEADERS
    assert [address.addr_spec for address in email["From"].addresses] == ["afspraken@voorbeeld.example"]


@given(st.text(max_size=80).filter(lambda text: text.count("@") != 1) | st.from_regex(r"\A[^@]*@[^@]*\Z"))
def test_no_address_adds_a_header_or_a_recipient(to: str) -> None:
    try:
        email = over_the_line(message(to=to))
    except Undeliverable:
        return
    assert set(email.keys()) == HEADERS
    assert len(email["To"].addresses) == 1
