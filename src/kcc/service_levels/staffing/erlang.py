"""What becomes of callers with so many agents: Erlang B, C and A. Pure.

Load is in erlang (calls a second × handling time in seconds), times are in seconds, probabilities 0 to 1. Callers come
at random (Poisson), handling times and, in Erlang A, patience are exponential. No factorials: sums of hundreds of
agents and of long queues stay within what a float holds.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

# Queues that are less likely than e⁻⁴⁰ change no figure.
_NEGLIGIBLE = 1e-18
_DEVIATIONS = 9


@dataclass(frozen=True, slots=True)
class Demand:
    """Calls a second, the seconds that handling one takes, and the mean patience in seconds; None: nobody hangs up."""

    rate: float
    handling: float
    patience: float | None = None

    @property
    def load(self) -> float:
        """In erlang: agents that would be busy all the time."""
        return self.rate * self.handling


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a caller: probabilities, of all callers.

    `answered_within` (at once included) and `abandoned_within` are within the threshold. `average_wait` is in seconds
    over all callers, those who hang up included; `occupancy` is the share of time that agents are busy.
    """

    waiting: float
    answered_within: float
    abandoned_within: float
    abandoned: float
    average_wait: float
    occupancy: float

    @property
    def offered(self) -> float:
        """Service level as answered within / all."""
        return self.answered_within

    @property
    def answered(self) -> float:
        """Service level as answered within / answered."""
        return min(1.0, self.answered_within / (1 - self.abandoned))

    @property
    def drop_abandoned_within_threshold(self) -> float:
        """Service level as answered within / all but those who hung up within."""
        return min(1.0, self.answered_within / (1 - self.abandoned_within))

    @property
    def abandoned_within_threshold_met(self) -> float:
        """Service level as answered or hung up within / all."""
        return min(1.0, self.answered_within + self.abandoned_within)


def erlang_b(load: float, agents: int) -> float:
    """The probability that all agents are busy where nobody can wait."""
    blocked = 1.0
    for number in range(1, agents + 1):
        blocked = load * blocked / (number + load * blocked)
    return blocked


def erlang_c(load: float, agents: int) -> float | None:
    """The probability of waiting where everybody does; None when the queue would grow for ever (load ≥ agents)."""
    if load >= agents:
        return None
    blocked = erlang_b(load, agents)
    return agents * blocked / (agents - load * (1 - blocked))


def fate(demand: Demand, agents: int, threshold: float) -> Fate | None:
    """What becomes of callers with so many agents, at least 1: by Erlang A with patience, by Erlang C without it.

    None when that is unstable: without patience, and with a load that the agents cannot get through.
    """
    if demand.patience is not None:
        return _impatient(demand, demand.patience, agents, threshold)
    waiting = erlang_c(demand.load, agents)
    if waiting is None:
        return None
    pace = (agents - demand.load) / demand.handling  # of the queue, in callers a second
    return Fate(waiting, 1 - waiting * math.exp(-pace * threshold), 0.0, 0.0, waiting / pace, demand.load / agents)


def _impatient(demand: Demand, patience: float, agents: int, threshold: float) -> Fate:
    """Erlang A: a birth–death chain, of which an arriving caller finds a state as often as it is there (PASTA).

    Who finds k others waiting sees the places before them empty one by one: with k + 1 − i still to empty, at the rate
    agents / handling + (k − i) / patience, i from 0 to k. How many would have emptied at the threshold is then
    negative binomial, with `answering` (the mean patience in conversations of all agents together) as its size.
    """
    answering = agents * patience / demand.handling
    first, queue = _queue(demand, patience, agents, answering)
    still_patient = math.exp(-threshold / patience)
    answered, hung_up, length = 1 - math.fsum(queue), 0.0, 0.0
    emptied = _NegativeBinomial(answering, threshold / patience)
    too_long = emptied.up_to(first)  # the probability that the turn comes after the threshold
    for ahead, probability in enumerate(queue, first):
        after = emptied.at(ahead + 1)
        in_time = (answering * (1 - too_long) + (ahead + 1) * after) / (answering + ahead + 1)
        answered += probability * in_time
        hung_up += probability * (1 - still_patient * too_long - in_time)
        length += probability * ahead
        too_long = min(1.0, too_long + after)
    abandoned = min(1.0, length / (demand.rate * patience))
    return Fate(
        waiting=min(1.0, math.fsum(queue)),
        answered_within=min(1.0, max(0.0, answered)),
        abandoned_within=min(abandoned, max(0.0, hung_up)),
        abandoned=abandoned,
        average_wait=abandoned * patience,
        occupancy=min(1.0, demand.load * (1 - abandoned) / agents),
    )


def _queue(demand: Demand, patience: float, agents: int, answering: float) -> tuple[int, list[float]]:
    """Probabilities that all agents are busy and so many wait: from which number on, and of each."""
    coming = demand.rate * patience  # callers in a mean patience
    # With too few agents the queue is about where as many come as go; far below that it hardly ever is.
    first = max(0, math.floor(coming - answering - _DEVIATIONS * math.sqrt(coming)))
    terms = list(_terms(coming, answering + first))
    if first:
        return first, _divided(terms, math.fsum(terms))
    blocked = erlang_b(demand.load, agents)
    # Of the states in which nobody waits the last is to all of them as Erlang B says.
    return 0, [blocked * part for part in _divided(terms, 1 - blocked + blocked * math.fsum(terms))]


def _terms(coming: float, leaving: float) -> Iterator[float]:
    """Each state relative to the first, until they no longer matter."""
    term = total = 1.0
    for number in count(1):
        yield term
        ratio = coming / (leaving + number)
        term *= ratio
        total += term
        if ratio < 1 and term < _NEGLIGIBLE * total * (1 - ratio):
            return


def _divided(terms: list[float], by: float) -> list[float]:
    return [term / by for term in terms]


class _NegativeBinomial:
    """Probabilities of a number of events, asked for upwards: of `size`, each with the chance 1 − e^−`exposure`."""

    def __init__(self, size: float, exposure: float) -> None:
        self._size, self._exposure = size, exposure
        self._chance = -math.expm1(-exposure)
        self._log_chance = math.log(self._chance) if self._chance else -math.inf
        self._mean = size * math.expm1(min(exposure, 700.0))
        self._log = -size * exposure

    def at(self, number: int) -> float:
        """Of so many exactly; the number after the last that was asked for."""
        self._log += self._log_chance + math.log((self._size + number - 1) / number)
        return math.exp(self._log)

    def up_to(self, number: int) -> float:
        """Of so many or fewer; asked first, so that `at` goes on from there."""
        self._log = self._log_at(number)
        if number <= self._mean:
            return min(1.0, math.fsum(self._downwards(number)))
        return max(0.0, 1 - math.fsum(self._upwards(number + 1)))

    def _log_at(self, number: int) -> float:
        if number == 0:
            return -self._size * self._exposure
        ways = math.lgamma(self._size + number) - math.lgamma(self._size) - math.lgamma(number + 1)
        return ways + number * self._log_chance - self._size * self._exposure

    def _downwards(self, number: int) -> Iterator[float]:
        term = peak = math.exp(self._log)
        yield term
        while number > 0 and term > _NEGLIGIBLE * peak:
            term *= number / (self._chance * (self._size + number - 1))
            number -= 1
            yield term

    def _upwards(self, number: int) -> Iterator[float]:
        term = math.exp(self._log_at(number))
        total = term
        while term > _NEGLIGIBLE * total:
            yield term
            term *= self._chance * (self._size + number) / (number + 1)
            total += term
            number += 1
