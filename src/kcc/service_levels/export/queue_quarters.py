"""The fact by quarter of an hour and queue: from the counted calls in files, from the calls themselves in a view."""

from collections.abc import Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from kcc.service_levels.export.columns import Column, Kind, LocalDate, LocalQuarter
from kcc.service_levels.histograms import up_to
from kcc.service_levels.phone.models import CallQuarter
from kcc.service_levels.phone.tallies import ALL

NAME = "fact_queue_quarter"
ABOUT = "The calls that entered a queue in a quarter of an hour"
# Waits up to and including so many seconds are counted: every norm in use, and some to see how waits are spread.
ANSWERED_WITHIN = (10, 15, 20, 25, 30, 45, 60, 90, 120, 180, 300, 600)
ABANDONED_WITHIN = (5, 10, 20, 30, 60)
_NUMBERS = ("answered", "abandoned", "sent_away", "unknown", "transferred")
_SUMS = ("waited", "wait_seconds", "talked", "handle_seconds")
_ABOUT = {
    "waited": "answered calls of which the wait is known",
    "wait_seconds": "waits of those together",
    "talked": "answered calls of which the talk time is known",
    "handle_seconds": "talk and work after the call of those together",
}
START = Column("start", Kind.INSTANT, "when the quarter begins")
COLUMNS = (
    START,
    Column("date", Kind.DATE, "joins dim_date", LocalDate("start")),
    Column("quarter", Kind.INTEGER, "joins dim_quarter", LocalQuarter("start")),
    Column("queue", Kind.TEXT, "joins dim_queue"),
    *(Column(name, Kind.INTEGER, "calls") for name in _NUMBERS),
    *(Column(name, Kind.INTEGER, _ABOUT[name]) for name in _SUMS),
    *(Column(f"answered_within_{s}", Kind.INTEGER, f"answered after at most {s} seconds") for s in ANSWERED_WITHIN),
    *(Column(f"abandoned_within_{s}", Kind.INTEGER, f"abandoned after at most {s} seconds") for s in ABANDONED_WITHIN),
)


def rows(counted: Sequence[CallQuarter], zone: ZoneInfo) -> Iterator[tuple[Any, ...]]:
    """A row for each queue in each quarter, in the order of COLUMNS."""
    for one in counted:
        if one.queue != ALL:
            start = {"start": one.start}
            yield (
                one.start,
                LocalDate("start").of(start, zone),
                LocalQuarter("start").of(start, zone),
                one.queue,
                *(getattr(one, name) for name in _NUMBERS),
                *(getattr(one, name) for name in _SUMS),
                *(up_to(one.answered_waits, seconds) for seconds in ANSWERED_WITHIN),
                *(up_to(one.abandoned_waits, seconds) for seconds in ABANDONED_WITHIN),
            )


def view(calls: str, zone: str) -> str:
    """The same in PostgreSQL, from the view of calls."""
    answered = "outcome = 'answered'"
    counts = {
        "answered": answered,
        "abandoned": "outcome = 'abandoned'",
        "sent_away": "outcome = 'sent-away'",
        "unknown": "outcome = 'unknown'",
        "transferred": f"{answered} AND transferred = 1",
        "waited": f"{answered} AND wait_seconds IS NOT NULL",
        "talked": f"{answered} AND talk_seconds IS NOT NULL",
        **{f"answered_within_{s}": f"{answered} AND wait_seconds <= {s}" for s in ANSWERED_WITHIN},
        **{f"abandoned_within_{s}": f"outcome = 'abandoned' AND wait_seconds <= {s}" for s in ABANDONED_WITHIN},
    }
    sums = {
        "wait_seconds": f"coalesce(sum(wait_seconds) FILTER (WHERE {answered}), 0)::bigint",
        "handle_seconds": "coalesce(sum(talk_seconds + coalesce(wrap_up_seconds, 0))"
        f" FILTER (WHERE {answered} AND talk_seconds IS NOT NULL), 0)::bigint",
    }
    selected = [
        sums.get(column.name, f"count(*) FILTER (WHERE {counts.get(column.name)})") + f" AS {column.name}"
        for column in COLUMNS[4:]
    ]
    return (
        f"SELECT start, {LocalDate('start').sql(zone)} AS date, {LocalQuarter('start').sql(zone)} AS quarter, queue,"  # noqa: S608
        f" {', '.join(selected)}"
        f" FROM (SELECT *, date_bin('15 minutes', entered_at, '1970-01-01T00:00:00Z') AS start FROM {calls}) visit"
        " GROUP BY start, queue"
    )
