"""A row of an exchange's CSV → what it tells of one call. Pure but for the key."""

import csv
import json
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Row
from datetime import datetime, timedelta
from typing import NamedTuple

from kcc.connectors.queue_log import EARLIEST, LATEST, Garbage
from kcc.contacts.telephony.arrivals import Arrival, Told, arrival_of
from kcc.contacts.telephony.keys import Keys
from kcc.contacts.telephony.local_times import LocalTimes
from kcc.contacts.telephony.mapping import Mapping, UnusableMapping

LONGEST = 999_999_999
_ANSWERED = frozenset({"answered", "transferred"})


class CallRow(NamedTuple):
    """What a row, which ends at line `number`, tells."""

    number: int
    events: list[Arrival]


def rows(lines: Iterable[str], mapping: Mapping, times: LocalTimes, keys: Keys) -> Iterator[CallRow | Garbage]:
    """Every row; those that cannot be read as Garbage. Raises UnusableMapping when a column is not there."""
    reader = csv.DictReader(lines, delimiter=mapping.delimiter)
    try:
        missing = mapping.columns.names() - set(reader.fieldnames or ())
    except csv.Error as error:
        raise UnusableMapping(f"the file is no CSV: {error}") from None
    if missing:
        there = ", ".join(reader.fieldnames or ())
        raise UnusableMapping(f"no column {', '.join(sorted(missing))}; the columns are: {there}")
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Garbage(reader.line_num, "", str(error))
            continue
        text = mapping.delimiter.join(value for value in row.values() if isinstance(value, str))
        try:
            yield CallRow(reader.line_num, _events(row, mapping, times, keys))
        except ValueError as error:
            yield Garbage(reader.line_num, text, str(error))


def _events(row: Row[str, str], mapping: Mapping, times: LocalTimes, keys: Keys) -> list[Arrival]:
    def text(columns: list[str]) -> str:
        return " ".join(filter(None, (row[name].strip() for name in columns)))

    def moment(columns: list[str], what: str) -> datetime | None:
        written = text(columns)
        found = times.moment(written, call_id) if written else None
        if found is not None and not EARLIEST <= found.timestamp() < LATEST:
            raise ValueError(f"{what} is {written!r}, not between 2000 and 2100")
        return found

    names = mapping.columns
    if None in row or None in row.values():  # more or fewer than there are names
        raise ValueError("it has another number of columns than the first line")
    call_id = text(names.call_id) or "csv-" + keys.of_id(json.dumps(list(row.values())))[3:]
    queue = text(names.queue) or mapping.queue
    agent = text(names.agent)
    if not queue or max(map(len, (call_id, queue))) > 80 or len(agent) > 120 or "\x00" in "".join(row.values()):
        raise ValueError("its call id, queue or agent is missing, too long, or has a NUL character")
    entered = moment(names.entered, "entered")
    if entered is None:
        raise ValueError("it does not tell when it entered")
    answered, ended = moment(names.answered, "answered"), moment(names.ended, "ended")
    wait, talk = seconds(text(names.wait), mapping.decimal), seconds(text(names.talk), mapping.decimal)
    outcome = _outcome(text(names.outcome), mapping, answered=answered is not None or bool(talk))
    caller, target = text(names.caller), text(names.target)[:80]
    told: dict[str, int] = {}
    if wait is not None:
        told["hold" if outcome in _ANSWERED else "wait"] = wait
        if answered is None and outcome in _ANSWERED:
            answered = entered + timedelta(seconds=wait)
    if outcome not in _ANSWERED:
        answered, talk = None, None
        ended = ended or (entered + timedelta(seconds=wait) if wait is not None else None)
    elif answered is not None and talk is not None:
        ended = ended or answered + timedelta(seconds=talk)
    if (answered is not None and answered < entered) or (ended is not None and ended < (answered or entered)):
        raise ValueError("its moments go backwards: it was answered before it entered, or ended before that")
    parts = [Told("", call_id, queue, "entered", entered, caller=caller)]
    if answered is not None:
        parts.append(Told("", call_id, queue, "answered", answered, agent=agent, seconds=told))
    if ended is not None and outcome != "unknown":
        if talk is not None:
            told = told | {"talk": talk}
        kind = {"answered": "ended", "transferred": "transferred", "abandoned": "abandoned"}.get(outcome, "sent_away")
        reason = outcome if kind == "sent_away" else ""
        parts.append(Told("", call_id, queue, kind, ended, agent=agent, target=target, reason=reason, seconds=told))
    return [arrival_of(part._replace(id=_content(part)), keys) for part in parts]


def _content(part: Told) -> str:
    """The event itself in place of an id: the same row in two files is one call."""
    return json.dumps([*part[1:4], part.at.isoformat(), *part[5:]], sort_keys=True)


def _outcome(written: str, mapping: Mapping, *, answered: bool) -> str:
    if not mapping.columns.outcome:
        return "answered" if answered else "abandoned"
    outcome = mapping.outcomes.get(written)
    if outcome is None:
        raise ValueError(f"its outcome {written[:40]!r} is not in [outcomes] of the mapping")
    return outcome


def seconds(written: str, decimal: str) -> int | None:
    """Whole seconds of `75`, `75,4`, `1:15` or `0:01:15`; None of nothing. Raises ValueError."""
    if not written:
        return None
    total = 0.0
    for part in written.split(":"):
        number = part.strip().replace(decimal, ".")
        if not number.replace(".", "", 1).isdecimal() or not number.isascii():
            raise ValueError(f"{written[:20]!r} is not a number of seconds, nor hours:minutes:seconds")
        total = total * 60 + float(number)
    if total > LONGEST:
        raise ValueError(f"{written[:20]!r} is too long for a call")
    return int(total)
