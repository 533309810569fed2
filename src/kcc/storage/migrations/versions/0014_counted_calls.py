"""Calls counted by the quarter of an hour and by the day, and what is still to be counted."""

from typing import Any

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_ON_SQLITE = """
INSERT INTO call_change (quarter)
SELECT DISTINCT CAST(strftime('%s', substr(entered_at, 1, 19)) AS INTEGER) / 900 FROM call
"""
_ON_POSTGRESQL = """
INSERT INTO call_change (quarter) SELECT DISTINCT CAST(floor(extract(epoch FROM entered_at) / 900) AS INTEGER) FROM call
"""


def upgrade() -> None:
    op.create_table(
        "call_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_change")),
        sqlite_autoincrement=True,
    )
    _counted("call_quarter", "start", sqlmodel.sql.sqltypes.UTCDateTime())
    _counted("call_day", "day", sa.Date())
    # All calls that there are: the background work counts them.
    op.execute(_ON_POSTGRESQL if op.get_bind().dialect.name == "postgresql" else _ON_SQLITE)


def _counted(table: str, key: str, kind: sa.types.TypeEngine[Any]) -> None:
    op.create_table(
        table,
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("abandoned", sa.Integer(), nullable=False),
        sa.Column("sent_away", sa.Integer(), nullable=False),
        sa.Column("unknown", sa.Integer(), nullable=False),
        sa.Column("transferred", sa.Integer(), nullable=False),
        sa.Column("waited", sa.Integer(), nullable=False),
        sa.Column("wait_seconds", sa.BigInteger(), nullable=False),
        sa.Column("talked", sa.Integer(), nullable=False),
        sa.Column("handle_seconds", sa.BigInteger(), nullable=False),
        sa.Column("answered_waits", sa.LargeBinary(), nullable=False),
        sa.Column("abandoned_waits", sa.LargeBinary(), nullable=False),
        sa.Column(key, kind, nullable=False),
        sa.Column("queue", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.PrimaryKeyConstraint(key, "queue", name=op.f(f"pk_{table}")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("call_day")
    op.drop_table("call_quarter")
    op.drop_table("call_change")
