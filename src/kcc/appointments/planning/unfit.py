"""The appointments that no longer fit the plan, as employees read them in a list to call and mail from."""

from collections.abc import Sequence
from dataclasses import dataclass

from kcc.access.contact_details import readable_phone
from kcc.appointments.availability.plan import Plan
from kcc.appointments.availability.touching import Misfit
from kcc.appointments.links import readable
from kcc.appointments.misfits import Unfit
from kcc.web.dates import moment

# Why an appointment no longer fits the plan, after a colon.
MISFITS = {
    Misfit.NO_COUNTER: "de balie is niet meer op deze locatie",
    Misfit.NOT_HERE: "wat de inwoner komt doen, kan niet meer aan deze balie",
    Misfit.NOT_OFFERED: "wat de inwoner komt doen, is op deze dag niet meer te boeken",
    Misfit.CLOSED: "de balie is op deze tijd niet meer open",
}
SHOWN = 100


@dataclass(frozen=True, slots=True)
class UnfitRow:
    """One line: `code` for in an address, `shown_code` as people read it, `told` the moment of the mail or nothing."""

    code: str
    shown_code: str
    when: str
    products: str
    location: str
    why: str
    name: str
    email: str
    phone: str
    told: str


@dataclass(frozen=True, slots=True)
class UnfitList:
    """The first of them, by time; how many there are, and how many of those can be mailed and were not yet."""

    rows: Sequence[UnfitRow]
    total: int
    to_mail: int
    to_call: int

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.total - len(self.rows)


def unfit_list(plan: Plan, found: Sequence[Unfit]) -> UnfitList:
    """The list of what was found."""
    return UnfitList(
        rows=[_row(plan, item) for item in found[:SHOWN]],
        total=len(found),
        to_mail=sum(item.waits_for_mail for item in found),
        to_call=sum(item.appointment.email is None for item in found),
    )


def _row(plan: Plan, item: Unfit) -> UnfitRow:
    row, place = item.appointment, plan.places.get(item.appointment.location)
    names = [plan.products[code].terms[-1].name if code in plan.products else code for code, _ in item.products]
    return UnfitRow(
        code=row.code,
        shown_code=readable(row.code),
        when=moment(row.starts_at.astimezone(plan.zone)),
        products=", ".join(names),
        location=place.name if place else row.location,
        why=MISFITS[item.why],
        name=row.name,
        email=row.email or "",
        phone=readable_phone(row.phone) if row.phone else "",
        told=moment(item.told_at.astimezone(plan.zone)) if item.told_at else "",
    )


def mailed(told: str) -> int | None:
    """How many were just mailed, as an address says; None when it says nothing."""
    return int(told) if told.isascii() and told.isdigit() and len(told) <= 6 else None
