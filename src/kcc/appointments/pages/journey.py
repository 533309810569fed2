"""Where a resident is on the way to an appointment: what stands in the address, and the cookies of the last steps.

Every step before the details is a GET whose address says it all, so that Back, a bookmark and a second tab work.
From the hold on it is a cookie that knows, because the hold's id is a secret.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kcc.appointments.availability.offering import Asker
from kcc.appointments.availability.plan import Place, Plan, Terms
from kcc.appointments.state import AppointmentState
from kcc.web.i18n import language_of

PERSONS_DIGITS = 2
# The fields of the form of step 1 for what is done in the same visit; addresses after it name every product alike.
ALSO = "ook-"
HOUR = 3600


@dataclass(frozen=True, slots=True)
class Chosen:
    """The products somebody chose, each with its terms and for how many persons."""

    products: tuple[tuple[str, int, Terms], ...]

    @property
    def asked(self) -> list[tuple[str, int]]:
        """(code, persons) of each."""
        return [(code, persons) for code, persons, _ in self.products]

    @property
    def codes(self) -> frozenset[str]:
        """The codes alone."""
        return frozenset(code for code, _, _ in self.products)

    @property
    def query(self) -> list[tuple[str, str]]:
        """The products as they stand in an address."""
        return [("product", f"{code}:{persons}") for code, persons, _ in self.products]

    def on(self, plan: Plan, day: date) -> "Chosen":
        """The same with the terms of a day; of a product that is not made then, the terms it has here."""
        return Chosen(
            tuple((code, persons, plan.products[code].on(day) or terms) for code, persons, terms in self.products)
        )

    @property
    def minutes(self) -> int:
        """How long that takes, before rounding to whole cells."""
        return sum(
            terms.duration_minutes + (persons - 1) * terms.further_person_minutes + terms.preparation_minutes
            for _, persons, terms in self.products
        )


def asker(request: Request[AppointmentState]) -> Asker:
    """A resident, now."""
    clock = request.state["clock"]
    return Asker(now=clock.now(), today=clock.today(), staff=False)


def chosen(request: Request[AppointmentState], plan: Plan) -> Chosen:
    """The products in the address; what is not (any more) to be chosen is left out, and persons are kept in range."""
    today = request.state["clock"].today()
    found: dict[str, tuple[str, int, Terms]] = {}
    given = request.query_params
    also = [name.removeprefix(ALSO) for name in given if name.startswith(ALSO)]
    for item in [*given.getlist("product"), *also][: request.state["policy"].max_products]:
        code, _, persons = item.partition(":")
        persons = given.get(f"personen-{code}", persons)
        terms = plan.products[code].on(today) if code in plan.products else None
        if terms is not None and not terms.staff_only:
            found.setdefault(code, (code, _persons(persons, terms.max_persons), terms))
    return Chosen(tuple(found.values()))


def _persons(text: str, most: int) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= PERSONS_DIGITS else 1
    return min(max(number, 1), most)


def online_places(plan: Plan, codes: frozenset[str], request: Request[AppointmentState]) -> Sequence[Place]:
    """The places where residents can book these products: those with hours that are not for staff only."""
    today = request.state["clock"].today()
    return [
        place
        for place in plan.places_for(codes, today)
        if any(not rule.staff_only for rule in place.rules) and any(counter.serves(codes) for counter in place.counters)
    ]


def address(request: Request[Any], path: str, query: Sequence[tuple[str, str]] = (), fragment: str = "") -> str:
    """An address of the journey in the language of this page."""
    english = [("lang", "en")] if language_of(request) == "en" else []
    text = urlencode([*query, *english])
    return path + (f"?{text}" if text else "") + (f"#{fragment}" if fragment else "")


def to(request: Request[Any], path: str, query: Sequence[tuple[str, str]] = ()) -> RedirectResponse:
    """On to the next page, in the language of this one."""
    return RedirectResponse(address(request, path, query), 303)


def typed(value: object) -> str:
    """What was typed in a field, in characters that can be shown again and stored whatever the form's character set."""
    return value.strip().encode("utf-8", "replace").decode() if isinstance(value, str) else ""


# Cookies ----------------------------------------------------------------------------------------------------

HOLD, MANAGE, DRAFT = "tijd", "afspraak", "gegevens"


def cookie_name(request: Request[AppointmentState], what: str) -> str:
    """`__Host-` over https, which browsers bind to this host; over plain http they refuse that name."""
    return f"__Host-kcc-{what}" if request.state["settings"].secure else f"kcc-{what}"


def cookie(request: Request[AppointmentState], what: str) -> str | None:
    """What the browser kept for us."""
    return request.cookies.get(cookie_name(request, what)) or None


def keep(request: Request[AppointmentState], response: Response, what: str, value: str) -> None:
    """Let the browser keep a secret, or what is sealed, for an hour, out of reach of scripts."""
    response.set_cookie(
        cookie_name(request, what),
        value,
        max_age=HOUR,
        httponly=True,
        samesite="lax",
        secure=request.state["settings"].secure,
    )


def forget(request: Request[AppointmentState], response: Response, what: str) -> None:
    """The browser may forget it."""
    response.delete_cookie(
        cookie_name(request, what), httponly=True, samesite="lax", secure=request.state["settings"].secure
    )
