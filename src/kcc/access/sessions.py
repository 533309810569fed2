"""Sessions: sign in, recognise who comes back, sign out."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.access import queries
from kcc.access.accounts import normalise
from kcc.access.models import Session
from kcc.access.passwords import verify
from kcc.access.principal import Principal
from kcc.access.roles import Role
from kcc.errors import Unauthenticated

# Noting every request would make every page a write. Seldom, but often enough for the shortest idle limit.
TOUCH_EVERY = timedelta(seconds=60)
TOUCHES_WITHIN_IDLE = 4
WRONG = "Naam of wachtwoord klopt niet"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An account that somebody says is theirs, not proven yet."""

    account_id: int
    password_hash: str
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Recognised:
    """Who came back, and whether it is time to note that the session was used."""

    principal: Principal
    touch_due: bool


def hashed(secret: str) -> str:
    """What is kept of a session id or token: SHA-256 in hexadecimal. The secret itself has 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


async def candidate(session: AsyncSession, name: str) -> Candidate | None:
    """The active account with this name."""
    account = await queries.account_by_name(session, normalise(name))
    if account is None or account.id is None or not account.active:
        return None
    return Candidate(account.id, account.password_hash, await queries.roles_of(session, account.id))


async def authenticate(claimed: Candidate | None, password: str) -> Candidate:
    """The account, now proven. Raises Unauthenticated, the same for every reason and after as long.

    Slow on purpose, so it takes no database session: nobody waits for a connection meanwhile.
    """
    right = await verify(claimed.password_hash if claimed else None, password)
    if not right or claimed is None:
        raise Unauthenticated(WRONG)
    return claimed


async def sign_in(
    session: AsyncSession, account_id: int, now: datetime, lifetime: timedelta, *, instead_of: str | None = None
) -> str:
    """Begin a session and return its secret id, for the cookie; the one it comes `instead_of` ends."""
    secret = secrets.token_urlsafe(32)
    await queries.delete_expired_sessions(session, now)
    if instead_of:  # a new id at every log-in: one that somebody else planted or saw is worth nothing
        await sign_out(session, instead_of)
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


async def sign_out(session: AsyncSession, secret: str) -> None:
    """End the session with this secret id, if there is one."""
    await queries.delete_session(session, hashed(secret))


async def recognise(session: AsyncSession, secret: str, now: datetime, idle: timedelta) -> Recognised | None:
    """Who has this session, if it is not over."""
    id_hash = hashed(secret)
    found = await queries.live_session(session, id_hash, now, now - idle)
    if found is None:
        return None
    login, account = found
    roles = await queries.roles_of(session, login.account_id)
    due = now - login.last_seen_at > min(TOUCH_EVERY, idle / TOUCHES_WITHIN_IDLE)
    return Recognised(Principal(account.display_name, roles, account.id, id_hash, login=account.name), due)


async def touch(session: AsyncSession, id_hash: str, now: datetime) -> None:
    """Note that the session was used."""
    await queries.touch_session(session, id_hash, now)
