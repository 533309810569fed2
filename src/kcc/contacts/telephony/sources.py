"""Exchanges that tell of calls by the API: each signs with a secret that is shown once, and is nowhere kept.

It follows from a salt and the installation's secret key.
"""

import base64
import hmac
import secrets
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.contacts.telephony import queries
from kcc.contacts.telephony.intake import source_of
from kcc.contacts.telephony.models import CallSource
from kcc.errors import Unauthenticated

LEEWAY_SECONDS = 300
_NOBODY = "nobody"


async def new_secret(session: AsyncSession, code: str, secret_key: str) -> str:
    """A new secret for a source, made when it is not there; the one it had is not valid any more."""
    source = await source_of(session, code)
    source.salt = secrets.token_hex(32)
    session.add(source)
    return _secret(secret_key, code, source.salt)


async def recognise(
    session: AsyncSession,
    secret_key: str,
    code: str,
    body: bytes,
    timestamp: str | None,
    signature: str | None,
    *clocks: datetime,
) -> CallSource:
    """The source that signed this body at a moment that is near to what a clock tells, for update.

    Raises Unauthenticated, in the same words whatever was wrong with code or signature.
    """
    if timestamp is None or signature is None:
        raise Unauthenticated("Onderteken met X-KCC-Timestamp en X-KCC-Signature")
    if not _is_near(timestamp, clocks):
        raise Unauthenticated(
            f"X-KCC-Timestamp moet het moment van verzenden zijn, in seconden sinds 1970, "
            f"met ten hoogste {LEEWAY_SECONDS} seconden verschil"
        )
    source = await queries.source(session, code, lock=True)
    salt = source.salt if source is not None and source.salt is not None else _NOBODY
    expected = sign(_secret(secret_key, code, salt), timestamp, body)
    given = signature.encode(errors="replace")
    if not hmac.compare_digest(expected.encode(), given) or source is None or source.salt is None:
        raise Unauthenticated("De bron of de handtekening klopt niet")
    return source


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The signature as it stands in X-KCC-Signature."""
    return "sha256=" + hmac.digest(secret.encode(), timestamp.encode() + b"." + body, "sha256").hex()


def _is_near(timestamp: str, clocks: tuple[datetime, ...]) -> bool:
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return False
    return any(abs(clock.timestamp() - int(timestamp)) <= LEEWAY_SECONDS for clock in clocks)


def _secret(secret_key: str, code: str, salt: str) -> str:
    made = hmac.digest(secret_key.encode(), f"call-source:{code}:{salt}".encode(), "sha256")
    return base64.urlsafe_b64encode(made).decode().rstrip("=")
