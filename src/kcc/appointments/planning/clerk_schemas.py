"""What crosses the wire about counter clerks."""

from pydantic import Field

from kcc.appointments.planning.clerks import Clerk
from kcc.web.fields import Codes
from kcc.web.requests import Wire


class ClerkItem(Wire):
    """A counter clerk by log-in name; `products` are the only ones this clerk helps with, empty is every product."""

    name: str
    display_name: str
    products: list[str]


class ClerkList(Wire):
    """Counter clerks."""

    total: int
    next: str | None
    results: list[ClerkItem]


class ClerkProducts(Wire):
    """What a clerk helps with."""

    products: Codes = Field(description="The only products this clerk helps with; empty is every product.")


def clerk_item(clerk: Clerk) -> ClerkItem:
    """A clerk for the wire."""
    return ClerkItem(name=clerk.name, display_name=clerk.display_name, products=list(clerk.products))
