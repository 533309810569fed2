"""What an agent has chosen and typed so far for an appointment, as it came: nothing is checked yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import urlencode

from kcc.appointments.availability.plan import Plan, Terms
from kcc.appointments.availability.visit import Asked
from kcc.appointments.links import new_secret
from kcc.clock import YEARS

# Name of the field for the persons of a product that comes along: `erbij-rijbewijs`.
ALONG = "erbij-"


@dataclass
class Draft:
    """The form of `/werk/afspraak`. `seen` is the choice whose times are on the agent's screen."""

    product: str = ""
    persons: int = 1
    along: dict[str, int] = field(default_factory=dict)
    location: str = ""
    first: date | None = None
    start: str = ""
    name: str = ""
    email: str = ""
    phone: str = ""
    language: str = "nl"
    address: str = ""
    earlier: bool = False
    article: str = ""
    query: str = ""
    contact: int | None = None
    question: int | None = None
    key: str = field(default_factory=new_secret)
    seen: str = ""

    @property
    def asked(self) -> Asked:
        """(code, persons) of each product."""
        chosen = [(self.product, self.persons)] if self.product else []
        return [*chosen, *((code, persons) for code, persons in self.along.items() if persons)]

    @property
    def choice(self) -> str:
        """What the free times depend on, in one line."""
        products = " ".join(f"{code}:{persons}" for code, persons in self.asked)
        return f"{products} {self.location} {self.first or ''}"

    @property
    def desk(self) -> str:
        """Where the agent came from."""
        fields = {"artikel": self.article, "q": self.query, "contact": self.contact}
        query = urlencode({name: value for name, value in fields.items() if value})
        return f"/werk?{query}" if query else "/werk"

    def fit(self, plan: Plan, today: date) -> None:
        """Leave out what cannot go with the product: one that is unknown, too many persons, other combinations."""
        terms = self.terms(plan, today)
        if terms is None:
            self.product, self.along = "", {}
            return
        self.persons = min(max(self.persons, 1), terms.max_persons)
        possible = {code: other.max_persons for code, other in self.companions(plan, today)}
        self.along = {code: min(self.along[code], most) for code, most in possible.items() if self.along.get(code)}

    def terms(self, plan: Plan, today: date) -> Terms | None:
        """The terms of the product; None when there is no such product now."""
        product = plan.products.get(self.product)
        return product.on(today) if product else None

    def companions(self, plan: Plan, today: date) -> list[tuple[str, Terms]]:
        """The products that may be done in the same visit, in the order of the catalogue."""
        product = plan.products.get(self.product)
        codes = product.combinable_with if product else frozenset()
        return [(other.code, terms) for other, terms in plan.offered(today) if other.code in codes]


def read(fields: Mapping[str, str]) -> Draft:
    """The draft in the fields of a form or of an address."""
    # The buttons that turn the page name the day to go to.
    first = day_of(fields.get("naar") or fields.get("vanaf", ""))
    return Draft(
        product=fields.get("product", ""),
        persons=_number(fields.get("personen", "1")),
        along={name.removeprefix(ALONG): _number(value) for name, value in fields.items() if name.startswith(ALONG)},
        location=fields.get("locatie", ""),
        first=first,
        start=fields.get("tijd", ""),
        name=fields.get("name", ""),
        email=fields.get("email", ""),
        phone=fields.get("phone", ""),
        language="en" if fields.get("language") == "en" else "nl",
        address=fields.get("address", ""),
        earlier=bool(fields.get("earlier")),
        article=fields.get("artikel", ""),
        query=fields.get("q", ""),
        contact=_number_of(fields.get("contact", "")),
        question=_number_of(fields.get("vraag", "")),
        key=fields.get("sleutel") or new_secret(),
        seen=fields.get("gezien", ""),
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 3 else 0


def _number_of(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def day_of(text: str) -> date | None:
    """The day that a date field sends; None for what is no date."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def start_of(text: str) -> datetime | None:
    """The instant that a radio for a time sends; None for what is no time anybody could have been offered."""
    try:
        start = datetime.fromisoformat(text)
    except ValueError:
        return None
    return start if start.tzinfo and start.year in YEARS else None
