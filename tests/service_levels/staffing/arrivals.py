"""Simulated calls a quarter of an hour, with the rate that they came from: busy Mondays, a peak in the morning."""

import math
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random

OPENS, CLOSES = 34, 68  # quarters after midnight: 8:30 to 17:00
WEEKDAYS = (1.25, 1.05, 1.0, 0.95, 0.75, 0.0, 0.0)


def rates(day: date, calls: float) -> list[float]:
    """Calls to expect in each of the 96 quarters of a day, with so many on an ordinary one."""
    shape = [0.0] * 96
    for quarter in range(OPENS, CLOSES):
        morning = math.exp(-(((quarter - 41) / 6) ** 2))
        afternoon = math.exp(-(((quarter - 56) / 6) ** 2))
        shape[quarter] = 0.2 + morning + 0.6 * afternoon
    total = calls * WEEKDAYS[day.weekday()] / sum(shape)
    return [total * part for part in shape]


def counted(expected: Sequence[float], chance: Random) -> list[int]:
    """A Poisson count of each."""
    return [_poisson(rate, chance) for rate in expected]


def _poisson(rate: float, chance: Random) -> int:
    number, product = 0, chance.random()
    while product > math.exp(-rate):
        product *= chance.random()
        number += 1
    return number


def working_days(first: date, number: int) -> Iterator[date]:
    """So many Mondays to Fridays."""
    while number:
        if first.weekday() < 5:
            yield first
            number -= 1
        first += timedelta(days=1)
