"""Sessions: sign in, recognise who comes back, sign out."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.access import queries
from kcc.access.accounts import normalise
from kcc.access.models import Session
from kcc.access.passwords import verify
from kcc.access.principal import Principal
from kcc.errors import Unauthenticated
from kcc.storage.database import Database

# Noting every request would make every page a write; the idle limit is minutes.
TOUCH_EVERY = timedelta(seconds=60)
WRONG = "Naam of wachtwoord klopt niet"


def hashed(secret: str) -> str:
    """What is kept of a session id or token: SHA-256 in hexadecimal. The secret itself has 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


async def authenticate(session: AsyncSession, name: str, password: str) -> int:
    """The id of the account with this name and password. Raises Unauthenticated, the same for every reason."""
    account = await queries.account_by_name(session, normalise(name))
    right = await verify(account.password_hash if account else None, password)
    if not right or account is None or account.id is None or not account.active:
        raise Unauthenticated(WRONG)
    return account.id


async def sign_in(session: AsyncSession, account_id: int, now: datetime, lifetime: timedelta) -> str:
    """Begin a session and return its secret id, for the cookie."""
    secret = secrets.token_urlsafe(32)
    await queries.delete_expired_sessions(session, now)
    session.add(
        Session(
            id_hash=hashed(secret),
            account_id=account_id,
            created_at=now,
            last_seen_at=now,
            expires_at=now + lifetime,
        )
    )
    return secret


async def recognise(database: Database, secret: str, now: datetime, idle: timedelta) -> Principal | None:
    """Who has this session, if it is not over; notes that it was used."""
    id_hash = hashed(secret)
    async with database.reading() as session:
        found = await queries.live_session(session, id_hash, now, now - idle)
        if found is None:
            return None
        login, account = found
        roles = await queries.roles_of(session, login.account_id)
    if now - login.last_seen_at > TOUCH_EVERY:
        async with database.writing() as session:
            await queries.touch_session(session, id_hash, now)
    return Principal(account.display_name, roles, account.id, id_hash)
