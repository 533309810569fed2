"""The figures, exactly as defined. Pure; every part that needs a definition takes it from here.

Durations are in seconds. No data is None: never 0 % and never 100 %.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import accumulate
from typing import Final, NamedTuple

COUNTER_WAIT: Final = "counter-wait"
# Raised when `counter_wait`, what counts as in time, or a figure beside it comes to mean something else.
# 2: how late people come is the mean of exact times, no longer of whole minutes.
COUNTER_WAIT_VERSION = 2
# Raised when the days from booking come to mean something else.
LEAD_TIME_VERSION = 1
# Raised when `satisfaction`, or who is counted as invited, comes to mean something else.
SATISFACTION_VERSION = 1
# Raised when who is eligible, what is answered at the first contact, or what a repeat is comes to mean something else.
FIRST_CONTACT_VERSION = 1
# Raised when what is due, or what is in time, comes to mean something else.
CALLBACK_VERSION = 1
# Raised when a variant of the service level, or which calls are counted, comes to mean something else.
SERVICE_LEVEL_VERSION = 1
# Seconds within which a call should be answered; and up to which one that was abandoned is a short one.
ANSWER_WITHIN, SHORT = 30, 5
# Outcomes with which a question was answered at the first contact, as marked; and that of one that nobody could answer.
ANSWERED = frozenset({"resolved", "appointment-made", "referred"})
BROKEN_OFF = "disconnected"
# What can be answered: very dissatisfied to very satisfied.
SCORES = range(1, 6)


def counter_wait(planned_at: datetime | None, arrived_at: datetime, called_at: datetime) -> int:
    """Seconds that a visitor waited for a counter: from the planned start or the arrival, whichever came last.

    A walk-in (`planned_at` None) waits from the arrival. Who is called early has waited 0. A recall does not count:
    `called_at` is the first call.
    """
    since = arrived_at if planned_at is None else max(planned_at, arrived_at)
    return max(0, int((called_at - since).total_seconds()))


def minutes_late(together: timedelta, visits: int) -> float | None:
    """Mean minutes after the planned start, negative when early, of visits that were so late together; None of nobody.

    From the sum, so that nothing is rounded on the way: whole minutes of each would be half a minute too early.
    """
    return together / (visits * timedelta(minutes=1)) if visits else None


@dataclass(frozen=True, slots=True)
class Waits:
    """Counter waits of some visits, against a threshold in seconds."""

    visits: int
    within: int
    percent_within: float | None
    average_seconds: float | None
    median_seconds: float | None


_NO_WAITS = Waits(0, 0, None, None, None)


def waits(seconds: Iterable[int], threshold: int) -> Waits:
    """Figures of these waits; in time is up to and including the threshold."""
    return waits_of(Counter(seconds), threshold)


def waits_of(visits: Mapping[int, int], threshold: int) -> Waits:
    """The same of how many visits waited how many seconds."""
    number = sum(visits.values())
    if not number:
        return _NO_WAITS
    within = sum(of for seconds, of in visits.items() if seconds <= threshold)
    together = sum(seconds * of for seconds, of in visits.items())
    return Waits(number, within, 100 * within / number, together / number, _median(visits, number))


def _median(visits: Mapping[int, int], number: int) -> float:
    """The wait of who is in the middle, or the mean of the two who are."""
    seconds = sorted(visits)
    up_to = list(accumulate(visits[wait] for wait in seconds))
    low, high = (seconds[bisect_right(up_to, place)] for place in ((number - 1) // 2, number // 2))
    return (low + high) / 2


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """Answers to the one question: how many, their mean, and how often each score was given, the lowest first."""

    answered: int
    mean: float | None
    distribution: tuple[int, ...]


def satisfaction(scores: Iterable[int]) -> Satisfaction:
    """Figures of these scores, each one of SCORES."""
    given = Counter(scores)
    return Satisfaction(given.total(), mean(given.elements()), tuple(given[score] for score in SCORES))


class Variant(StrEnum):
    """Which service level: exchanges compute it in five ways, of the same calls."""

    OFFERED = "offered"
    ANSWERED = "answered"
    DROP_ABANDONED_WITHIN_THRESHOLD = "drop_abandoned_within_threshold"
    DROP_SHORT_ABANDONED = "drop_short_abandoned"
    ABANDONED_WITHIN_THRESHOLD_MET = "abandoned_within_threshold_met"


class Calls(NamedTuple):
    """Calls in numbers: in all, and those that waited up to and including the threshold (`within`) or were `short`.

    Those that were sent away, and those whose end was lost, are in neither side of a service level.
    """

    answered: int
    answered_within: int
    abandoned: int
    abandoned_within: int
    short_abandoned: int


class Counting(NamedTuple):
    """Calls that count for a service level: those that met it, of how many."""

    met: int
    of: int


def service_level(calls: Calls, variant: Variant) -> float | None:
    """The share of these calls that was answered in time, in per cent."""
    return share(*sides(calls, variant))


def sides(calls: Calls, variant: Variant) -> tuple[int, int]:
    """The service level as (calls in time, calls that count)."""
    answered, within, abandoned, abandoned_within, short = calls
    match variant:
        case Variant.OFFERED:
            return within, answered + abandoned
        case Variant.ANSWERED:
            return within, answered
        case Variant.DROP_ABANDONED_WITHIN_THRESHOLD:
            return within, answered + abandoned - abandoned_within
        case Variant.DROP_SHORT_ABANDONED:
            return within, answered + abandoned - short
        case Variant.ABANDONED_WITHIN_THRESHOLD_MET:
            return within + abandoned_within, answered + abandoned


class Question(NamedTuple):
    """A question as far as first-contact resolution goes. Reports count by SQL, which tests hold to what is said here.

    `at` is when its contact began; `outside`: who asked is not of the own organisation; `requester` tells them from
    others, None of somebody unknown; `outcome` is None while it is open.
    """

    contact: int
    at: datetime
    channel: str
    topic: str | None
    outcome: str | None
    outside: bool = True
    requester: str | None = None


def eligible(question: Question, channel: str | None, excluded: Collection[str]) -> bool:
    """Whether a question counts for first-contact resolution: on one channel or any (None), but for some topics.

    Open ones, and those that were broken off, do not.
    """
    return (
        question.outside
        and question.outcome not in (None, BROKEN_OFF)
        and channel in (None, question.channel)
        and question.topic not in excluded
    )


@dataclass(frozen=True, slots=True)
class AsMarked:
    """First-contact resolution as agents marked it."""

    eligible: int
    resolved: int
    percent: float | None


def as_marked(questions: Iterable[Question]) -> AsMarked:
    """Of these eligible questions those that were answered at the first contact, as the agent marked them."""
    outcomes = [question.outcome in ANSWERED for question in questions]
    return AsMarked(len(outcomes), sum(outcomes), share(sum(outcomes), len(outcomes)))


class Askings:
    """When each requester asked about each topic, in which contact: to see who asked again."""

    def __init__(self, questions: Iterable[Question]) -> None:
        moments: dict[tuple[str, str], set[tuple[datetime, int]]] = defaultdict(set)
        for one in questions:
            if one.requester is not None and one.topic is not None:
                moments[one.requester, one.topic].add((one.at, one.contact))
        self._in_order = {about: sorted(found) for about, found in moments.items()}

    def again(self, question: Question, days: int) -> bool:
        """Whether the same requester asked about the same topic in a later contact that began within so many days.

        A day is 24 hours; the moment at which the days are over is no longer within them.
        """
        moments = self._in_order.get((question.requester or "", question.topic or ""), [])
        following = bisect_right(moments, (question.at, question.contact))
        return following < len(moments) and moments[following][0] < question.at + timedelta(days=days)


@dataclass(frozen=True, slots=True)
class AsSeen:
    """First-contact resolution as seen from whether people came back.

    `known` is the number of eligible questions whose requester is known, `percent_known` its share: how far the rest
    can be trusted. Of those `followed` are of long enough ago, and `resolved` were not asked again.
    """

    known: int
    percent_known: float | None
    followed: int
    resolved: int
    percent: float | None


def as_seen(questions: Sequence[Question], askings: Askings, days: int, now: datetime) -> AsSeen:
    """Of these eligible questions those after which the requester did not ask about the same within so many days.

    `askings` are of all questions that may have been such a later one, eligible or not.
    """
    known = [one for one in questions if one.requester is not None and one.topic is not None]
    followed = [one for one in known if one.at + timedelta(days=days) <= now]
    resolved = sum(not askings.again(one, days) for one in followed)
    return AsSeen(
        len(known), share(len(known), len(questions)), len(followed), resolved, share(resolved, len(followed))
    )


class Promised(NamedTuple):
    """A callback as far as its promise goes; a moment is None when that did not happen (yet).

    `withdrawn`: who asked did not want it any more.
    """

    due_at: datetime
    first_attempt_at: datetime | None
    closed_at: datetime | None
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class InTime:
    """Callbacks that were due: how many, called in time, closed in time. `withdrawn` are not in it."""

    due: int = 0
    called: int = 0
    closed: int = 0
    withdrawn: int = 0

    def __add__(self, other: "InTime") -> "InTime":
        """Both together."""
        return InTime(
            self.due + other.due,
            self.called + other.called,
            self.closed + other.closed,
            self.withdrawn + other.withdrawn,
        )

    @property
    def percent_called(self) -> float | None:
        """Of those that were due."""
        return share(self.called, self.due)

    @property
    def percent_closed(self) -> float | None:
        """Of those that were due."""
        return share(self.closed, self.due)


def in_time(promises: Iterable[Promised], now: datetime) -> InTime:
    """Of the callbacks that are due by now: in time is a first attempt, or the end, before or at the due moment.

    One that was withdrawn before it was due was not due. An overdue one that is open is a miss.
    """
    past = [one for one in promises if one.due_at <= now]
    due = [one for one in past if not (one.withdrawn and _by(one.closed_at, one.due_at))]
    called = sum(_by(one.first_attempt_at, one.due_at) for one in due)
    closed = sum(_by(one.closed_at, one.due_at) for one in due)
    return InTime(len(due), called, closed, len(past) - len(due))


def _by(moment: datetime | None, due_at: datetime) -> bool:
    return moment is not None and moment <= due_at


def share(part: int, whole: int) -> float | None:
    """A percentage; None of nothing."""
    return 100 * part / whole if whole else None


def mean(values: Iterable[float]) -> float | None:
    """The mean; None of nothing."""
    found = list(values)
    return sum(found) / len(found) if found else None
