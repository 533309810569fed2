"""What creates something is done once for each key, also when the client never saw the first answer.

A program sends the key in a header, a form in a field.
"""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request

from kcc.errors import DomainError, FieldError, InvalidInput
from kcc.storage import idempotency
from kcc.storage.idempotency import KeyReused
from kcc.web.requests import Wire

KEY_MAX = 200
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": KEY_MAX},
    "description": "Sent again with the same body, the same key gives the same thing.",
    "example": "0d5b0c5e-9f0e-4a52-b4a2-6a3f1b1c7d10",
}


def key_of(request: Request[Any]) -> str | None:
    """The Idempotency-Key that was sent. Raises InvalidInput when it is none."""
    key = request.headers.get("idempotency-key")
    if key is not None and not 0 < len(key) <= KEY_MAX:
        problem = FieldError("header", "Idempotency-Key", "length", f"1 tot {KEY_MAX} tekens")
        raise InvalidInput(f"Een Idempotency-Key heeft 1 tot {KEY_MAX} tekens", [problem])
    return key


async def once(
    request: Request[Any], session: AsyncSession, body: Wire, now: datetime, make: Callable[[], Awaitable[str]]
) -> str:
    """The name of what `make` makes, or made for the same key, asker and address before.

    Raises InvalidInput for a key that is none, and KeyReused when it came with another body.
    """
    key = key_of(request)
    if key is None:
        return await make()
    principal = request.scope.get("kcc.principal")
    scope = f"{request.method} {request.scope['path']} {principal.key if principal else ''}"
    return await _once(session, scope, key, body.model_dump_json(by_alias=True), now, make)


async def once_sent(
    session: AsyncSession,
    scope: str,
    key: str,
    content: Mapping[str, str],
    now: datetime,
    make: Callable[[], Awaitable[str]],
) -> str:
    """What `make` makes, or made when this form was sent before. `scope`: which form, and whose.

    Raises KeyReused for one that was changed since: `key_shown` has it sent again as another one.
    """
    if not 0 < len(key) <= KEY_MAX:
        return await make()
    try:
        return await _once(session, scope, key, repr(sorted(content.items())), now, make)
    except KeyReused:
        raise KeyReused(SENT_BEFORE) from None


SENT_BEFORE = "Dit is al opgeslagen. Wat u daarna veranderde, nog niet: kijk het na en verstuur het als dat nodig is."


def key_shown(sent: str = "", error: DomainError | None = None) -> str:
    """The key in a form that is shown: a new one, or that of the form that was sent and is shown again."""
    return secrets.token_urlsafe(16) if not sent or isinstance(error, KeyReused) else sent


async def _once(
    session: AsyncSession, scope: str, key: str, content: str, now: datetime, make: Callable[[], Awaitable[str]]
) -> str:
    known = await idempotency.begin(session, scope, key, content, now)
    if known is not None:
        return known
    made = await make()
    await idempotency.finish(session, scope, key, made)
    return made
