"""A kennisbank that has been in use, for a demonstration: most of it was there, some is new, some is called wrong."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.knowledge import queries
from kcc.knowledge.models import ArticleFeedback, SearchChannel, Verdict

EDITOR = "redacteur"
# When most articles were published for the first time; these so many days ago.
LONG_AGO = timedelta(days=500)
NEW = {"grofvuil": 12}
# Article, what is wrong, raised so many hours ago, mended so many hours later.
WRONG = (
    ("paspoort-kwijt", "De link naar de aangifte werkt niet.", 30, None),
    ("grofvuil", "Het artikel noemt alleen meubels, bellers vragen ook naar matrassen.", 200, None),
    ("paspoort-aanvragen", "De openingstijden van het wijkcentrum zijn veranderd.", 260, 20),
    ("rijbewijs-verlengen", "Bij ‘kosten’ staat nog het bedrag van vorig jaar.", 400, 75),
    ("verhuizing-doorgeven", "Er staat niet bij hoe het gaat bij samenwonen.", 420, 50),
)


async def load(session: AsyncSession, slugs: Collection[str], now: datetime) -> bool:
    """Give these articles a past. Does nothing, and returns False, when somebody judged an article already."""
    if await queries.any_feedback(session):
        return False
    await queries.date_first_version(session, now - LONG_AGO)
    for slug, days in NEW.items():
        await queries.date_first_version(session, now - timedelta(days=days), slug)
    session.add_all(
        ArticleFeedback(
            slug=slug,
            verdict=Verdict.WRONG,
            channel=SearchChannel.DESK,
            note=note,
            created_at=now - timedelta(hours=ago),
            handled_at=None if later is None else now - timedelta(hours=ago - later),
            handled_by=None if later is None else EDITOR,
        )
        for slug, note, ago, later in WRONG
        if slug in slugs
    )
    return True
