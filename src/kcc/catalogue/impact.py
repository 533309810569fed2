"""What a change of a topic touches: what was asked about it, and what is written about it."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.catalogue import queries
from kcc.catalogue.models import Topic
from kcc.catalogue.state import TopicArticles, TopicQuestions


@dataclass(frozen=True, slots=True)
class Impact:
    """How many questions about a topic, or about any of a group, were logged, and (slug, title) of the articles."""

    questions: int
    articles: Sequence[tuple[str, str]]


async def asked_about(
    session: AsyncSession, topic_questions: TopicQuestions, begin: datetime, end: datetime
) -> Counter[str]:
    """How many questions count as about each topic today, of contacts from one moment up to, not at, another."""
    merges = await queries.topic_merges(session)
    found: Counter[str] = Counter()
    for code, number in (await topic_questions(session, begin, end)).items():
        found[merges.get(code, code)] += number
    return found


async def impact(
    session: AsyncSession, codes: Collection[str], asked: Mapping[str, int], topic_articles: TopicArticles
) -> Impact:
    """What a change of these topics touches; `asked` as `asked_about` tells."""
    return Impact(sum(asked.get(code, 0) for code in codes), await topic_articles(session, codes))


def counts(topic: Topic, groups: Mapping[str, Topic]) -> bool:
    """Whether questions about a topic count for first-contact resolution: unless it, or its group, is left out."""
    group = groups.get(topic.parent or "")
    return topic.counts_for_first_contact and (group is None or group.counts_for_first_contact)
