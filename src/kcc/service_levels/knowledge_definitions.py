"""How knowledge is used, as KCS v6 measures it. Pure.

What KCS calls an event is a question here, and an article is linked to it when it was opened while the question was
open. Linking, new vs known, and flag it or fix it are defined in the KCS v6 Practices Guide (techniques 3.3 and 4.2)
and the Knowledge Domain Analysis Guide, both of the Consortium for Service Innovation (library.serviceinnovation.org).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from statistics import median
from typing import Final, NamedTuple

from kcc.service_levels.definitions import ANSWERED, BROKEN_OFF, share

KNOWLEDGE: Final = "knowledge"
# Raised when which questions count, what is reused or new, or what a flag's time is comes to mean something else.
KNOWLEDGE_VERSION = 1
# Of fewer than these there is no percentage: one more or less would turn it over.
FEWEST = 5
CALLBACK = "callback"


class Asked(NamedTuple):
    """A question as far as knowledge goes; `at` is when its contact began.

    `articles`: of each that is linked, when it was first published; None of one that nobody knows that of any more.
    `searched`: words were searched while it was open. `outcome` is None while it is open.
    """

    at: datetime
    topic: str
    outcome: str | None
    articles: Sequence[datetime | None] = ()
    searched: bool = False


class Knowledge(StrEnum):
    """Where the knowledge for an answer was: in an article that was there, in one written since, in none."""

    REUSED = "reused"
    NEW = "new"
    NONE = "none"


def could_link(outcome: str | None) -> bool:
    """Whether a question that ended so could have an article: not while it is open, nor when it was broken off."""
    return outcome not in (None, BROKEN_OFF)


def knowledge(question: Asked) -> Knowledge:
    """Reused: one of its articles was published when the contact began. New: they were first published after that."""
    if not question.articles:
        return Knowledge.NONE
    there = any(published is None or published <= question.at for published in question.articles)
    return Knowledge.REUSED if there else Knowledge.NEW


@dataclass(frozen=True, slots=True)
class Linking:
    """Questions that could have an article; those with one that was there, or that was written since.

    `called_back`: those without one about which words were searched, and that a department calls back about.
    """

    questions: int
    reused: int
    new: int
    called_back: int

    @property
    def linked(self) -> int:
        """Those with an article."""
        return self.reused + self.new

    @property
    def none(self) -> int:
        """Those without one."""
        return self.questions - self.linked

    @property
    def percent_linked(self) -> float | None:
        """The link rate."""
        return enough(self.linked, self.questions)

    @property
    def percent_reused(self) -> float | None:
        """Of those with an article: what was known already."""
        return enough(self.reused, self.linked)


def linking(questions: Iterable[Asked]) -> Linking:
    """The figures of these questions; those that could not have an article are left out."""
    counted = [(one, knowledge(one)) for one in questions if could_link(one.outcome)]
    return Linking(
        questions=len(counted),
        reused=sum(found is Knowledge.REUSED for _, found in counted),
        new=sum(found is Knowledge.NEW for _, found in counted),
        called_back=sum(found is Knowledge.NONE and one.searched and one.outcome == CALLBACK for one, found in counted),
    )


NOTHING: Final = Linking(0, 0, 0, 0)


def together(parts: Iterable[Linking]) -> Linking:
    """The figures of parts that have no question in common, as of all their questions."""
    found = list(parts)
    return Linking(
        questions=sum(part.questions for part in found),
        reused=sum(part.reused for part in found),
        new=sum(part.new for part in found),
        called_back=sum(part.called_back for part in found),
    )


@dataclass(frozen=True, slots=True)
class Helping:
    """In how many questions an article was used, and how many of those were answered at the first contact."""

    questions: int
    resolved: int

    @property
    def percent(self) -> float | None:
        """The share that was answered."""
        return enough(self.resolved, self.questions)


def helping(outcomes: Iterable[str | None]) -> Helping:
    """How an article helped in questions with these outcomes, those that could not have one left out."""
    ended = [outcome for outcome in outcomes if could_link(outcome)]
    return Helping(len(ended), sum(outcome in ANSWERED for outcome in ended))


class Flag(NamedTuple):
    """Somebody said that an article is wrong; `mended_at` is None until an editor has dealt with it."""

    slug: str
    raised_at: datetime
    mended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Flags:
    """Flags of a period: `raised` and `mended` in it, and `still_open` when it ended (or now), with their ages.

    `median_seconds`: how long those that were mended in it had stood; None of none.
    """

    raised: int
    mended: int
    median_seconds: float | None
    still_open: Sequence[tuple[Flag, float]]

    @property
    def oldest_seconds(self) -> float | None:
        """How long the oldest stood open."""
        return max((age for _, age in self.still_open), default=None)


def flags(found: Iterable[Flag], begin: datetime, end: datetime, now: datetime) -> Flags:
    """The figures of the flags from one moment up to, not at, another; `now` when that has still to come.

    In the order of `still_open` the one that stood longest is first.
    """
    every, until = list(found), min(end, now)
    stood = [
        (flag.mended_at - flag.raised_at).total_seconds()
        for flag in every
        if flag.mended_at is not None and begin <= flag.mended_at < end
    ]
    still_open = [
        (flag, (until - flag.raised_at).total_seconds())
        for flag in every
        if flag.raised_at < end and (flag.mended_at is None or flag.mended_at >= end)
    ]
    return Flags(
        raised=sum(begin <= flag.raised_at < end for flag in every),
        mended=len(stood),
        median_seconds=float(median(stood)) if stood else None,
        still_open=sorted(still_open, key=lambda item: (item[0].raised_at, item[0].slug)),
    )


def enough(part: int, whole: int) -> float | None:
    """A percentage; None of fewer than FEWEST."""
    return share(part, whole) if whole >= FEWEST else None
