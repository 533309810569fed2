"""Counting calls, so that counts of parts add up to those of the whole. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from kcc.contacts.telephony.calls import CallOutcome
from kcc.service_levels.histograms import LONGEST
from kcc.service_levels.periods import quarter_of

ALL = ""  # all queues together
NO_QUEUE = "NONE"  # as exchanges write it


class Visit(NamedTuple):
    """A call's visit to a queue as far as it is counted; None where nothing is known."""

    queue: str
    entered_at: datetime
    outcome: CallOutcome
    wait_seconds: int | None
    talk_seconds: int | None
    ended_at: datetime | None
    wrapped_up_at: datetime | None
    transferred: bool


@dataclass(slots=True)
class Tally:
    """Calls in numbers. Of `talked` it is known how long they talked; `wait_seconds` is of those that were answered.

    `handle_seconds` are talking and the work after it.
    """

    answered: int = 0
    abandoned: int = 0
    sent_away: int = 0
    unknown: int = 0
    transferred: int = 0
    waited: int = 0
    wait_seconds: int = 0
    talked: int = 0
    handle_seconds: int = 0
    answered_waits: Counter[int] = field(default_factory=Counter)
    abandoned_waits: Counter[int] = field(default_factory=Counter)

    def count(self, visit: Visit) -> None:
        """One call more; one that still waits is in no count."""
        match visit.outcome:
            case CallOutcome.ANSWERED:
                self._count_answered(visit)
            case CallOutcome.ABANDONED:
                self.abandoned += 1
                # An abandoned call of which it is not known how long it waited was not a short one.
                wait = LONGEST if visit.wait_seconds is None else min(visit.wait_seconds, LONGEST)
                self.abandoned_waits[wait] += 1
            case CallOutcome.SENT_AWAY:
                self.sent_away += 1
            case CallOutcome.UNKNOWN:
                self.unknown += 1

    def _count_answered(self, visit: Visit) -> None:
        self.answered += 1
        self.transferred += visit.transferred
        if visit.wait_seconds is not None:
            self.waited += 1
            self.wait_seconds += visit.wait_seconds
            self.answered_waits[min(visit.wait_seconds, LONGEST)] += 1
        if visit.talk_seconds is not None:
            self.talked += 1
            self.handle_seconds += visit.talk_seconds
            if visit.ended_at is not None and visit.wrapped_up_at is not None:
                self.handle_seconds += int((visit.wrapped_up_at - visit.ended_at).total_seconds())


NUMBERS = (
    *("answered", "abandoned", "sent_away", "unknown", "transferred"),
    *("waited", "wait_seconds", "talked", "handle_seconds"),
)
Tallies = dict[tuple[datetime, str], Tally]


def by_quarter(visits: Iterable[Visit]) -> Tallies:
    """By the quarter of an hour in which the call entered, and queue; all queues together too."""
    found: Tallies = defaultdict(Tally)
    for visit in visits:
        if visit.outcome is CallOutcome.WAITING:
            continue
        start = quarter_of(visit.entered_at)
        found[start, visit.queue or NO_QUEUE].count(visit)
        found[start, ALL].count(visit)
    return dict(found)
