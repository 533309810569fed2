"""Asterisk's queue_log: lines → typed events. Pure.

`epoch|callid|queue|agent|event|data1|data2…`, whole seconds, possibly with a `|` at the end. A dump of its database
table has a local time where the file has the epoch. Events that dialplans write of their own are kept as they are.
Source: Asterisk's documentation of queue logs (versions 12 to 22).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

# Seconds since 1970: from 2000 up to 2100.
EARLIEST, LATEST = 946_684_800, 4_102_444_800
LINE_MAX = 4_000
CALL_ID_MAX, QUEUE_MAX, AGENT_MAX, EVENT_MAX = 80, 80, 120, 80
SHORT = 80  # in a line that is no longer, no field is too long
MISSING = -1


class Facts(NamedTuple):
    """What an event's data say, in seconds, ring time in milliseconds; -1 and "" where they say nothing."""

    hold: int = MISSING
    talk: int = MISSING
    wait: int = MISSING
    ring_ms: int = MISSING
    position: int = MISSING
    caller: str = ""
    target: str = ""
    key: str = ""


class QueueEvent(NamedTuple):
    """One line. `at` is in seconds since 1970; `data` are its fields after the event, as written."""

    at: int
    call_id: str
    queue: str
    agent: str
    event: str
    data: Sequence[str]
    facts: Facts


class Garbage(NamedTuple):
    """A line that cannot be read: its number in the file, what it says, and why it cannot be."""

    number: int
    line: str
    problem: str


LocalTime = Callable[[str, str], int]
NOTHING: Final = Facts()
# Most numbers are small, and are looked up in half the time that they are checked and read in.
_SMALL: Final = {str(number): number for number in range(4000)}


def _number(data: Sequence[str], place: int, what: str) -> int:
    text = data[place] if place < len(data) else ""
    small = _SMALL.get(text)
    if small is not None:
        return small
    if not text:
        return MISSING
    if len(text) > 9 or not (text.isascii() and text.isdigit()):
        raise ValueError(f"{what} is {text[:20]!r}, not a whole number")
    return int(text)


def _text(data: Sequence[str], place: int) -> str:
    return data[place] if place < len(data) else ""


# These make their Facts with every field in its place: by name takes twice as long, and there are a million of them.


def entered(position: int, caller: str) -> Facts:
    """What an ENTERQUEUE says."""
    return Facts(MISSING, MISSING, MISSING, MISSING, position, caller, "", "")


def _entered(data: Sequence[str]) -> Facts:
    return entered(_number(data, 2, "position"), _text(data, 1))


def _connected(data: Sequence[str]) -> Facts:
    hold, ring = _number(data, 0, "hold time"), _number(data, 2, "ring time")
    return Facts(hold, MISSING, MISSING, 1000 * ring if ring >= 0 else MISSING, MISSING, "", "", "")


def _completed(data: Sequence[str], target: str = "") -> Facts:
    hold, talk, position = _number(data, 0, "hold time"), _number(data, 1, "talk time"), _number(data, 2, "position")
    return Facts(hold, talk, MISSING, MISSING, position, "", target, "")


def _left(data: Sequence[str], key: str = "") -> Facts:
    wait, position = _number(data, 2, "wait"), _number(data, 1, "original position")
    return Facts(MISSING, MISSING, wait, MISSING, position, "", "", key)


def _left_by_key(data: Sequence[str]) -> Facts:
    return _left(data[1:], _text(data, 0))


def _transferred(data: Sequence[str]) -> Facts:
    return _completed(data[2:], _text(data, 0))


def _transferred_attended(data: Sequence[str]) -> Facts:
    # A method with one or two targets: the numbers are found from the end.
    if len(data) < 4:
        raise ValueError(f"has {len(data)} fields of data; a method, a target and three numbers are expected")
    return _completed(data[-3:], " ".join(filter(None, data[1:-3])))


def _rang(data: Sequence[str]) -> Facts:
    return Facts(MISSING, MISSING, MISSING, _number(data, 0, "ring time"), MISSING, "", "", "")


_READERS: Final[dict[str, Callable[[Sequence[str]], Facts]]] = {
    "ENTERQUEUE": _entered,
    "CONNECT": _connected,
    "COMPLETECALLER": _completed,
    "COMPLETEAGENT": _completed,
    "ABANDON": _left,
    "EXITWITHTIMEOUT": _left,
    "EXITEMPTY": _left,
    "EXITWITHKEY": _left_by_key,
    "WITHDRAW": _left,
    "BLINDTRANSFER": _transferred,
    "ATTENDEDTRANSFER": _transferred_attended,
    "RINGNOANSWER": _rang,
    "RINGCANCELED": _rang,
}
# Known, and without data that are counted: of agents and of the queue itself.
_OTHERS: Final = frozenset(
    {
        *("ADDMEMBER", "REMOVEMEMBER", "PAUSE", "UNPAUSE", "PAUSEALL", "UNPAUSEALL", "PENALTY", "RINGINUSE"),
        *("AGENTLOGIN", "AGENTLOGOFF", "AGENTDUMP", "SYSCOMPAT", "OUTCALL", "CONFIGRELOAD", "QUEUESTART"),
    }
)
KNOWN: Final = frozenset(_READERS) | _OTHERS


def facts(event: str, data: Sequence[str]) -> Facts:
    """What the data of an event say. Raises ValueError with what is wrong with them."""
    reader = _READERS.get(event)
    return reader(data) if reader is not None else NOTHING


def parse(line: str, local_time: LocalTime | None = None) -> QueueEvent:
    """One line without its end. Raises ValueError, saying what is wrong.

    `local_time` makes seconds since 1970 of a local time and a call id, for dumps of the database table.
    """
    fields = line.split("|")
    if len(fields) < 5:
        raise ValueError(f"has {len(fields)} fields; at least five are expected: epoch|callid|queue|agent|event")
    if len(fields) > 5 and not fields[-1]:
        del fields[-1]
    epoch, call_id, queue, agent, event = fields[:5]
    plain = len(epoch) == 10 and epoch.isascii() and epoch.isdigit()
    at = int(epoch) if plain else _moment(epoch, call_id, local_time)
    if not EARLIEST <= at < LATEST:
        raise ValueError(f"its time {epoch[:30]!r} is not between 2000 and 2100")
    if not event:
        raise ValueError("it has no event")
    if len(line) > SHORT:
        _check_lengths(line, call_id, queue, agent, event)
    if "\x00" in line:
        raise ValueError("it has a NUL character")
    data = fields[5:]
    reader = _READERS.get(event)
    return QueueEvent(at, call_id, queue, agent, event, data, reader(data) if reader is not None else NOTHING)


def _check_lengths(line: str, *fields: str) -> None:
    if len(line) > LINE_MAX:
        raise ValueError(f"it has {len(line)} characters; {LINE_MAX} at most are expected")
    for text, most in zip(fields, (CALL_ID_MAX, QUEUE_MAX, AGENT_MAX, EVENT_MAX), strict=True):
        if len(text) > most:
            raise ValueError(f"{text[:20]!r}… has {len(text)} characters; {most} at most are expected there")


def _moment(text: str, call_id: str, local_time: LocalTime | None) -> int:
    whole, _, fraction = text.partition(".")
    if whole.isascii() and whole.isdigit() and len(whole) <= 10 and (not fraction or fraction.isdigit()):
        return int(whole)
    if local_time is not None:
        return local_time(text, call_id)
    raise ValueError(f"its time is {text[:30]!r}, not seconds since 1970")


def read(
    lines: Iterable[str], first: int = 1, local_time: LocalTime | None = None
) -> Iterator[tuple[str, QueueEvent] | Garbage]:
    """Every line, without its end, with its event, or as Garbage; empty ones are left out. No line raises anything."""
    for number, line in enumerate(lines, first):
        line = line.rstrip("\r\n")  # noqa: PLW2901
        if not line:
            continue
        try:
            yield line, parse(line, local_time)
        except ValueError as error:
            yield Garbage(number, line, str(error))
