"""From the database to the index: articles as documents, and the lexicon the editors' word lists make."""

from collections.abc import AsyncIterator, Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.catalogue import queries as catalogue
from kcc.catalogue.models import NO_UPL_NAME
from kcc.knowledge import queries
from kcc.knowledge.dictionary import dictionary_words
from kcc.knowledge.document import Document
from kcc.knowledge.lexicon import Lexicon
from kcc.knowledge.models import Article, Audience, WordListKind
from kcc.knowledge.rendering import plain
from kcc.knowledge.synonyms import parse_compounds, parse_synonyms

BATCH = 500


async def load_lexicon(session: AsyncSession) -> Lexicon:
    """The lexicon as the word lists are now."""
    texts = {row.kind: row.text for row in await queries.word_lists(session)}
    return Lexicon(
        synonyms=parse_synonyms(texts.get(WordListKind.SYNONYMS, "")),
        exceptions=parse_compounds(texts.get(WordListKind.COMPOUNDS, "")),
        words=dictionary_words(),
    )


async def groups_of_topics(session: AsyncSession) -> dict[str, str]:
    """Of each topic its group; a group is its own."""
    return {topic.code: topic.parent or topic.code for topic in await catalogue.topics(session)}


def to_document(article: Article, groups: dict[str, str]) -> Document:
    """An article as the index takes it."""
    return Document(
        slug=article.slug,
        title=article.title,
        # That the list has no name yet is no word of the article.
        upl="" if article.upl == NO_UPL_NAME else article.upl,
        variants=tuple(article.variants),
        synonyms=tuple(article.synonyms),
        short_answer=article.short_answer,
        body=plain(article.body),
        internal=plain(article.internal),
        topic=article.topic,
        group=groups.get(article.topic, article.topic),
        department=article.department,
        audience="public" if article.audience == Audience.PUBLIC else "agents",
        language=article.language,
        valid_from=article.valid_from,
        valid_until=article.valid_until,
        source_id=article.source_id,
        updated_at=article.updated_at,
    )


async def all_documents(session: AsyncSession) -> AsyncIterator[Document]:
    """Every published article, read a batch at a time."""
    groups = await groups_of_topics(session)
    last = 0
    while batch := await queries.published(session, last, BATCH):
        for article in batch:
            yield to_document(article, groups)
        last = batch[-1].id or 0
        session.expunge_all()


async def documents_among(session: AsyncSession, slugs: Sequence[str]) -> list[Document]:
    """Those of these articles that are published."""
    groups = await groups_of_topics(session)
    return [to_document(article, groups) for article in await queries.published_among(session, slugs)]
