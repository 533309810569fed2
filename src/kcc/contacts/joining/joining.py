"""Contacts × calls → which contact is about which call. Pure, and the same whatever was known first.

A contact joins the call of the same agent that overlaps it most, by at least a second. When none does, or two do as
much, it stays unjoined. A call is of who sat at the telephone where it was answered, and of who is called as the
exchange calls its agent.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from kcc.contacts.log.kinds import CallLink

LEAST = timedelta(seconds=1)
# Nobody talks for longer: a call of which the end was lost, a contact that was left open over night.
LONGEST = timedelta(hours=4)


class Talk(NamedTuple):
    """A call that was answered at a telephone, by an agent as the exchange names both.

    Its end may not be known: then it is the next answer at that telephone.
    """

    call: int
    phone: str
    agent: str
    begin: datetime
    end: datetime | None


class Seat(NamedTuple):
    """An agent at a telephone, from one moment up to another; None: still there."""

    agent: str
    phone: str
    since: datetime
    until: datetime | None


class Over(NamedTuple):
    """A contact by phone that is over."""

    contact: int
    agent: str
    begin: datetime
    end: datetime


class Joined(NamedTuple):
    """What was found for a contact: FOUND with a call, NONE or TIE without."""

    link: CallLink
    call: int | None


class _Calls:
    """The calls of one agent, by their beginning."""

    def __init__(self, talks: Iterable[tuple[Talk, datetime]]) -> None:
        self._talks = sorted(talks, key=lambda one: (one[0].begin, one[0].call))
        self._begins = [talk.begin for talk, _ in self._talks]

    def of(self, begin: datetime, end: datetime) -> Joined:
        first = bisect_left(self._begins, begin - LONGEST)
        found: list[tuple[timedelta, int]] = []
        for talk, until in self._talks[first : bisect_right(self._begins, end)]:
            found.append((min(end, until) - max(begin, talk.begin), talk.call))
        most = max((overlap for overlap, _ in found), default=timedelta())
        if most < LEAST:
            return Joined(CallLink.NONE, None)
        calls = [call for overlap, call in found if overlap == most]
        return Joined(CallLink.FOUND, calls[0]) if len(calls) == 1 else Joined(CallLink.TIE, None)


def join(contacts: Iterable[Over], talks: Iterable[Talk], seats: Iterable[Seat]) -> dict[int, Joined]:
    """What was found for each contact."""
    calls = _by_agent(talks, seats)
    nobody = _Calls(())
    return {
        one.contact: calls.get(one.agent, nobody).of(one.begin, min(one.end, one.begin + LONGEST)) for one in contacts
    }


def _by_agent(talks: Iterable[Talk], seats: Iterable[Seat]) -> dict[str, _Calls]:
    at_phone: dict[str, list[Talk]] = defaultdict(list)
    for talk in talks:
        at_phone[talk.phone].append(talk)
    seats_at: dict[str, list[Seat]] = defaultdict(list)
    for seat in seats:
        seats_at[seat.phone].append(seat)
    of_agent: dict[str, list[tuple[Talk, datetime]]] = defaultdict(list)
    for phone, there in at_phone.items():
        for talk, until in _with_ends(there):
            agents = {seat.agent for seat in seats_at[phone] if _sat(seat, talk.begin)}
            for agent in agents | {talk.agent}:
                of_agent[agent].append((talk, until))
    return {agent: _Calls(of) for agent, of in of_agent.items()}


def _with_ends(talks: Sequence[Talk]) -> Iterable[tuple[Talk, datetime]]:
    begins = sorted({talk.begin for talk in talks})
    for talk in talks:
        longest = talk.begin + LONGEST
        if talk.end is not None:
            yield talk, min(talk.end, longest)
            continue
        later = bisect_right(begins, talk.begin)
        yield talk, min(begins[later], longest) if later < len(begins) else longest


def _sat(seat: Seat, moment: datetime) -> bool:
    return seat.since <= moment and (seat.until is None or moment < seat.until)
