"""Questions, callbacks and visits counted by the day and the month, and what changed since."""

from typing import Any

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_KINDS = ("questions", "callbacks", "visits")
_TEXT = sqlmodel.sql.sqltypes.AutoString
# Of each table what it is counted as, and when what a row of it tells of happened.
_TOLD = {
    "contact": ("questions", "{row}.started_at"),
    "question": ("questions", "(SELECT started_at FROM contact WHERE id = {row}.contact)"),
    "callback": ("callbacks", "{row}.due_at"),
    "callback_attempt": ("callbacks", "(SELECT due_at FROM callback WHERE id = {row}.callback)"),
    "visit": ("visits", "coalesce({row}.planned_at, {row}.arrived_at)"),
    "appointment": ("visits", "{row}.starts_at"),
    "appointment_product": ("visits", "(SELECT starts_at FROM appointment WHERE id = {row}.appointment)"),
}
_CHANGE = """
INSERT INTO rollup_change (kind, at) SELECT kind, {at} FROM rollup_seal WHERE kind = '{kind}' AND watched > {at};
"""
_EVENTS = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}
# What is counted depends on which topics are one: all of it is to be counted anew.
_MERGE = "UPDATE rollup_seal SET basis = '' WHERE kind = 'questions';"
# As kcc.service_levels.rollups.counting.SEALING.
_SEALING = 0x6B63632D7365616C


def upgrade() -> None:
    op.create_table(
        "rollup_seal",
        _enum("kind", _KINDS, "rollup_kind"),
        sa.Column("until", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("watched", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("basis", _TEXT(length=80), nullable=False),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_rollup_seal")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rollup_change",
        sa.Column("id", sa.Integer(), nullable=False),
        _enum("kind", _KINDS, "rollup_change_kind"),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rollup_change")),
        sqlite_autoincrement=True,
    )
    _counts("question_count", {"channel": 30, "topic": 60}, ["eligible", "resolved", "known", "seen"])
    _counts("callback_count", {"department": 60}, ["due", "called", "closed", "withdrawn"])
    _counts(
        "visit_count",
        {"location": 60, "product": 60},
        ["missed", "no_shows", "left_before_called", "walk_ins_missed", "walk_ins_left"],
        sa.Column("waits", sa.LargeBinary(), nullable=False),
        sa.Column("walk_in_waits", sa.LargeBinary(), nullable=False),
        sa.Column("late_microseconds", sa.BigInteger(), nullable=False),
    )
    for statement in _on_postgresql() if op.get_bind().dialect.name == "postgresql" else _on_sqlite():
        op.execute(statement)


def _enum(name: str, values: tuple[str, ...], constraint: str) -> sa.Column[Any]:
    kind = sa.Enum(*values, name=constraint, native_enum=False, create_constraint=True, length=30)
    return sa.Column(name, kind, nullable=False)


def _counts(table: str, keys: dict[str, int], numbers: list[str], *columns: sa.Column[Any]) -> None:
    op.create_table(
        table,
        _enum("span", ("day", "month"), "span"),
        sa.Column("start", sa.Date(), nullable=False),
        *(sa.Column(name, _TEXT(length=length), nullable=False) for name, length in keys.items()),
        *columns,
        *(sa.Column(name, sa.Integer(), nullable=False) for name in numbers),
        sa.PrimaryKeyConstraint("span", "start", *keys, name=op.f(f"pk_{table}")),
        sqlite_with_rowid=False,
    )


def _tell(kind: str, at: str, row: str) -> str:
    return _CHANGE.format(kind=kind, at=at.format(row=row))


def _on_sqlite() -> list[str]:
    triggers = [
        f"CREATE TRIGGER tell_{table}_{event.lower()} AFTER {event} ON {table} BEGIN"
        f" {' '.join(_tell(kind, at, row) for row in rows)} END"
        for table, (kind, at) in _TOLD.items()
        for event, rows in _EVENTS.items()
    ]
    merges = [
        f"CREATE TRIGGER tell_topic_merge_{event.lower()} AFTER {event} ON topic_merge BEGIN {_MERGE} END"
        for event in _EVENTS
    ]
    return [*triggers, *merges]


def _on_postgresql() -> list[str]:
    bodies = {
        table: f"""
    IF TG_OP <> 'INSERT' THEN {_tell(kind, at, "OLD")} END IF;
    IF TG_OP <> 'DELETE' THEN {_tell(kind, at, "NEW")} END IF;"""
        for table, (kind, at) in _TOLD.items()
    }
    statements: list[str] = []
    for table, body in {**bodies, "topic_merge": _MERGE}.items():
        statements += [
            f"""
CREATE FUNCTION tell_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared({_SEALING});
    {body}
    RETURN NULL;
END $$""",
            f"CREATE TRIGGER tell_{table} AFTER INSERT OR UPDATE OR DELETE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION tell_{table}()",
        ]
    return statements


def downgrade() -> None:
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    for table in (*_TOLD, "topic_merge"):
        if is_postgresql:
            op.execute(f"DROP TRIGGER tell_{table} ON {table}")
            op.execute(f"DROP FUNCTION tell_{table}()")
        else:
            for event in _EVENTS:
                op.execute(f"DROP TRIGGER tell_{table}_{event.lower()}")
    for table in ("visit_count", "callback_count", "question_count", "rollup_change", "rollup_seal"):
        op.drop_table(table)
