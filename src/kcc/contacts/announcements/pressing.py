"""What the desk lists of announcements that cannot wait."""

from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.access.principal import Principal
from kcc.contacts.announcements import reading
from kcc.web import markdown

SHOWN = 3
# Below a title that is no heading, on a page with a heading of level 1.
BELOW = 1


async def pressing(session: AsyncSession, principal: Principal, now: datetime, back: str) -> dict[str, Any]:
    """For `announcements/_pressing.html`; `back` is the address of the desk as it is, for who has no script."""
    total, rows = await reading.pressing(session, principal, now, SHOWN)
    shown = [
        {
            "id": row.id,
            "version": row.version,
            "title": row.title,
            "importance": row.importance.value,
            "html": markdown.html(row.text, BELOW),
        }
        for row in rows
    ]
    return {"pressing": shown, "more": total - len(shown), "back": back, "refused": None}
