"""What facts are told apart by: topics, departments, products, queues, agents, locations."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, case, func
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import select

from kcc.appointments.models import Location, Product, ProductTerms
from kcc.catalogue.models import Department, Topic, TopicMerge, UplName
from kcc.contacts.telephony.models import Call
from kcc.service_levels.export.columns import Column, Kind
from kcc.service_levels.export.models import AgentAlias
from kcc.service_levels.phone.tallies import NO_QUEUE

TEXT, INTEGER = Kind.TEXT, Kind.INTEGER


@dataclass(frozen=True, slots=True)
class Dimension:
    """A table that facts join; `query` tells its columns, in their order. The first is what is joined."""

    name: str
    about: str
    columns: tuple[Column, ...]
    query: Any


def _topics() -> Dimension:
    of: Any = aliased(Topic)
    to: Any = aliased(Topic)
    above: Any = aliased(Topic)
    merge: Any = TopicMerge
    counts = and_(to.counts_for_first_contact, func.coalesce(above.counts_for_first_contact, True))
    return Dimension(
        "dim_topic",
        "What contacts are about, also topics that became part of another",
        (
            Column("topic", TEXT, "code as it was logged"),
            Column("topic_now", TEXT, "code of the topic that it is part of by now"),
            Column("name", TEXT, "of that topic"),
            Column("group_code", TEXT, "its group; its own code when it is a group"),
            Column("group_name", TEXT, ""),
            Column("department", TEXT, "who is responsible; joins dim_department"),
            Column("counts_for_first_contact", INTEGER, "0: left out of first-contact resolution"),
        ),
        select_columns(
            of.code.label("topic"),
            to.code.label("topic_now"),
            to.name,
            func.coalesce(above.code, to.code).label("group_code"),
            func.coalesce(above.name, to.name).label("group_name"),
            to.department,
            case((counts, 1), else_=0).label("counts_for_first_contact"),
        )
        .select_from(of)
        .outerjoin(merge, merge.topic == of.code)
        .join(to, to.code == func.coalesce(merge.target, of.code))
        .outerjoin(above, above.code == to.parent)
        .order_by(of.code),
    )


def _products() -> Dimension:
    product: Any = Product
    terms: Any = ProductTerms
    upl: Any = UplName
    newest: Any = (
        select(func.max(ProductTerms.valid_from)).where(ProductTerms.product == Product.code).correlate(Product)
    )
    query: Any = (
        select_columns(product.code.label("product"), terms.name, terms.upl.label("upl_name"), upl.uri.label("upl_uri"))
        .join_from(product, terms, and_(terms.product == product.code, terms.valid_from == newest.scalar_subquery()))
        .outerjoin(upl, upl.name == terms.upl)
        .order_by(product.code)
    )
    return Dimension(
        "dim_product",
        "What residents come for",
        (
            Column("product", TEXT, ""),
            Column("name", TEXT, "in its newest terms"),
            Column("upl_name", TEXT, "name in the Uniforme Productnamenlijst"),
            Column("upl_uri", TEXT, ""),
        ),
        query,
    )


def _plain(name: str, about: str, columns: tuple[Column, ...], *selected: Any) -> Dimension:
    return Dimension(name, about, columns, select_columns(*selected).order_by(selected[0]))


_call: Any = Call
_queue = case((_call.queue == "", NO_QUEUE), else_=_call.queue).label("queue")
_department: Any = Department
_location: Any = Location
_agent: Any = AgentAlias
DIMENSIONS = (
    _topics(),
    _products(),
    _plain(
        "dim_department",
        "Back offices",
        (Column("department", TEXT, ""), Column("name", TEXT, "")),
        _department.code.label("department"),
        _department.name,
    ),
    _plain(
        "dim_location",
        "Where visits take place",
        (Column("location", TEXT, ""), Column("name", TEXT, ""), Column("kind", TEXT, "")),
        _location.code.label("location"),
        _location.name,
        _location.kind,
    ),
    _plain(
        "dim_agent",
        "Pseudonyms of agents: those of the exchange and those of accounts are apart",
        (Column("agent", TEXT, "pseudonym"), Column("kind", TEXT, "telephone or account")),
        _agent.alias.label("agent"),
        _agent.kind,
    ),
    Dimension(
        "dim_queue",
        "Queues of the exchange",
        (Column("queue", TEXT, "name as the exchange tells it"),),
        select_columns(_queue).distinct().order_by(_queue),
    ),
)
