"""What use teaches: which searches fail, which words led to the answer. Words only, nothing about a person."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from unicodedata import normalize

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.clock import Clock
from kcc.errors import Conflict, NotFound
from kcc.knowledge import articles, queries, reading
from kcc.knowledge.models import (
    ArticleFeedback,
    ProposalState,
    SearchChannel,
    SearchCount,
    VariantProposal,
    Verdict,
)
from kcc.knowledge.schemas import VARIANTS_MAX, Feedback, content_of
from kcc.storage import outbox
from kcc.storage.database import Database

QUERY_MAX = 200
FLUSH_SECONDS = 2.0
POOR_DAYS = 30
_EMAIL = re.compile(r"\S+ ?@ ?\S+")
# Five digits or more, however they are grouped: a phone number, a BSN, a number of a document or a bank account.
_LONG_NUMBER = re.compile(r"\d(?:[\W_]{0,3}\d){4,}")
log = structlog.get_logger("kcc.learning")


def without_person(query: str) -> str:
    """The words of a query as they are kept: lower case, no e-mail addresses, no numbers of five digits or more."""
    text = _LONG_NUMBER.sub("#", _EMAIL.sub("@", normalize("NFKC", query)))
    printable = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(printable.encode("utf-8", "replace").decode().lower().split())[:QUERY_MAX]


class SearchCounter:
    """Counts searches in memory and writes them every few seconds: a search itself never waits for a write.

    A crash loses at most those seconds of counts. Feedback is not counted here but written at once.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._counts: dict[tuple[date, SearchChannel, str], SearchCount] = {}

    def _count(self, channel: SearchChannel, query: str) -> SearchCount | None:
        words = without_person(query)
        if not words:
            return None
        key = (self._clock.today(), channel, words)
        return self._counts.setdefault(key, SearchCount(day=key[0], channel=channel, query=words))

    def searched(self, channel: SearchChannel, query: str, found: int) -> None:
        """Somebody searched (finished typing) and this many articles were found."""
        if count := self._count(channel, query):
            count.searches += 1
            count.without_result += found == 0

    def opened(self, channel: SearchChannel, query: str) -> None:
        """Somebody opened an article they found with these words."""
        if count := self._count(channel, query):
            count.opened += 1

    def judged(self, channel: SearchChannel, query: str, verdict: Verdict) -> None:
        """Somebody said whether what they found was the answer."""
        if count := self._count(channel, query):
            count.resolved += verdict is Verdict.RESOLVED
            count.not_the_answer += verdict is Verdict.NOT_THE_ANSWER

    async def flush(self) -> None:
        """Write what was counted; what could not be written is kept for the next time."""
        counts, self._counts = self._counts, {}
        if not counts:
            return
        try:
            async with self._database.writing() as session:
                await queries.add_counts(session, list(counts.values()))
        except BaseException as error:
            for key, count in counts.items():
                newer = self._counts.setdefault(key, SearchCount(day=key[0], channel=key[1], query=key[2]))
                for name in ("searches", "without_result", "opened", "resolved", "not_the_answer"):
                    setattr(newer, name, getattr(newer, name) + getattr(count, name))
            if not isinstance(error, Exception):  # being stopped: `run` writes once more
                raise
            log.exception("search_counts.not_written")

    async def run(self) -> None:
        """Write every few seconds until cancelled, and once more then."""
        try:
            while True:
                await asyncio.sleep(FLUSH_SECONDS)
                await self.flush()
        finally:
            await self.flush()


async def give_feedback(
    session: AsyncSession,
    slug: str,
    feedback: Feedback,
    channel: SearchChannel,
    clock: Clock,
    *,
    agents: bool,
) -> None:
    """Keep a verdict on an article; words that led to the answer become a proposal. Raises NotFound."""
    now = clock.now()
    article = await reading.read(session, slug, clock.today(), agents=agents)
    words = without_person(feedback.query or "")
    session.add(
        ArticleFeedback(
            slug=article.slug,
            verdict=feedback.verdict,
            channel=channel,
            query=words or None,
            note=feedback.note,
            created_at=now,
        )
    )
    known = {variant.lower() for variant in (article.title, *article.variants)}
    # A resident's click teaches nothing yet: only an agent heard that it was the answer.
    if feedback.verdict is Verdict.RESOLVED and channel is SearchChannel.DESK and words and words not in known:
        await queries.propose(session, article.slug, words, now)


async def decide(
    session: AsyncSession, proposal_id: int, *, accept: bool, editor: str, now: datetime
) -> VariantProposal:
    """An editor's nod or refusal: an accepted query becomes a question variant.

    Raises NotFound, and Conflict when the article can take no more of them.
    """
    await outbox.take_turn(session)
    proposal = await queries.proposal(session, proposal_id)
    if proposal is None or proposal.state is not ProposalState.OPEN:
        raise NotFound("Dit voorstel is er niet (meer)")
    proposal.state = ProposalState.ACCEPTED if accept else ProposalState.REJECTED
    article = await queries.article(session, proposal.slug)
    if accept and article is not None:
        content = content_of(article)
        if proposal.query not in content.variants:
            if len(content.variants) >= VARIANTS_MAX:
                raise Conflict(f"Dit artikel heeft al {VARIANTS_MAX} vragen. Haal er eerst een weg.")
            content = content.model_copy(update={"variants": [*content.variants, proposal.query]})
            await articles.update(session, article, content, editor, now)
    return proposal


async def handle_flag(session: AsyncSession, flag_id: int, editor: str, now: datetime) -> None:
    """An editor has dealt with what was said to be wrong. Raises NotFound."""
    flag = await queries.flag(session, flag_id)
    if flag is None or flag.verdict is not Verdict.WRONG:
        raise NotFound("Deze melding is er niet (meer)")
    if flag.handled_at is None:
        flag.handled_at, flag.handled_by = now, editor


async def for_editors(
    session: AsyncSession,
) -> tuple[Sequence[VariantProposal], Sequence[ArticleFeedback], dict[str, str]]:
    """Learned words that wait for a nod, open flags, and the titles of the articles they are about."""
    proposals, flags = await queries.open_proposals(session), await queries.open_flags(session)
    slugs = {proposal.slug for proposal in proposals} | {flag.slug for flag in flags}
    return proposals, flags, await queries.all_titles(session, slugs)


@dataclass(frozen=True, slots=True)
class Gap:
    """Words searched without a good answer, how often, and why they are listed."""

    query: str
    count: int
    last: date
    reason: str


async def gaps(session: AsyncSession, today: date, limit: int = 100) -> list[Gap]:
    """The searches of the last month without a good answer, most frequent first."""
    rows = await queries.poor_searches(session, today - timedelta(days=POOR_DAYS), limit)
    return [Gap(query, count, last, _reason(nothing, wrong)) for query, count, nothing, wrong, _opened, last in rows]


def _reason(nothing: int, wrong: int) -> str:
    if nothing:
        return "Niets gevonden"
    return "Niet het antwoord" if wrong else "Niets geopend"
