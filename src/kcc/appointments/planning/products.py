"""Make, change and remove products. What a product takes is kept by the day from which it holds."""

from datetime import date

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments.models import Product, ProductTerms
from kcc.appointments.planning import queries
from kcc.appointments.planning.changes import Change, delete, position, refused, unknown_products
from kcc.appointments.planning.product_schemas import NewProduct, ProductContent
from kcc.catalogue import fees
from kcc.catalogue import queries as catalogue
from kcc.catalogue.refusals import InUse, taken, unknown, unknown_field
from kcc.errors import NotFound

# What stands in the product itself or beside it; all else is in its terms.
_UNDATED = {"code", "combinable_with", "withdrawn_from", "valid_from", "position"}


async def create(session: AsyncSession, change: Change, new: NewProduct) -> str:
    """A new product; returns its code. Raises Conflict when the code is taken, and UnknownReference."""
    if new.code in change.plan.products:
        raise taken(new.code)
    await _check(session, new)
    row = Product(code=new.code, withdrawn_from=new.withdrawn_from)
    row.position = await position(session, Product, new.position, None)
    session.add(row)
    await session.flush()
    await _put(session, new.code, new, new.valid_from or change.today)
    return new.code


async def replace(session: AsyncSession, change: Change, code: str, content: ProductContent) -> None:
    """Give a product new content for visits from a day on; what held before that day is kept.

    Raises NotFound, UnknownReference, and Conflict for a day that is over.
    """
    row = await _product(session, code)
    since = content.valid_from or change.today
    if since < change.today:
        raise refused("validFrom", "past", "de dag waarop dit ingaat is al voorbij; kies vandaag of later")
    await _check(session, content)
    row.withdrawn_from = content.withdrawn_from
    row.position = await position(session, Product, content.position, row.position)
    await _put(session, code, content, since)


async def remove(session: AsyncSession, change: Change, code: str) -> None:
    """Remove a product that was never booked. Raises NotFound and InUse."""
    row = await _product(session, code)
    booked = f"Er zijn afspraken voor {code}. Geef een dag waarop het product stopt (withdrawnFrom)."
    if await queries.product_is_booked(session, code):
        raise InUse(booked)
    restricted = await queries.restricted_to(session, code)
    if restricted:  # without its last product a restriction would become "every product"
        raise InUse(f"{', '.join(restricted)} noemt {code} bij de producten. Haal het daar eerst weg.")
    await delete(session, row, booked)


async def _product(session: AsyncSession, code: str) -> Product:
    row = await session.get(Product, code)
    if row is None:
        raise NotFound(f"Er is geen product {code}")
    return row


async def _check(session: AsyncSession, content: ProductContent) -> None:
    problems = []
    if content.upl is not None and await catalogue.upl_uri(session, content.upl) is None:
        problems.append(unknown_field("upl", f"{content.upl} staat niet in de UPL; neem een naam precies over"))
    known = await catalogue.fee_codes(session)
    for name, text in (("costs", content.costs), ("costsEn", content.costs_en)):
        problems += [unknown_field(name, f"tarief {fee} bestaat niet") for fee in sorted(fees.missing([text], known))]
    problems += await unknown_products(session, content.combinable_with, "combinableWith")
    if problems:
        raise unknown(problems)


async def _put(session: AsyncSession, code: str, content: ProductContent, since: date) -> None:
    terms = content.model_dump(exclude=_UNDATED)
    await session.merge(ProductTerms(product=code, valid_from=since, **terms))
    await queries.combine(session, code, {*content.combinable_with} - {code})
