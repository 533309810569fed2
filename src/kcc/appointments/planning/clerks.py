"""What each counter clerk helps with: every product, or these only. Holds at once, for whom is called next."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from kcc.access import queries as access
from kcc.access.accounts import normalise
from kcc.access.models import Account
from kcc.access.roles import Role
from kcc.appointments import plan_queries
from kcc.appointments.planning import queries
from kcc.appointments.planning.changes import unknown_products
from kcc.catalogue.refusals import unknown
from kcc.errors import NotFound


@dataclass(frozen=True, slots=True)
class Clerk:
    """An account that works at a counter. `products` are the only ones it helps with; empty is every product."""

    id: int
    name: str
    display_name: str
    products: tuple[str, ...]


async def clerks(session: AsyncSession) -> list[Clerk]:
    """All active accounts with the role of counter clerk, by log-in name."""
    served = await queries.products_of_clerks(session)
    return [_clerk(account, served) for account in await access.active_accounts(session, Role.COUNTER_CLERK)]


async def clerk_by_id(session: AsyncSession, number: int) -> Clerk:
    """The clerk with this account. Raises NotFound."""
    return _found([one for one in await clerks(session) if one.id == number], str(number))


async def set_products(session: AsyncSession, name: str, products: Collection[str]) -> Clerk:
    """Let the clerk with this log-in name help with these products only; with none given, with everything.

    Raises NotFound when no counter clerk is called so, and UnknownReference for products there are not.
    """
    await plan_queries.next_plan_version(session)  # a product that is being removed is waited for
    known = _found([one for one in await clerks(session) if one.name == normalise(name)], name)
    problems = await unknown_products(session, list(products), "products")
    if problems:
        raise unknown(problems)
    await queries.restrict_clerk(session, known.name, products)
    return Clerk(known.id, known.name, known.display_name, tuple(sorted(set(products))))


def _clerk(account: Account, served: dict[str, list[str]]) -> Clerk:
    assert account.id is not None
    return Clerk(account.id, account.name, account.display_name, tuple(served.get(account.name, ())))


def _found(clerks: list[Clerk], name: str) -> Clerk:
    if not clerks:
        raise NotFound(f"Er is geen baliemedewerker {name} (meer)")
    return clerks[0]
