"""One mail: what it says, and how it goes over the line (RFC 5322, MIME)."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

INVITATION_NAME = "afspraak.ics"
_MESSAGE_ID = re.compile(r"(?P<local>\w[\w.+-]{0,99})@(?P<host>[\w.:-]{1,100})", re.ASCII)
# Everything that could end a header, or hide in one.
_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029]+")


class NotSent(Exception):
    """The mail was not handed over now; trying again may help. Holds no personal data."""


class Undeliverable(NotSent):
    """Trying again does not help: the address is impossible, or was refused for good."""


@dataclass(frozen=True, slots=True)
class Message:
    """One mail to one address.

    `message_id` is `local@host`, the same at every attempt. `calendar` is an iCalendar object (RFC 5545) in UTF-8
    and `calendar_method` its METHOD.
    """

    to: str
    subject: str
    text: str
    html: str
    message_id: str
    language: str = "nl"
    calendar: bytes | None = None
    calendar_method: str = "REQUEST"


def local_part(message_id: str) -> str:
    """What stands before the @. Raises ValueError when it is not `local@host`."""
    found = _MESSAGE_ID.fullmatch(message_id)
    if not found:
        raise ValueError("a message id is local@host, of letters, digits and . _ + -")
    return found["local"]


def mailbox(text: str) -> Address:
    """`name@host`, or `Name <name@host>`. Raises ValueError when that is not one address.

    A domain with other letters than a to z gets the form it has in DNS.
    """
    name, bracket, spec = text.rpartition("<")
    local, _, domain = (spec.removesuffix(">") if bracket else text).rpartition("@")
    try:
        return Address(
            _one_line(name).strip('"'), addr_spec=f"{_whole(local)}@{_whole(domain).encode('idna').decode()}"
        )
    except (ValueError, HeaderParseError):
        raise ValueError("an address is name@host") from None


def _one_line(text: str) -> str:
    # `=?` begins an encoded word, in which Python's e-mail package would decode a line break that breaks the header.
    return _UNPRINTABLE.sub(" ", text.replace("=?", "= ?")).strip()


def _whole(part: str) -> str:
    if not part or _UNPRINTABLE.search(part):
        raise ValueError("empty, or not printable")
    return part


def to_email(message: Message, sender: str) -> EmailMessage:
    """The message as it goes over the line: text, HTML and invitation as alternatives, and the invitation attached.

    Raises Undeliverable when `to` is not one address, ValueError for a malformed sender or message id.
    """
    email = EmailMessage(policy=SMTP)
    email["From"] = mailbox(sender)
    try:
        email["To"] = mailbox(message.to)
    except ValueError:
        raise Undeliverable("the recipient is not an e-mail address") from None
    email["Subject"] = _one_line(message.subject)
    email["Date"] = datetime.now(UTC)
    local_part(message.message_id)
    email["Message-ID"] = f"<{message.message_id}>"
    email["Auto-Submitted"] = "auto-generated"
    email.set_content(message.text, cte="quoted-printable")
    email.add_alternative(message.html, subtype="html", cte="quoted-printable")
    if message.calendar is not None:
        email.add_alternative(
            message.calendar.decode(), subtype="calendar", cte="base64", params={"method": message.calendar_method}
        )
        # Not text/calendar again: some mail programs would put the visit in the calendar twice.
        email.add_attachment(message.calendar, maintype="application", subtype="ics", filename=INVITATION_NAME)
    # After the parts: whatever Content-* is there before them moves into the first one.
    email["Content-Language"] = message.language
    return email
