"""Telephony: sources, events, lines that could not be read, calls."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "call_source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("salt", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.Column("newest_ms", sa.BigInteger(), nullable=False),
        sa.Column("started_ms", sa.BigInteger(), nullable=False),
        sa.Column("file", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=True),
        sa.Column("inode", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=True),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("line", sa.BigInteger(), nullable=False),
        sa.Column("tail", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("tail_length", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_source")),
        sa.UniqueConstraint("code", name=op.f("uq_call_source_code")),
    )
    op.create_table(
        "call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Integer(), nullable=False),
        sa.Column("call_id", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("queue", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("entered_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("answered_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("ended_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("wrapped_up_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("wait_seconds", sa.Integer(), nullable=True),
        sa.Column("talk_seconds", sa.Integer(), nullable=True),
        sa.Column("ring_ms", sa.BigInteger(), nullable=False),
        sa.Column("agent", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "answered",
                "abandoned",
                "sent-away",
                "unknown",
                "waiting",
                name="call_outcome",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("transferred_to", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=True),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("caller", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.CheckConstraint("(reason = '') = (outcome <> 'sent-away')", name=op.f("ck_call_reason")),
        sa.ForeignKeyConstraint(
            ["source"], ["call_source.id"], name=op.f("fk_call_source_call_source"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("call", schema=None) as batch_op:
        batch_op.create_index("ix_call_caller_entered_at", ["caller", "entered_at"], unique=False)
        batch_op.create_index("ix_call_entered_at", ["entered_at"], unique=False)
        batch_op.create_index("ix_call_source_call_id", ["source", "call_id"], unique=False)
        batch_op.create_index(
            "ix_call_waiting",
            ["source"],
            unique=False,
            postgresql_where=sa.text("outcome = 'waiting'"),
            sqlite_where=sa.text("outcome = 'waiting'"),
        )

    op.create_table(
        "call_event",
        sa.Column("source", sa.Integer(), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("call_id", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("queue", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("agent", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("data", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source"], ["call_source.id"], name=op.f("fk_call_event_source_call_source"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("source", "key", name=op.f("pk_call_event")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("call_event", schema=None) as batch_op:
        batch_op.create_index("ix_call_event_call_id", ["source", "call_id"], unique=False)

    op.create_table(
        "call_unread_line",
        sa.Column("source", sa.Integer(), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("file", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("line", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("problem", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["source"], ["call_source.id"], name=op.f("fk_call_unread_line_source_call_source"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("source", "key", name=op.f("pk_call_unread_line")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("call_unread_line")
    with op.batch_alter_table("call_event", schema=None) as batch_op:
        batch_op.drop_index("ix_call_event_call_id")

    op.drop_table("call_event")
    with op.batch_alter_table("call", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_call_waiting",
            postgresql_where=sa.text("outcome = 'waiting'"),
            sqlite_where=sa.text("outcome = 'waiting'"),
        )
        batch_op.drop_index("ix_call_source_call_id")
        batch_op.drop_index("ix_call_entered_at")
        batch_op.drop_index("ix_call_caller_entered_at")

    op.drop_table("call")
    op.drop_table("call_source")
