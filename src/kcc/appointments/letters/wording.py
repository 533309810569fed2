"""What letters and invitations say of an appointment in the same way: its time, place, products, things to bring."""

from datetime import datetime

from babel.dates import format_datetime

from kcc.appointments.facts import AppointmentFacts
from kcc.appointments.letters.words import words
from kcc.web import dates


def moment(facts: AppointmentFacts, instant: datetime) -> str:
    """`dinsdag 24 november 2026, 10.20 uur`, on the clock of the location."""
    return dates.moment(instant.astimezone(facts.zone), words(facts.language).language)


def moment_in_sentence(facts: AppointmentFacts, instant: datetime) -> str:
    """`dinsdag 24 november 2026 om 10.20 uur`."""
    say = words(facts.language)
    return _moment(facts, instant, f"{say.day_pattern} y", say.day_at_time)


def moment_short(facts: AppointmentFacts, instant: datetime) -> str:
    """`dinsdag 24 november, 10.20 uur`."""
    say = words(facts.language)
    return _moment(facts, instant, say.day_pattern, say.day_and_time)


def _moment(facts: AppointmentFacts, instant: datetime, day_pattern: str, form: str) -> str:
    say, local = words(facts.language), instant.astimezone(facts.zone)
    return form.format(
        day=format_datetime(local, day_pattern, locale=say.language),
        time=format_datetime(local, say.time_pattern, locale=say.language),
    )


def place(facts: AppointmentFacts) -> tuple[str, ...]:
    """Name and address, of what is known of them."""
    name = words(facts.language).at_home if facts.is_home_visit else facts.location
    return tuple(part for part in (name, facts.address) if part)


def products(facts: AppointmentFacts) -> tuple[str, ...]:
    """A line for each product: what, and for how many people."""
    say = words(facts.language)
    return tuple(
        (say.one_person if product.persons == 1 else say.persons).format(product=product.name, persons=product.persons)
        for product in facts.products
    )


def bring(facts: AppointmentFacts) -> tuple[str, ...]:
    """Everything to bring, each thing once."""
    return tuple(dict.fromkeys(thing for product in facts.products for thing in product.bring))


def bring_by_product(facts: AppointmentFacts) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """(name, things) of each product that needs things; of one product it needs no name, so that is empty."""
    named = len(facts.products) > 1
    return tuple((product.name if named else "", product.bring) for product in facts.products if product.bring)


def costs(facts: AppointmentFacts) -> tuple[str, ...]:
    """A line for each product that says what it costs; of one product it needs no name."""
    priced = [product for product in facts.products if product.costs]
    if len(facts.products) == 1:
        return tuple(product.costs for product in priced)
    return tuple(f"{product.name}: {product.costs}" for product in priced)
