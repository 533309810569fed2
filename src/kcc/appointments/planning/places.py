"""Make, change and remove locations and counters."""

from collections.abc import Sequence
from datetime import date

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.appointments import cell_queries
from kcc.appointments.models import (
    Counter,
    CounterProduct,
    Location,
    LocationAddress,
    LocationKind,
    LocationProduct,
)
from kcc.appointments.planning import queries
from kcc.appointments.planning.changes import Change, delete, position, refused, unknown_location, unknown_products
from kcc.appointments.planning.place_schemas import CounterContent, LocationContent, NewCounter, NewLocation
from kcc.catalogue.refusals import InUse, taken, unknown
from kcc.errors import NotFound

# What stands beside the row, or is not in it.
_BESIDE = {"code", "address", "addresses", "products", "position"}
_HELD = "Iemand maakt nu een afspraak bij {}. Probeer het over een kwartier opnieuw."


async def create_location(session: AsyncSession, change: Change, new: NewLocation) -> str:
    """A new location; returns its code. Raises Conflict when the code is taken, and UnknownReference."""
    if new.code in change.plan.places:
        raise taken(new.code)
    await _check_products(session, new.products)
    row = Location(code=new.code, **new.model_dump(exclude=_BESIDE))
    row.position = await position(session, Location, new.position, None)
    session.add(row)
    await session.flush()
    await _put_location(session, new.code, new, change.today)
    return new.code


async def replace_location(session: AsyncSession, change: Change, code: str, content: LocationContent) -> None:
    """Give a location new content. Raises NotFound, UnknownReference, and Conflict when it has no address."""
    row = await _location(session, code)
    await _check_products(session, content.products)
    row.sqlmodel_update(content.model_dump(exclude=_BESIDE))
    row.position = await position(session, Location, content.position, row.position)
    await session.flush()
    await _put_location(session, code, content, change.today)


async def remove_location(session: AsyncSession, change: Change, code: str) -> None:
    """Remove a location with its hours. Raises NotFound, and InUse while it has counters or was ever booked."""
    row = await _location(session, code)
    booked = f"Er zijn afspraken bij {row.name}. Geef een laatste dag (openUntil)."
    if await queries.location_is_booked(session, code):
        raise InUse(booked)
    if await queries.counters_of(session, code):
        raise InUse(f"{row.name} heeft nog balies. Verwijder die eerst, of geef een laatste dag (openUntil).")
    await cell_queries.purge_holds(session, change.now)
    await queries.remove_hours(session, code)
    await delete(session, row, _HELD.format(row.name))


async def create_counter(session: AsyncSession, change: Change, new: NewCounter) -> str:
    """A new counter; returns its code. Raises Conflict when the code is taken, and UnknownReference."""
    if new.code in await queries.codes(session, Counter):
        raise taken(new.code)
    await _check_counter(session, new)
    row = Counter(code=new.code, **new.model_dump(exclude=_BESIDE))
    row.position = await position(session, Counter, new.position, None)
    session.add(row)
    await session.flush()
    await queries.restrict(session, CounterProduct, new.code, new.products)
    return new.code


async def replace_counter(session: AsyncSession, change: Change, code: str, content: CounterContent) -> None:
    """Give a counter new content. Raises NotFound and UnknownReference."""
    row = await _counter(session, code)
    await _check_counter(session, content)
    row.sqlmodel_update(content.model_dump(exclude=_BESIDE))
    row.position = await position(session, Counter, content.position, row.position)
    await session.flush()
    await queries.restrict(session, CounterProduct, code, content.products)


async def remove_counter(session: AsyncSession, change: Change, code: str) -> None:
    """Remove a counter that was never booked. Raises NotFound and InUse."""
    row = await _counter(session, code)
    booked = f"Er zijn afspraken bij {row.name}. Geef een laatste dag (openUntil)."
    if await queries.counter_is_booked(session, code):
        raise InUse(booked)
    await cell_queries.purge_holds(session, change.now)
    await queries.remove_expired_cells(session, code, change.now)
    await delete(session, row, _HELD.format(row.name))


async def _location(session: AsyncSession, code: str) -> Location:
    row = await session.get(Location, code)
    if row is None:
        raise NotFound(f"Er is geen locatie {code}")
    return row


async def _counter(session: AsyncSession, code: str) -> Counter:
    row = await session.get(Counter, code)
    if row is None:
        raise NotFound(f"Er is geen balie {code}")
    return row


async def _check_products(session: AsyncSession, products: list[str]) -> None:
    problems = await unknown_products(session, products, "products")
    if problems:
        raise unknown(problems)


async def _check_counter(session: AsyncSession, content: CounterContent) -> None:
    problems = await unknown_location(session, content.location)
    problems += await unknown_products(session, content.products, "products")
    if problems:
        raise unknown(problems)


async def _put_location(session: AsyncSession, code: str, content: LocationContent, today: date) -> None:
    await queries.restrict(session, LocationProduct, code, content.products)
    rows = _addresses(code, content, await queries.addresses(session, code), today)
    if not rows and content.kind is not LocationKind.HOME_VISIT:
        raise refused("addresses", "missing", "geef een adres; alleen een huisbezoek heeft er geen")
    await queries.put_addresses(session, code, rows)


def _addresses(
    code: str, content: LocationContent, known: Sequence[LocationAddress], today: date
) -> list[LocationAddress]:
    """The addresses as given; those that are known when none is given; `address` holds from today on."""
    given = content.addresses
    if given is None:
        dated = {row.valid_from: row.address for row in known}
    else:
        dated = {item.valid_from: item.address for item in given}
    current = [address for since, address in sorted(dated.items()) if since <= today]
    if content.address is not None and current[-1:] != [content.address]:
        dated[today] = content.address
    return [LocationAddress(location=code, valid_from=since, address=text) for since, text in sorted(dated.items())]
