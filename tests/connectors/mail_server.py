"""A real SMTP server on a free port, in the event loop of the test."""

import asyncio
import ssl
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

CERTIFICATE = Path(__file__).parent / "localhost.pem"
USER, PASSWORD = "kcc", "p@ss/w:ord#?"


@dataclass
class Inbox:
    """What the server took, and what it says when asked to take more."""

    port: int = 0
    senders: list[str] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    messages: list[EmailMessage] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    logins: list[bytes] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    data_refusals: list[str] = field(default_factory=list)

    async def handle_RCPT(  # the name aiosmtpd asks for
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.refusals:
            return self.refusals.pop(0).format(address=address)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.data_refusals:
            return self.data_refusals.pop(0)
        assert isinstance(envelope.content, bytes)
        self.senders.append(envelope.mail_from or "")
        self.recipients += envelope.rcpt_tos
        self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
        self.encrypted.append(session.ssl is not None)
        return "250 OK"

    def authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append(data.password)
        known = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=known, handled=False)


def _context() -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE)
    return context


@asynccontextmanager
async def mail_server(*, starttls: bool = False, tls: bool = False, login: bool = False) -> AsyncIterator[Inbox]:
    """`starttls` offers it, `tls` speaks it from the first byte, `login` lets nobody in without USER and PASSWORD."""
    inbox, loop = Inbox(), asyncio.get_running_loop()

    def connection() -> SMTP:
        with warnings.catch_warnings():
            # A server that takes passwords in the clear, so that it is the client that must not send one.
            warnings.filterwarnings("ignore", "Requiring AUTH while not requiring TLS")
            return SMTP(
                inbox,
                hostname="localhost",
                loop=loop,
                tls_context=_context() if starttls else None,
                auth_required=login,
                auth_require_tls=False,
                authenticator=inbox.authenticate,
            )

    server = await loop.create_server(connection, "127.0.0.1", 0, ssl=_context() if tls else None)
    inbox.port = server.sockets[0].getsockname()[1]
    try:
        yield inbox
    finally:
        server.close()
        await server.wait_closed()
