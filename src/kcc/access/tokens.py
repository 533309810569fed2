"""API tokens: made once, shown once, kept as a hash."""

import secrets
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.access import queries
from kcc.access.models import ApiToken
from kcc.access.principal import Principal
from kcc.access.roles import Role
from kcc.access.sessions import hashed
from kcc.errors import FieldError, InvalidInput

PREFIX = "kcc_"
LIFETIME = timedelta(days=365)
NAME_MAX = 80


async def create_token(session: AsyncSession, name: str, role: Role, now: datetime) -> str:
    """Make a token for a machine and return it; it cannot be shown again. Raises InvalidInput for an empty name."""
    name = name.strip()
    if not name or len(name) > NAME_MAX or not name.isprintable():
        problem = FieldError("body", "/name", "length", f"1 tot {NAME_MAX} tekens")
        raise InvalidInput(f"De naam van een token heeft 1 tot {NAME_MAX} leesbare tekens", [problem])
    token = PREFIX + secrets.token_urlsafe(32)
    row = ApiToken(name=name, role=role, token_hash=hashed(token), created_at=now, expires_at=now + LIFETIME)
    session.add(row)
    return token


async def recognise(session: AsyncSession, token: str, now: datetime) -> Principal | None:
    """Who has this token, if it is neither expired nor revoked."""
    found = await queries.live_token(session, hashed(token), now)
    return Principal(found.name, frozenset({found.role})) if found else None
