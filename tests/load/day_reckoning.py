"""What a day in a hall comes to, reckoned from what was played: by the definitions in docs, on its own.

Nothing of the service's figures takes part. Instants come from its answers; when somebody was parked, came back, was
called again or sent on is in no answer, so those are read from the events, which must be the steps that were played.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from sqlmodel import col, select

from kcc.appointments.hall.models import VisitEvent
from kcc.storage.database import Database
from tests.load.day_player import Log

QUARTER = timedelta(minutes=15)
BEGINS, PAUSES = ("started", "resumed"), ("parked", "transferred", "finished")


async def complete(database: Database, logs: Mapping[int, Log]) -> list[str]:
    """Fill in the instants that no answer told. Returns a sentence for each visit that went otherwise than played."""
    async with database.reading() as session:
        rows = (await session.exec(select(VisitEvent).order_by(col(VisitEvent.id)))).all()
    events: dict[int, list[tuple[str, datetime]]] = {number: [] for number in logs}
    for row in rows:
        events.setdefault(row.visit, []).append((row.kind.value, row.at))
    findings = []
    for number, happened in events.items():
        played = logs[number].steps if number in logs else []
        same = [kind for kind, _ in happened] == [what for what, _ in played]
        if same and all(told in (None, at) for (_, told), (_, at) in zip(played, happened, strict=True)):
            logs[number].steps = list(happened)
        else:
            findings.append(f"visit {number} was played as {played}, and recorded as {happened}")
    return findings


@dataclass
class Reckoned:
    """The figures of a day, or of a part of it."""

    waits: list[int] = field(default_factory=list)
    walk_ins: list[int] = field(default_factory=list)
    missed: int = 0
    no_shows: int = 0
    left: int = 0
    late: list[timedelta] = field(default_factory=list)
    walk_ins_missed: int = 0
    walk_ins_left: int = 0

    def row(self, threshold: int, walk_in_threshold: int) -> dict[str, Any]:
        """As `GET /api/v1/waits` names them; fractions where it rounds."""
        ordered, number = sorted(self.waits), len(self.waits)
        within = sum(1 for wait in ordered if wait <= threshold)
        return {
            "visits": number,
            "within": within,
            "missed": self.missed,
            "noShows": self.no_shows,
            "leftBeforeCalled": self.left,
            "percentWithin": float(Fraction(100 * within, number)) if number else None,
            "averageWaitSeconds": float(Fraction(sum(ordered), number)) if number else None,
            "medianWaitSeconds": float(Fraction(ordered[(number - 1) // 2] + ordered[number // 2], 2))
            if number
            else None,
            "averageMinutesLate": float(sum(map(_minutes, self.late), Fraction()) / number) if number else None,
            "walkIns": len(self.walk_ins),
            "walkInsWithin": sum(1 for wait in self.walk_ins if wait <= walk_in_threshold),
            "walkInsMissed": self.walk_ins_missed,
            "walkInsLeft": self.walk_ins_left,
        }


def _minutes(time: timedelta) -> Fraction:
    return Fraction(time // timedelta(microseconds=1), 60_000_000)


def wait(log: Log) -> int | None:
    """Whole seconds until the first call, from the planned start or the arrival, whichever was later."""
    called = [moment for what, moment in log.steps if what == "called"]
    arrived = log.steps[0][1]
    if not called or called[0] is None or arrived is None:
        return None
    since = max(arrived, log.visitor.planned or arrived)
    return max(0, (called[0] - since) // timedelta(seconds=1))


def service(log: Log) -> int | None:
    """Whole seconds at a counter, each uninterrupted part apart; of visits that ended after being served."""
    begun: datetime | None = None
    seconds = 0
    for what, moment in log.steps:
        if what in BEGINS:
            begun = moment
        elif what in PAUSES and begun is not None and moment is not None:
            seconds += (moment - begun) // timedelta(seconds=1)
    return seconds if log.ended == "finished" else None


def reckon(logs: Iterable[Log], never_came: Sequence[datetime]) -> Reckoned:
    """All of them together."""
    found = Reckoned(no_shows=len(never_came))
    for log in logs:
        waited = wait(log)
        if log.visitor.planned is None:
            if log.ended == "missed":
                found.walk_ins_missed += 1
            elif waited is not None:
                found.walk_ins.append(waited)
            else:
                found.walk_ins_left += 1
        elif log.ended == "missed":
            found.missed += 1
        elif waited is not None and (arrived := log.steps[0][1]) is not None:
            found.waits.append(waited)
            found.late.append(arrived - log.visitor.planned)
        else:
            found.left += 1
    return found


def by_quarter(logs: Iterable[Log], never_came: Sequence[datetime]) -> dict[datetime, Reckoned]:
    """By the quarter of the planned start, or of the arrival for who had none."""
    parts: dict[datetime, tuple[list[Log], list[datetime]]] = {}
    for log in logs:
        moment = log.visitor.planned or log.steps[0][1]
        assert moment is not None
        parts.setdefault(_quarter(moment), ([], []))[0].append(log)
    for planned in never_came:
        parts.setdefault(_quarter(planned), ([], []))[1].append(planned)
    return {start: reckon(*part) for start, part in parts.items()}


def _quarter(moment: datetime) -> datetime:
    return moment - timedelta(minutes=moment.minute % 15, seconds=moment.second, microseconds=moment.microsecond)
