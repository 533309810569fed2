"""A POST that creates is done once for each Idempotency-Key, also when the client never saw the first answer."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request

from kcc.errors import FieldError, InvalidInput
from kcc.storage import idempotency
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
    scope = f"{request.method} {request.scope['path']} {principal.name if principal else ''}"
    known = await idempotency.begin(session, scope, key, body.model_dump_json(by_alias=True), now)
    if known is not None:
        return known
    made = await make()
    await idempotency.finish(session, scope, key, made)
    return made
