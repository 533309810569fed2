"""The demonstration's plan: whole, in step with the kennisbank, and loaded once."""

import tomllib
from datetime import UTC, date, datetime, time, timedelta
from importlib import resources
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcc.appointments import plan_queries
from kcc.appointments.availability.cells import local_cell
from kcc.appointments.availability.offering import Asker, offered
from kcc.appointments.availability.opening import Opening
from kcc.appointments.availability.plan import Plan, days
from kcc.appointments.availability.visit import visit
from kcc.appointments.models import LocationAddress, ProductTerms
from kcc.appointments.planner import build
from kcc.appointments.planning.demonstration import load, rows
from kcc.catalogue.content import read_fees, read_upl
from kcc.catalogue.fees import missing
from kcc.demo import content_folder
from kcc.knowledge.content import parse_article
from kcc.knowledge.schemas import ArticleContent
from kcc.storage.database import Database

ZONE = ZoneInfo("Europe/Amsterdam")
TODAY = date(2026, 11, 24)
TUESDAY, THURSDAY = date(2026, 12, 1), date(2026, 12, 3)
TERMS = rows(TODAY)[ProductTerms]


@pytest.fixture(scope="module")
def plan() -> Plan:
    return build(rows(TODAY), 1, ZONE)


@pytest.fixture(scope="module")
def articles() -> list[ArticleContent]:
    paths = sorted((content_folder() / "articles").rglob("*.md"))
    return [parse_article(path.read_text(encoding="utf-8"), path.name) for path in paths]


def open_at(opened: Opening, day: date, hour: int, minute: int = 0, *, staff: bool) -> int:
    """How many counters are open at a local time."""
    bit = local_cell(day, hour * 60 + minute, ZONE) - opened.first_cell
    return sum(row >> bit & 1 for row in (opened.staff_rows if staff else opened.rows).values())


@pytest.mark.parametrize(
    ("day", "hour", "minute", "online", "in_all"),
    [
        (TUESDAY, 8, 25, 0, 0),
        (TUESDAY, 8, 30, 2, 3),
        (TUESDAY, 10, 0, 5, 6),
        (TUESDAY, 12, 30, 2, 3),
        (TUESDAY, 15, 55, 5, 6),
        (TUESDAY, 16, 55, 2, 3),
        (TUESDAY, 17, 0, 0, 0),
        (THURSDAY, 19, 55, 2, 3),
        (THURSDAY, 20, 0, 0, 0),
        (date(2026, 12, 5), 10, 0, 0, 0),  # a Saturday
        (date(2026, 12, 25), 10, 0, 0, 0),  # Christmas Day is a Friday
    ],
)
def test_the_town_hall_opens_its_counters(
    plan: Plan, day: date, hour: int, minute: int, online: int, in_all: int
) -> None:
    opened = plan.opening(plan.places["stadhuis"], day)
    assert open_at(opened, day, hour, minute, staff=False) == online
    assert open_at(opened, day, hour, minute, staff=True) == in_all


def test_the_temporary_desk_moves(plan: Plan) -> None:
    desk = plan.places["tijdelijke-registratie"]
    move = TODAY + timedelta(days=28)
    before, after = desk.address_on(move - timedelta(days=1)), desk.address_on(move)
    assert before == desk.address_on(TODAY) != after
    assert desk.moves_on(TODAY) == (move, after)
    assert open_at(plan.opening(desk, TUESDAY), TUESDAY, 10, staff=False) == 2
    gone = TODAY + timedelta(days=126)  # a Tuesday too
    assert open_at(plan.opening(desk, gone), gone, 10, staff=True) == 0


def test_home_visits_are_for_employees_to_give(plan: Plan) -> None:
    place = plan.places["thuisbezoek"]
    assert place.is_home_visit
    assert open_at(plan.opening(place, TUESDAY), TUESDAY, 10, staff=False) == 0
    assert open_at(plan.opening(place, TUESDAY), TUESDAY, 10, staff=True) == 1


@given(today=st.dates(date(2026, 1, 1), date(2030, 1, 1)))
def test_whenever_it_is_loaded_everybody_is_off_on_the_same_weekday(today: date) -> None:
    plan = build(rows(today), 1, ZONE)
    for place in plan.places.values():
        (closing,) = place.closings
        assert closing.day.isoweekday() == 3
        assert timedelta(days=21) <= closing.day - today <= timedelta(days=27)
        assert not any(plan.opening(place, closing.day).staff_rows.values())


def _starts(plan: Plan, code: str, *, staff: bool) -> int:
    """How many starts a product has in the two weeks after today, over all places."""
    now = datetime.combine(TODAY, time(8), UTC)
    period = days(TODAY, TODAY + timedelta(days=14))
    base = local_cell(TODAY, 0, ZONE)
    asker = Asker(now, TODAY, staff)
    return sum(
        len(offered(plan, visit(plan, place, [(code, 1)], TODAY, staff=staff, max_products=1), asker, period, {}, base))
        for place in plan.places_for(frozenset([code]), TODAY)
    )


@pytest.mark.parametrize("terms", TERMS, ids=lambda terms: terms.product)
def test_every_product_can_be_booked(plan: Plan, terms: ProductTerms) -> None:
    assert _starts(plan, terms.product, staff=True) > 0
    assert terms.staff_only or _starts(plan, terms.product, staff=False) > 0


def test_a_family_gets_its_passports_and_identity_cards_in_one_visit(plan: Plan) -> None:
    asked = [("paspoort", 3), ("identiteitskaart", 2), ("uittreksel", 1)]
    assert visit(plan, plan.places["stadhuis"], asked, TODAY, staff=False, max_products=4).minutes == 60


def test_every_product_that_articles_name_exists(plan: Plan, articles: list[ArticleContent]) -> None:
    named = {article.product for article in articles if article.product}
    assert len(named) > 20
    assert named <= set(plan.products)


@pytest.mark.parametrize("terms", TERMS, ids=lambda terms: terms.product)
def test_texts_are_there_in_both_languages(terms: ProductTerms) -> None:
    assert terms.name_en
    assert terms.costs
    assert terms.costs_en
    assert len(terms.bring) == len(terms.bring_en) > 0


def test_names_of_products_are_in_the_upl() -> None:
    names, problems = read_upl(content_folder() / "upl.csv")
    assert problems == []
    assert {terms.upl for terms in TERMS if terms.upl} <= {row.name for row in names}


def test_costs_name_fees_that_exist() -> None:
    known, problems = read_fees(content_folder() / "tarieven.toml")
    assert problems == []
    texts = [text for terms in TERMS for text in (terms.costs, terms.costs_en)]
    assert missing(texts, (fee.code for fee, _ in known)) == set()


def test_online_forms_are_those_of_the_articles(articles: list[ArticleContent]) -> None:
    own = {terms.online_url for terms in TERMS if "voorbeeld.example" in (terms.online_url or "")}
    assert own
    assert own <= {article.form for article in articles}


def test_the_file_has_no_field_that_nobody_reads() -> None:
    # Tables take unknown fields without a word.
    text = resources.files("kcc.appointments").joinpath("data/demonstration.toml").read_text(encoding="utf-8")
    file = tomllib.loads(text)
    read = set(ProductTerms.model_fields) | {"code"}
    assert {name for entry in [file["defaults"], *file["products"]] for name in entry} <= read


async def test_loading_twice_changes_nothing(database: Database) -> None:
    async with database.writing() as session:
        await load(session, TODAY)
    async with database.reading() as session:
        version, found = await plan_queries.plan_version(session), await plan_queries.plan_rows(session)
    async with database.writing() as session:
        await load(session, TODAY + timedelta(days=100))
    async with database.reading() as session:
        assert await plan_queries.plan_version(session) == version == 1
        again = await plan_queries.plan_rows(session)
    assert build(again, 1, ZONE) == build(found, 1, ZONE)
    # What came out of the database is what the file says, in the same order.
    assert build(found, 1, ZONE) == build(rows(TODAY), 1, ZONE)
    assert {row.location for row in found[LocationAddress]} == set(build(found, 1, ZONE).places)
