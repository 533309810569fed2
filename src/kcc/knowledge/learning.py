"""What use teaches: which words led to the answer, and what readers say is wrong with an article."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.clock import Clock
from kcc.errors import Conflict, NotFound
from kcc.knowledge import articles, queries, reading
from kcc.knowledge.models import (
    ArticleFeedback,
    ProposalState,
    SearchChannel,
    VariantProposal,
    Verdict,
)
from kcc.knowledge.schemas import VARIANTS_MAX, Feedback, content_of
from kcc.knowledge.search_counts import without_person
from kcc.storage import outbox


async def give_feedback(
    session: AsyncSession,
    slug: str,
    feedback: Feedback,
    channel: SearchChannel,
    clock: Clock,
    *,
    agents: bool,
    drafts: bool = False,
) -> None:
    """Keep a verdict on an article; words that led to the answer become a proposal. Raises NotFound.

    With `drafts` also on one that is not published: an editor who reads it may say that it is wrong.
    """
    now = clock.now()
    if drafts:
        article = await reading.read_any(session, slug)
    else:
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


async def titles(session: AsyncSession, slugs: Collection[str]) -> dict[str, str]:
    """The titles of these articles, whatever their status."""
    return await queries.all_titles(session, slugs)
