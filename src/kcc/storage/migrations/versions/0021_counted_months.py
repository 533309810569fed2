"""Calls counted by the month: the sum of its days."""

import sys
from array import array
from collections import Counter, defaultdict
from datetime import date
from typing import Any

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_NUMBERS = (
    *("answered", "abandoned", "sent_away", "unknown", "transferred"),
    *("waited", "wait_seconds", "talked", "handle_seconds"),
)
_LONG = ("wait_seconds", "handle_seconds")
_WAITS = ("answered_waits", "abandoned_waits")


def upgrade() -> None:
    month = op.create_table(
        "call_month",
        *(sa.Column(name, sa.BigInteger() if name in _LONG else sa.Integer(), nullable=False) for name in _NUMBERS),
        *(sa.Column(name, sa.LargeBinary(), nullable=False) for name in _WAITS),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("queue", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.PrimaryKeyConstraint("month", "queue", name=op.f("pk_call_month")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_call_month_queue", "call_month", ["queue", "month"])
    day = sa.table(
        "call_day",
        sa.column("day", sa.Date()),
        sa.column("queue", sa.String()),
        *(sa.column(name, sa.Integer()) for name in _NUMBERS),
        *(sa.column(name, sa.LargeBinary()) for name in _WAITS),
    )
    apart: dict[tuple[date, str], list[Any]] = defaultdict(list)
    for row in op.get_bind().execute(sa.select(day)):
        apart[row.day.replace(day=1), row.queue].append(row)
    rows = [{"month": start, "queue": queue, **_sum(days)} for (start, queue), days in sorted(apart.items())]
    if rows:
        op.bulk_insert(month, rows)


def _sum(days: list[Any]) -> dict[str, Any]:
    numbers = {name: sum(getattr(row, name) for row in days) for name in _NUMBERS}
    return numbers | {name: _merged([getattr(row, name) for row in days]) for name in _WAITS}


def _merged(parts: list[bytes]) -> bytes:
    """Pairs (seconds, calls), each number in four bytes, the lowest first, in order of seconds."""
    numbers = array("I", b"".join(parts))
    if sys.byteorder == "big":
        numbers.byteswap()
    found = Counter[int]()
    for seconds, calls in zip(numbers[::2], numbers[1::2], strict=True):
        found[seconds] += calls
    merged = array("I", (number for pair in sorted(found.items()) for number in pair))
    if sys.byteorder == "big":
        merged.byteswap()
    return merged.tobytes()


def downgrade() -> None:
    op.drop_table("call_month")
