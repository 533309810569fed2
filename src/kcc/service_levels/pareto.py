"""Which topics are asked about most, and which more than before. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt

from kcc.service_levels.definitions import share

# How many times the noise of two counts an increase must be to be called one: 1 in 40 comes about by chance.
CERTAINTY = 2.0


@dataclass(frozen=True, slots=True)
class Ranked:
    """A topic among all; `cumulative_percent` is the share of it and of those that are asked about more often."""

    topic: str
    questions: int
    percent: float
    cumulative_percent: float
    before: int
    rising: bool


def is_rising(now: int, before: int) -> bool:
    """Whether there are more than in the period before than chance would have it.

    Questions come by chance (Poisson): the difference of two counts has their sum as its variance.
    """
    return now > before and (now - before) / sqrt(now + before) >= CERTAINTY


def ranked(asked: Iterable[str], before: Mapping[str, int], *, comparable: bool = True) -> list[Ranked]:
    """The topics of questions, the most frequent first, next to how often each was asked about before.

    Without a `comparable` period before, nothing is rising.
    """
    counts = Counter(asked)
    total, so_far, found = counts.total(), 0, []
    for topic, number in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        so_far += number
        earlier = before.get(topic, 0)
        found.append(
            Ranked(
                topic,
                number,
                share(number, total) or 0.0,
                share(so_far, total) or 0.0,
                earlier,
                comparable and is_rising(number, earlier),
            )
        )
    return found
