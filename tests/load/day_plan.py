"""Who comes to a hall on a day: booked or not, early, late or not at all, and how it goes at the counter. All made up.

The same seed gives the same day. Times are minutes, after the opening or as durations.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

PRODUCTS = {"paspoort": 10, "rijbewijs": 10, "uittreksel": 5}
WALK_IN_SHARE = 0.3
NO_SHOWS, PARKS, TRANSFERS, RECALLS, MISSED, LEAVERS = 0.08, 0.04, 0.04, 0.06, 0.03, 0.05


@dataclass(frozen=True)
class Visitor:
    """Somebody, and what will happen to them. `comes` is when, None for never; `leaves_after` is their patience.

    `planned` is None for who has no appointment, and `code` is that of the appointment, once booked. `service` is in
    minutes, the last part of it after an interruption: `parked` minutes away, or `sent_on` to another counter.
    """

    code: str
    product: str
    planned: datetime | None
    comes: datetime | None
    service: tuple[float, ...]
    recalls: int = 0
    never_at_counter: bool = False
    parked: float = 0.0
    sent_on: bool = False
    leaves_after: float | None = None


def visitors(starts: Sequence[datetime], opens: datetime, hours: float, number: int, seed: int) -> list[Visitor]:
    """So many who come or do not: 70 % have an appointment at one of these starts, one each."""
    chance = random.Random(seed)
    booked = chance.sample(list(starts), round(number * (1 - WALK_IN_SHARE)))
    people = [_visitor(planned, chance) for planned in sorted(booked)]
    walk_ins = (chance.uniform(5, 60 * hours - 60) for _ in range(number - len(people)))
    return people + [_visitor(None, chance, opens + timedelta(minutes=after)) for after in walk_ins]


def _visitor(planned: datetime | None, chance: random.Random, comes: datetime | None = None) -> Visitor:
    if planned is not None and chance.random() >= NO_SHOWS:
        comes = planned + timedelta(minutes=chance.gauss(-6, 7))
    service = chance.uniform(3, 12)
    what = chance.random()
    parked, sent_on = what < PARKS, PARKS <= what < PARKS + TRANSFERS
    leaves = chance.random() < LEAVERS and not parked and not sent_on
    return Visitor(
        code="",
        product=chance.choice(list(PRODUCTS)),
        planned=planned,
        comes=comes,
        service=(service, chance.uniform(2, 5)) if parked or sent_on else (service,),
        recalls=chance.randint(1, 2) if chance.random() < RECALLS else 0,
        never_at_counter=chance.random() < MISSED,
        parked=chance.uniform(5, 20) if parked else 0.0,
        sent_on=sent_on,
        leaves_after=chance.uniform(0, 5) if leaves else None,
    )
