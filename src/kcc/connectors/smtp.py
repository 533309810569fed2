"""The two ways out for mail: an SMTP server, or files in a folder when there is none."""

import asyncio
import os
import re
import tempfile
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

import aiosmtplib

from kcc.connectors.mail import Message, NotSent, Undeliverable, local_part, mailbox, to_email

__all__ = [
    "FileMailer",
    "Mailer",
    "Message",
    "NotSent",
    "SmtpMailer",
    "SmtpServer",
    "Undeliverable",
    "make_mailer",
    "parse_smtp_url",
]

TIMEOUT_SECONDS = 10.0
_FORMS = "smtp://host, smtp://user:password@host:587 or smtps://user:password@host:465"


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where to send mail, and as whom. `implicit_tls`: TLS from the first byte (smtps)."""

    host: str
    port: int
    user: str | None
    password: str | None = field(repr=False)
    implicit_tls: bool

    @property
    def must_encrypt(self) -> bool:
        """Only mail without a password, within this machine, may go unencrypted."""
        return self.implicit_tls or self.password is not None or not _is_loopback(self.host)


def parse_smtp_url(url: str) -> SmtpServer:
    """The server that a URL names; user and password are percent-encoded in it.

    Without a port: 465 for smtps, 587 with a password, otherwise 25. Raises ValueError with a sentence that says
    what is wrong and never repeats the password.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
        user, password = (unquote(part, errors="strict") if part else None for part in (parts.username, parts.password))
    except ValueError:
        # What Python says of it can show part of the password.
        raise _unusable("cannot be read; write / ? # @ : and % in a password as % codes") from None
    if re.search(r"[\x00-\x20\x7f]", url):
        raise _unusable("contains a space or a line break")
    if parts.scheme not in {"smtp", "smtps"}:
        raise _unusable("does not begin with smtp:// or smtps://")
    if not host or port == 0:
        raise _unusable("names no server")
    if parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise _unusable("goes on after the port; write / ? # in a password as % codes")
    if (user is None) is not (password is None):
        raise _unusable("needs both a user and a password, or neither")
    implicit_tls = parts.scheme == "smtps"
    usual = 465 if implicit_tls else 587 if password else 25
    return SmtpServer(host, port or usual, user, password, implicit_tls)


def _unusable(what: str) -> ValueError:
    return ValueError(f"the mail server's address {what}; the form is {_FORMS}")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Mailer(Protocol):
    """A way out for mail."""

    async def send(self, message: Message) -> None:
        """Hand over one message. Raises NotSent, or Undeliverable when trying again is no use."""


class SmtpMailer:
    """Sends over SMTP, one connection a message, encrypted unless the server is this machine and asks no password.

    Certificates are checked against the system's, or those that SSL_CERT_FILE names.
    """

    def __init__(self, url: str, sender: str) -> None:
        """`sender` is an address, or `Name <address>`. Raises ValueError when either is malformed."""
        self._server, self._sender = parse_smtp_url(url), sender
        self._sender_address = mailbox(sender).addr_spec

    async def send(self, message: Message) -> None:
        """Hand over one message. Raises NotSent, or Undeliverable when trying again is no use."""
        server = self._server
        email = to_email(message, self._sender)
        try:
            await aiosmtplib.send(
                email,
                sender=self._sender_address,
                recipients=[email["To"].addresses[0].addr_spec],
                hostname=server.host,
                port=server.port,
                username=server.user,
                password=server.password,
                use_tls=server.implicit_tls,
                # None: when the server offers it.
                start_tls=False if server.implicit_tls else server.must_encrypt or None,
                # A mail server on this machine often has a certificate of its own making.
                validate_certs=server.must_encrypt,
                timeout=TIMEOUT_SECONDS,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            # Not `from error`: the server's words repeat the address, and would end up in a log.
            raise _refusal("the recipient", error.recipients[0].code) from None
        except aiosmtplib.SMTPDataError as error:
            raise _refusal("the message", error.code) from error
        except aiosmtplib.SMTPResponseException as error:
            raise NotSent(f"the mail server said {error.code}: {type(error).__name__}") from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise NotSent(f"no mail could be sent: {type(error).__name__}") from error


def _refusal(what: str, code: int) -> NotSent:
    kind = Undeliverable if code >= 500 else NotSent
    return kind(f"the mail server refused {what}: {code}")


class FileMailer:
    """Writes each message to `<local part of its message id>.eml`; the same message again replaces it."""

    def __init__(self, folder: Path, sender: str) -> None:
        """`folder` is made when the first message comes. Raises ValueError when `sender` is malformed."""
        self._folder, self._sender = folder, sender
        mailbox(sender)

    async def send(self, message: Message) -> None:
        """Write one message. Raises NotSent when the disk refuses, Undeliverable for an impossible address."""
        content = to_email(message, self._sender).as_bytes()
        try:
            await asyncio.to_thread(self._write, f"{local_part(message.message_id)}.eml", content)
        except OSError as error:
            raise NotSent(f"no mail could be written: {type(error).__name__}") from error

    def _write(self, name: str, content: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        handle, unfinished = tempfile.mkstemp(dir=self._folder, prefix=".", suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(handle)
            Path(unfinished).replace(self._folder / name)
        except OSError:
            Path(unfinished).unlink(missing_ok=True)
            raise


def make_mailer(url: str | None, folder: Path, sender: str) -> Mailer:
    """Over SMTP when there is a server, otherwise files in `folder`. Raises ValueError for what is malformed."""
    return SmtpMailer(url, sender) if url else FileMailer(folder, sender)
