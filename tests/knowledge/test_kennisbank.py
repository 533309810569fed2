"""The kennisbank that comes with kcc: every article complete, consistent and ready to be read out."""

from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path

import httpx
import pytest

from kcc.access.roles import Role
from kcc.catalogue import content as catalogue
from kcc.catalogue import fees
from kcc.catalogue.models import NO_UPL_NAME
from kcc.demo import content_folder
from kcc.knowledge.content import parse_article, slug_of
from kcc.knowledge.models import Audience, Status
from kcc.knowledge.schemas import INTERNAL_HEADING, ArticleContent
from kcc.knowledge.synonyms import parse_compounds, parse_synonyms
from tests.knowledge.conftest import BringIn

FOLDER = content_folder()
MADE_ON = date(2026, 11, 21)
Articles = dict[str, ArticleContent]


def read(file: Path) -> ArticleContent:
    return parse_article(file.read_text(encoding="utf-8"), str(file.relative_to(FOLDER)))


@pytest.fixture(scope="module")
def articles() -> Articles:
    return {slug_of(file): read(file) for file in sorted(FOLDER.rglob("*.md")) if file.name != "README.md"}


@pytest.fixture(scope="module")
def values() -> dict[str, str]:
    """Every fee as it is on the day the kennisbank was made."""
    found, problems = catalogue.read_fees(FOLDER / "tarieven.toml")
    assert problems == []
    newest = {
        fee.code: max((row for row in rows if row.valid_from <= MADE_ON), key=lambda row: row.valid_from)
        for fee, rows in found
    }
    return {fee.code: fees.shown(fee.kind, newest[fee.code].value) for fee, _ in found}


def test_there_are_as_many_articles_as_files(articles: Articles) -> None:
    assert len(articles) == len([file for file in FOLDER.rglob("*.md") if file.name != "README.md"])
    assert len(articles) >= 175


def test_every_topic_is_known_and_lies_in_the_folder_of_its_group(articles: Articles) -> None:
    topics = catalogue.read_topics(FOLDER / "topics.toml").topics
    groups = {topic.code: topic.parent for topic in topics}
    wrong = {slug: article.topic for slug, article in articles.items() if groups.get(article.topic) is None}
    assert wrong == {}
    assert {group for group in groups.values() if group} <= {topic.code for topic in topics}


def test_every_upl_name_is_in_the_list(articles: Articles) -> None:
    names, problems = catalogue.read_upl(FOLDER / "upl.csv")
    known = {row.name for row in names}
    assert (problems, len(known)) == ([], len(names))
    assert {slug: article.upl for slug, article in articles.items() if article.upl not in known} == {}
    named = [slug for slug, article in articles.items() if article.upl != NO_UPL_NAME]
    assert len(named) > len(articles) / 2


def test_every_placeholder_has_a_value_today(articles: Articles, values: dict[str, str]) -> None:
    missing = {slug: fees.missing(article.texts(), values) for slug, article in articles.items()}
    assert {slug: codes for slug, codes in missing.items() if codes} == {}


def test_every_fee_is_used(articles: Articles, values: dict[str, str]) -> None:
    used = {code for article in articles.values() for text in article.texts() for code in fees.codes(text)}
    assert set(values) - used == set()


def test_a_short_answer_can_be_said_in_one_breath(articles: Articles, values: dict[str, str]) -> None:
    lengths = {slug: len(fees.fill(article.short_answer, values)) for slug, article in articles.items()}
    assert {slug: length for slug, length in lengths.items() if length > 320} == {}


def test_facts_fit_on_the_screen(articles: Articles, values: dict[str, str]) -> None:
    facts = [
        (slug, label, fees.fill(value, values)) for slug, one in articles.items() for label, value in one.facts.items()
    ]
    assert [fact for fact in facts if len(fact[1]) > 22 or len(fact[2]) > 36] == []


def test_related_articles_exist_and_are_others(articles: Articles) -> None:
    wrong = {
        slug: [other for other in one.related if other not in articles or other == slug]
        for slug, one in articles.items()
    }
    assert {slug: others for slug, others in wrong.items() if others} == {}


def test_agents_find_what_to_ask_in_every_public_article(articles: Articles) -> None:
    assert [slug for slug, one in articles.items() if one.audience is Audience.PUBLIC and not one.internal] == []
    assert [slug for slug, one in articles.items() if INTERNAL_HEADING.lower() in one.body.lower()] == []


def test_articles_are_published_in_dutch_and_to_be_reviewed_later(articles: Articles) -> None:
    assert {one.status for one in articles.values()} == {Status.PUBLISHED}
    assert {one.language for one in articles.values()} == {"nl"}
    late = [slug for slug, one in articles.items() if one.review_date is None or one.review_date <= MADE_ON]
    assert late == []
    assert [slug for slug, one in articles.items() if one.valid_from and one.valid_from > MADE_ON] == []


def test_callers_words_are_given_and_differ(articles: Articles) -> None:
    assert [slug for slug, one in articles.items() if len(one.variants) < 5] == []
    assert [slug for slug, one in articles.items() if len(set(one.variants)) < len(one.variants)] == []
    titles = [one.title for one in articles.values()]
    assert sorted(titles) == sorted(set(titles))


def test_the_word_lists_can_be_read() -> None:
    synonyms = parse_synonyms((FOLDER / "synonyms.txt").read_text(encoding="utf-8"), "synonyms.txt")
    compounds = parse_compounds((FOLDER / "compounds.txt").read_text(encoding="utf-8"), "compounds.txt")
    assert len(synonyms.pairs) > 100
    assert compounds["paspoort"] == ("paspoort",)


async def test_the_whole_kennisbank_is_imported_without_a_problem(
    bring_in: BringIn, articles: Articles, with_token: Callable[[Role], Awaitable[httpx.AsyncClient]]
) -> None:
    first = await bring_in(FOLDER)
    assert (first.problems, first.outcomes["created"]) == ([], len(articles))
    second = await bring_in(FOLDER)
    assert (second.problems, second.changed, second.outcomes["unchanged"]) == ([], [], len(articles))
    agent = await with_token(Role.AGENT)
    listed = (await agent.get("/api/v1/articles", params={"limit": 1})).json()
    assert listed["total"] == len(articles)
