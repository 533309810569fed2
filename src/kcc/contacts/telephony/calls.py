"""Events → calls. Pure, and the same whatever the order in which events came.

A call is one visit of a caller to a queue. An end belongs to the latest earlier entry of the same call id and queue;
an answer or end without one entered as long before itself as it tells.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from kcc.contacts.telephony.steps import Step, StepKind

LOST_AFTER_MS = 4 * 3600 * 1000
# Exchanges round to seconds, each figure by itself: two of them that are this near tell the same moment.
ROUNDING_MS = 2000
LONGEST_SECONDS = 999_999_999  # what a log can tell in nine digits


class CallOutcome(StrEnum):
    """How a visit to a queue ended, or that it has not. `unknown`: its end was lost."""

    ANSWERED = "answered"
    ABANDONED = "abandoned"
    SENT_AWAY = "sent-away"
    UNKNOWN = "unknown"
    WAITING = "waiting"


class CallRecord(NamedTuple):
    """One visit to a queue. Moments in milliseconds since 1970, durations in seconds, `ring_ms` in milliseconds.

    `transferred_to` is None when it was not transferred. `reason` is there when it was sent away.
    """

    queue: str
    entered: int
    answered: int | None
    ended: int | None
    wrapped_up: int | None
    wait_seconds: int | None
    talk_seconds: int | None
    ring_ms: int
    agent: str
    outcome: CallOutcome
    reason: str
    transferred_to: str | None
    position: int | None
    caller: str


@dataclass(slots=True)
class _Visit:
    """A visit as its events are read. `seen`: the moment of the first of them."""

    seen: int
    entered: int
    entry: Step | None = None
    answer: Step | None = None
    end: Step | None = None
    transfer: Step | None = None
    answered: int | None = None
    wrapped_up: int | None = None
    ring_ms: int = 0


def records(events: Iterable[tuple[str, Step]], newest: int, started: int) -> list[CallRecord]:
    """The calls of one call id, from its (queue, step)s, by queue and moment of entering.

    `newest` is the source's newest event and `started` its latest start of the queues, in milliseconds since 1970:
    who still waits after four hours, or waited when the queues were started, is `unknown`.
    """
    by_queue: dict[str, list[Step]] = {}
    for queue, step in events:
        by_queue.setdefault(queue, []).append(step)
    found = []
    for queue in sorted(by_queue):
        visits = _visits(by_queue[queue])
        if len(visits) > 1:
            visits.sort(key=lambda visit: (visit.entered, visit.seen))
        found += [_record(queue, visit, newest, started) for visit in visits]
    return found


def is_lost(entered: int, newest: int, started: int) -> bool:
    """Whether somebody who entered then, and whose end nobody told, cannot be waiting any more."""
    return entered < started or newest - entered >= LOST_AFTER_MS


def _visits(steps: list[Step]) -> list[_Visit]:
    visits: list[_Visit] = []
    afterwards: list[Step] = []
    entries: list[Step] = []
    ends: list[Step] = []
    steps.sort()
    before = None
    for step in steps:
        if step == before:  # the same event told twice is one
            continue
        if before is not None and before.at != step.at:
            _add_moment(visits, entries, ends)
            entries, ends = [], []
        before = step
        if step.kind is StepKind.ENTERED:
            entries.append(step)
        elif step.kind is StepKind.RANG or step.kind is StepKind.WRAPPED_UP:
            afterwards.append(step)
        else:
            ends.append(step)
    _add_moment(visits, entries, ends)
    if afterwards:
        _add_afterwards(visits, afterwards)
    return visits


def _add_moment(visits: list[_Visit], entries: Sequence[Step], ends: Sequence[Step]) -> None:
    """What happened at one moment."""
    if entries and ends and visits:
        # What began before this moment ends a visit that did too, not one that begins now.
        ends = [step for step in ends if step.span == 0 or not _of_earlier(visits, step)]
    for step in entries:
        visits.append(_Visit(step.at, step.at, step))
    for step in ends:
        if not _taken(visits, step) and not _told_already(visits, step):
            visits.append(_without_entry(step))


def _of_earlier(visits: Sequence[_Visit], step: Step) -> bool:
    return _taken(visits, step) or (step.span > 0 and _told_already(visits, step))


def _taken(visits: Sequence[_Visit], step: Step) -> bool:
    """Give the step to the latest visit, or to one that was seen at the same moment; False when it is of neither."""
    for visit in reversed(visits):
        if visit.seen != visits[-1].seen:
            return False
        if _fits(visit, step):
            _apply(visit, step)
            return True
    return False


def _fits(visit: _Visit, step: Step) -> bool:
    if visit.end is not None:
        return False
    if step.kind is StepKind.ANSWERED:
        return visit.answer is None
    if step.kind in (StepKind.SENT_AWAY, StepKind.ABANDONED) and visit.answered is not None:
        # Who waited since the answer did so in a visit of which the entry was lost.
        return step.span < 0 or step.at - step.span < visit.answered
    return True


def _apply(visit: _Visit, step: Step) -> None:
    if step.kind is StepKind.ANSWERED:
        visit.answer, visit.answered = step, step.at
        return
    visit.end = step
    if step.kind is StepKind.TRANSFERRED:
        visit.transfer = step
    if visit.answered is None and step.kind in (StepKind.ENDED, StepKind.TRANSFERRED):
        if step.talk >= 0:
            visit.answered = max(visit.entered, step.at - 1000 * step.talk)
        elif step.hold >= 0:
            visit.answered = min(step.at, visit.entered + 1000 * step.hold)


def _told_already(visits: Sequence[_Visit], step: Step) -> bool:
    """Whether the latest visit knows this from another event: some exchanges tell a transfer and an end."""
    if not visits:
        return False
    visit = visits[-1]
    began = visit.entered if step.span < 0 else step.at - step.span
    if abs(began - visit.entered) > ROUNDING_MS:
        return False
    if step.kind is StepKind.ANSWERED:
        return visit.answer is not None and (visit.end is None or abs(step.at - visit.answer.at) <= ROUNDING_MS)
    if step.kind is StepKind.TRANSFERRED and visit.transfer is None:
        visit.transfer = step
    return True


def _without_entry(step: Step) -> _Visit:
    visit = _Visit(step.at, step.at - max(step.span, 0))
    _apply(visit, step)
    return visit


def _add_afterwards(visits: Sequence[_Visit], steps: Sequence[Step]) -> None:
    """What happens during a visit, or after it, and neither begins nor ends one."""
    for step in steps:
        for visit in reversed(visits):
            if step.kind is StepKind.RANG and visit.entered <= step.at:
                visit.ring_ms += max(step.ring_ms, 0)
                break
            if step.kind is StepKind.WRAPPED_UP and visit.end is not None and visit.end.at <= step.at:
                visit.wrapped_up = visit.wrapped_up or step.at
                break


def _record(queue: str, visit: _Visit, newest: int, started: int) -> CallRecord:
    entry, answer, end, transfer = visit.entry, visit.answer, visit.end, visit.transfer
    outcome = _outcome(visit, newest, started)
    agent = (answer.agent if answer is not None else "") or (end.agent if end is not None else "")
    position = entry.position if entry is not None else -1
    if position < 0 and end is not None:
        position = end.position
    return CallRecord(
        queue,
        visit.entered,
        visit.answered,
        end.at if end is not None else None,
        visit.wrapped_up,
        _wait(visit, outcome),
        _talk(visit),
        visit.ring_ms + (max(answer.ring_ms, 0) if answer is not None else 0),
        agent,
        outcome,
        end.reason if end is not None and outcome is CallOutcome.SENT_AWAY else "",
        transfer.target if transfer is not None else None,
        position if position >= 0 else None,
        entry.caller if entry is not None else "",
    )


def _outcome(visit: _Visit, newest: int, started: int) -> CallOutcome:
    if visit.answered is not None:
        return CallOutcome.ANSWERED
    if visit.end is not None:
        if visit.end.kind is StepKind.ABANDONED:
            return CallOutcome.ABANDONED
        return CallOutcome.SENT_AWAY if visit.end.kind is StepKind.SENT_AWAY else CallOutcome.UNKNOWN
    return CallOutcome.UNKNOWN if is_lost(visit.entered, newest, started) else CallOutcome.WAITING


def _wait(visit: _Visit, outcome: CallOutcome) -> int | None:
    """Until the answer, or until who was not answered left; what the exchange tells goes before our arithmetic."""
    if outcome is CallOutcome.UNKNOWN or outcome is CallOutcome.WAITING:
        return None
    answer, end, told = visit.answer, visit.end, -1
    if visit.answered is None:
        until = end.at if end is not None else visit.entered
        told = end.wait if end is not None else -1
    else:
        until = visit.answered
        if answer is not None:
            told = answer.hold
        if told < 0 and end is not None:
            told = end.hold
    if told >= 0:
        return told
    return _seconds(until - visit.entered) if visit.entry is not None else None


def _talk(visit: _Visit) -> int | None:
    if visit.answered is None or visit.end is None:
        return None
    return visit.end.talk if visit.end.talk >= 0 else _seconds(visit.end.at - visit.answered)


def _seconds(milliseconds: int) -> int:
    return min(milliseconds // 1000, LONGEST_SECONDS)
