"""What crosses the wire about how knowledge is used."""

from typing import Literal

from pydantic import Field

from kcc.contacts.log.kinds import Channel
from kcc.service_levels.knowledge_definitions import Linking
from kcc.service_levels.knowledge_measures import Measures, OfArticle, OfTopic
from kcc.service_levels.schemas import DaysQuery, StartField
from kcc.web.fields import FilterCode
from kcc.web.requests import Wire


class KnowledgeQuery(DaysQuery):
    """Which questions: by interval, on one channel or `all`, of a topic or a group of topics when given."""

    by: Literal["day", "week", "month"] = "month"
    channel: Channel | Literal["all"] = "all"
    topic: FilterCode = ""


class KnowledgeDefinition(Wire):
    """What was counted, and how. Of fewer than `fewest` there is no percentage."""

    metric: Literal["knowledge"]
    channel: str
    topic: str | None
    fewest: int
    version: int


class LinkingCounts(Wire):
    """Questions that could have an article: those with one (`linked`), and without (`none`).

    `reused`: an article was there when the contact began; `new`: it was first published after that. `percentReused` is
    of the linked ones. `calledBackAfterSearch`: without an article, searched, and a department calls back.
    """

    questions: int
    linked: int
    percent_linked: float | None
    reused: int
    percent_reused: float | None
    new: int
    none: int
    called_back_after_search: int


class LinkingRow(LinkingCounts):
    """An interval."""

    start: StartField


class TopicKnowledge(LinkingCounts):
    """A topic. `articlesPublished`: about it, for the first time, in the period."""

    topic: str
    name: str
    group: str | None
    articles_published: int


class ArticleKnowledge(Wire):
    """An article: in how many questions it was used, how many of those were answered, and flags that stand open."""

    slug: str
    title: str
    questions: int
    resolved: int
    percent_resolved: float | None
    open_flags: int


class FlagCounts(Wire):
    """What was said to be wrong with articles: `raised` and `mended` in the period, and `open` when it ended.

    Seconds that those mended in it had stood, half of them longer; and that the oldest open one stood. Null of none.
    """

    raised: int
    mended: int
    median_seconds_to_mend: float | None
    open: int
    oldest_open_seconds: float | None


class KnowledgeAnswer(Wire):
    """A row for every interval; topics with the most questions first, articles by use."""

    definition: KnowledgeDefinition
    rows: list[LinkingRow]
    topics: list[TopicKnowledge]
    articles: list[ArticleKnowledge]
    flags: FlagCounts = Field(description="Of articles about these topics, whatever the channel.")


def knowledge_answer(definition: KnowledgeDefinition, found: Measures) -> KnowledgeAnswer:
    """The figures for the wire."""
    return KnowledgeAnswer(
        definition=definition,
        rows=[LinkingRow(start=start, **_counts(figures)) for start, figures in found.rows],
        topics=[_topic(row) for row in found.topics],
        articles=[_article(row) for row in found.articles],
        flags=FlagCounts(
            raised=found.flags.raised,
            mended=found.flags.mended,
            median_seconds_to_mend=found.flags.median_seconds,
            open=len(found.flags.still_open),
            oldest_open_seconds=found.flags.oldest_seconds,
        ),
    )


def _counts(figures: Linking) -> dict[str, int | float | None]:
    return {
        "questions": figures.questions,
        "linked": figures.linked,
        "percent_linked": figures.percent_linked,
        "reused": figures.reused,
        "percent_reused": figures.percent_reused,
        "new": figures.new,
        "none": figures.none,
        "called_back_after_search": figures.called_back,
    }


def _topic(row: OfTopic) -> TopicKnowledge:
    counts = _counts(row.figures)
    return TopicKnowledge(
        topic=row.topic,
        name=row.name,
        group=row.group,
        articles_published=row.published,
        **counts,
    )


def _article(row: OfArticle) -> ArticleKnowledge:
    return ArticleKnowledge(
        slug=row.slug,
        title=row.title,
        questions=row.figures.questions,
        resolved=row.figures.resolved,
        percent_resolved=row.figures.percent,
        open_flags=row.flags,
    )
