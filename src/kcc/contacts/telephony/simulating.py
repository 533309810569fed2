"""A simulated exchange: phone days as a queue_log, every event of Asterisk in it. Pure.

Arrivals are a Poisson process with a profile over the day; callers are patient for an exponential time and then hang
up; talk times are log-normal; agents answer in order (Erlang-A, with agents who come, take breaks and go). The same
plan gives the same lines.
"""

import heapq
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

SIMULATED = "SIMULATED"
OPENS, CLOSES = 8 * 60 + 30, 17 * 60  # minutes after midnight
# Share of a weekday's calls by half an hour from 8:30: a peak in the morning, a dip at lunch, a smaller one after it.
PROFILE = (6.1, 8.4, 9.3, 9.4, 8.9, 8.1, 7.2, 5.6, 4.6, 5.2, 6.0, 6.2, 5.6, 4.6, 3.2, 1.1, 0.5)
# Mondays are busy, Fridays quiet.
WEEKDAYS = (1.25, 1.05, 1.0, 0.95, 0.75, 0.0, 0.0)
# Share of calls, and after how many seconds a caller is sent away.
QUEUES = {"algemeen": (6, 300), "burgerzaken": (3, 120), "belastingen": (1, 45)}
FIRST_QUEUE = "algemeen"
TALK_SPREAD = 0.7
RING_TIMEOUT_MS = 15_000
PATIENT = 900  # seconds


@dataclass(frozen=True, slots=True)
class Away:
    """Every week on a weekday (0 is Monday) so many agents are away for a while: minutes after midnight, local."""

    weekday: int
    begins: int
    ends: int
    agents: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What is simulated. `calls` on an ordinary day, `patience` and `talk` in seconds on average.

    `volume` is the share of an ordinary day's calls that a day has; none when it is closed. The last agents are `away`.
    At the moments in `rush`, seconds since 1970 in order, patient callers come besides.
    """

    first: date
    days: int
    seed: int
    zone: ZoneInfo
    calls: int = 400
    agents: int = 8
    patience: float = 180.0
    lose_ends: float = 0.0
    shuffle: bool = False
    away: tuple[Away, ...] = ()
    talk: float = 200.0
    volume: Callable[[date], float] = lambda _: 1.0
    rush: tuple[int, ...] = ()


@dataclass(slots=True)
class _Caller:
    call_id: str
    number: str
    queue: str
    entered: int
    gives_up: int
    position: int
    again: bool = False

    @property
    def sent_away(self) -> int:
        return self.entered + QUEUES[self.queue][1]


def queue_log(plan: Plan) -> Iterator[str]:
    """The lines, without ends of lines. The first says that it is simulated; `shuffle` mixes the others."""
    chance = Random(plan.seed)  # noqa: S311  (a simulation)
    lines: list[tuple[int, int, str]] = []
    for number in range(plan.days):
        day = plan.first + timedelta(days=number)
        if WEEKDAYS[day.weekday()] * plan.volume(day):
            _Day(plan, day, chance, lines).play()
    # By the second, and at one second in the order in which it happened.
    lines.sort(key=lambda line: line[:2])
    kept = [line for line in lines if not _is_end(line[2]) or chance.random() >= plan.lose_ends]
    if plan.shuffle:
        chance.shuffle(kept)
    begin = min((at for at, _, _ in kept), default=_instant(plan.first, 0, plan.zone))
    yield f"{begin}|NONE|NONE|NONE|{SIMULATED}|seed {plan.seed}|days {plan.days}"
    for at, _, rest in kept:
        yield f"{at}|{rest}"


def _is_end(line: str) -> bool:
    return line.split("|")[3] in {
        *("COMPLETECALLER", "COMPLETEAGENT", "ABANDON", "EXITWITHTIMEOUT", "EXITWITHKEY", "EXITEMPTY", "WITHDRAW"),
        *("BLINDTRANSFER", "ATTENDEDTRANSFER"),
    }


def _instant(day: date, minute: int, zone: ZoneInfo) -> int:
    return int(datetime.combine(day, time(minute // 60, minute % 60), zone).timestamp())


class _Day:
    def __init__(self, plan: Plan, day: date, chance: Random, lines: list[tuple[int, int, str]]) -> None:
        self._plan, self._day, self._chance, self._lines = plan, day, chance, lines
        self._opens = _instant(day, OPENS, plan.zone)
        self._closes = _instant(day, CLOSES, plan.zone)
        self._serial = 0
        self._waiting: list[_Caller] = []
        self._free: list[tuple[int, str]] = []  # when an agent is free, and who

    def _write(self, at: int, call_id: str, queue: str, agent: str, *event: object) -> None:
        self._lines.append((at, len(self._lines), "|".join([call_id, queue, agent, *map(str, event)])))

    def play(self) -> None:
        """From opening until the last caller has gone."""
        self._open()
        for caller in heapq.merge(self._arrivals(), self._rush(), key=lambda one: one.entered):
            self._serve_until(caller.entered)
            self._enter(caller)
        self._serve_until(self._closes + 3600)
        self._close()

    def _open(self) -> None:
        chance = self._chance
        start = self._opens - 600
        self._write(start, "NONE", "NONE", "NONE", "QUEUESTART", "")
        self._write(start + 1, "NONE", "NONE", "NONE", "CONFIGRELOAD", "")
        for number in range(1, self._plan.agents + 1):
            agent, at = f"PJSIP/{100 + number}", start + chance.randint(60, 590)
            for queue in QUEUES:
                self._write(at, "NONE", queue, agent, "ADDMEMBER", "")
            self._write(at, "NONE", "NONE", agent, "AGENTLOGIN", agent)
            self._write(at + 1, "NONE", FIRST_QUEUE, agent, "PENALTY", number % 3)
            self._write(at + 1, "NONE", FIRST_QUEUE, agent, "RINGINUSE", 0)
            heapq.heappush(self._free, (self._opens, agent))

    def _close(self) -> None:
        at = self._closes + 3600
        for _, agent in sorted(self._free, key=lambda free: free[1]):
            self._write(at, "NONE", "NONE", agent, "PAUSEALL", "einde dag")
            self._write(at, "NONE", "NONE", agent, "UNPAUSEALL", "")
            for queue in QUEUES:
                self._write(at + 1, "NONE", queue, agent, "REMOVEMEMBER", "")
            self._write(at + 2, "NONE", "NONE", agent, "AGENTLOGOFF", agent, at - self._opens)
        self._write(at + 3, "NONE", FIRST_QUEUE, "PJSIP/101", "AGENTDUMP", "")
        self._write(at + 3, "NONE", "NONE", "NONE", "SYSCOMPAT", "")
        self._write(at + 3, "NONE", "NONE", "PJSIP/101", "OUTCALL", "")

    def _arrivals(self) -> Iterator[_Caller]:
        """Callers in order of entering: in each half hour at an even rate, by chance."""
        total = self._plan.calls * WEEKDAYS[self._day.weekday()] * self._plan.volume(self._day)
        weights = [share for share, _ in QUEUES.values()]
        for number, share in enumerate(PROFILE):
            begin, rate = self._opens + number * 1800, total * share / sum(PROFILE) / 1800
            at = begin + self._chance.expovariate(rate) if rate else math.inf
            while at < begin + 1800:
                queue = self._chance.choices(list(QUEUES), weights)[0]
                subscriber = self._chance.randrange(10_000)
                patience = int(self._chance.expovariate(1 / self._plan.patience))
                yield self._caller(int(at), queue, subscriber, patience)
                at += self._chance.expovariate(rate)

    def _rush(self) -> Iterator[_Caller]:
        for at in self._plan.rush:
            if self._opens <= at < self._closes:
                yield self._caller(at, FIRST_QUEUE, at % 10_000, PATIENT)

    def _caller(self, at: int, queue: str, number: int, patience: int) -> _Caller:
        self._serial += 1
        # No mobile number begins like this: these are nobody's.
        return _Caller(f"{at}.{self._serial}", f"060000{number:04}", queue, at, at + patience, 0)

    def _enter(self, caller: _Caller) -> None:
        self._waiting.append(caller)
        caller.position = len(self._waiting)
        if not caller.again and self._chance.random() < 0.2:
            self._write(caller.entered, caller.call_id, caller.queue, "NONE", "DID", "140123")
        data = ("", caller.number, caller.position)
        self._write(caller.entered, caller.call_id, caller.queue, "NONE", "ENTERQUEUE", *data)

    def _serve_until(self, until: int) -> None:
        """Everything up to a moment: who gives up first, who is answered first."""
        while self._waiting:
            free_at, agent = self._free[0]
            first = self._waiting[0]
            answered = max(free_at, first.entered)
            if answered <= until and (back := self._back(agent, answered)) is not None:
                self._write(answered, "NONE", "NONE", agent, "PAUSEALL", "elders")
                self._write(back, "NONE", "NONE", agent, "UNPAUSEALL", "")
                heapq.heapreplace(self._free, (back, agent))
                continue
            leaver = min(self._waiting, key=lambda one: min(one.gives_up, one.sent_away))
            leaves = min(leaver.gives_up, leaver.sent_away)
            if min(answered, leaves) > until:
                return
            if leaves <= answered:
                self._waiting.remove(leaver)
                self._leave(leaver, leaves)
            else:
                heapq.heappop(self._free)
                self._ring(first, agent, answered)

    def _back(self, agent: str, at: int) -> int | None:
        """When an agent who is away at a moment is back; None of one who is there."""
        for away in self._plan.away:
            begins, ends = (_instant(self._day, minute, self._plan.zone) for minute in (away.begins, away.ends))
            number = int(agent.rpartition("/")[2]) - 100
            if away.weekday == self._day.weekday() and begins <= at < ends and number > self._plan.agents - away.agents:
                return ends
        return None

    def _leave(self, caller: _Caller, at: int) -> None:
        wait, position = at - caller.entered, 1 + sum(one.entered < caller.entered for one in self._waiting)
        where = (position, caller.position)
        if caller.gives_up > at:
            self._write(at, caller.call_id, caller.queue, "NONE", "EXITWITHTIMEOUT", *where, wait)
            if not caller.again:  # on to another queue, as the same call
                patience = int(self._chance.expovariate(1 / self._plan.patience))
                again = _Caller(caller.call_id, caller.number, FIRST_QUEUE, at, at + patience, 0, again=True)
                if self._waiting and self._waiting[-1].entered > at:
                    return
                self._enter(again)
            return
        kind = self._chance.choices(("ABANDON", "EXITWITHKEY", "EXITEMPTY", "WITHDRAW"), (90, 6, 2, 2))[0]
        if kind == "EXITWITHKEY":
            self._write(at, caller.call_id, caller.queue, "NONE", kind, 1, *where, wait)
        elif kind == "WITHDRAW":
            self._write(at, caller.call_id, caller.queue, "NONE", kind, *where, wait, "wachtrij dicht")
        else:
            self._write(at, caller.call_id, caller.queue, "NONE", kind, *where, wait)

    def _ring(self, caller: _Caller, agent: str, at: int) -> None:
        """The phone rings, and is mostly taken; after the conversation some work is left to do."""
        chance = self._chance
        ring = chance.randint(1, 5)
        if chance.random() < 0.04:  # nobody there: a pause, and the caller stays first
            missed = at + RING_TIMEOUT_MS // 1000
            if missed < caller.gives_up:
                self._write(missed, caller.call_id, caller.queue, agent, "RINGNOANSWER", RING_TIMEOUT_MS)
                pause = chance.randint(60, 600)
                self._write(missed, "NONE", caller.queue, agent, "PAUSE", "geen gehoor")
                self._write(missed + pause, "NONE", caller.queue, agent, "UNPAUSE", "")
                heapq.heappush(self._free, (missed + pause, agent))
                return
        answered = at + ring
        if answered >= caller.gives_up:
            self._write(caller.gives_up, caller.call_id, caller.queue, agent, "RINGCANCELED", 400 + 1000 * (ring - 1))
            self._waiting.remove(caller)
            self._leave(caller, max(caller.gives_up, caller.entered))
            heapq.heappush(self._free, (at + ring, agent))
            return
        self._waiting.remove(caller)
        self._talk(caller, agent, answered, ring)

    def _talk(self, caller: _Caller, agent: str, answered: int, ring: int) -> None:
        chance, hold = self._chance, answered - caller.entered
        peer = f"{answered - ring}.{self._serial + 5000}"
        self._write(answered, caller.call_id, caller.queue, agent, "CONNECT", hold, peer, ring)
        talk = max(5, int(chance.lognormvariate(math.log(self._plan.talk) - TALK_SPREAD**2 / 2, TALK_SPREAD)))
        ended = answered + talk
        how = chance.choices(("COMPLETECALLER", "COMPLETEAGENT", "BLINDTRANSFER", "ATTENDEDTRANSFER"), (55, 30, 9, 6))
        times = (hold, talk, caller.position)
        if how[0] == "BLINDTRANSFER":
            self._write(
                ended, caller.call_id, caller.queue, agent, how[0], chance.randint(2300, 2310), "intern", *times
            )
        elif how[0] == "ATTENDEDTRANSFER":
            targets = chance.choice((("BRIDGE", "b7f3"), ("LINK", "PJSIP/2301-1", "PJSIP/2302-1"), ("APP", "Queue")))
            self._write(ended, caller.call_id, caller.queue, agent, how[0], *targets, *times)
        else:
            self._write(ended, caller.call_id, caller.queue, agent, how[0], *times)
        heapq.heappush(self._free, (ended + chance.randint(5, 60), agent))
