"""Announcements with who read them, and questions to departments."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "announcement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "importance",
            sa.Enum(
                "normal",
                "important",
                "urgent",
                name="announcement_importance",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("starts_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("ends_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("written_by", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("written_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("changed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_at IS NULL OR ends_at >= starts_at", name=op.f("ck_announcement_period")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_announcement_version_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("announcement", schema=None) as batch_op:
        batch_op.create_index("ix_announcement_ends_at", ["ends_at"], unique=False)

    op.create_table(
        "announcement_read",
        sa.Column("announcement", sa.Integer(), nullable=False),
        sa.Column("reader", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("read_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["announcement"],
            ["announcement.id"],
            name=op.f("fk_announcement_read_announcement_announcement"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("announcement", "reader", name=op.f("pk_announcement_read")),
    )
    op.create_table(
        "department_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=True),
        sa.Column("topic", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=True),
        sa.Column("department", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("question", sqlmodel.sql.sqltypes.AutoString(length=1000), nullable=False),
        sa.Column("asked_by", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("asker", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("asked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("seed", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("token_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("undelivered_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_by", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=True),
        sa.Column("answered_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("bsn_confirmed_not", sa.Boolean(), nullable=False),
        sa.Column("seen_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("closed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("closed_by", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=True),
        sa.CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name=op.f("ck_department_question_answered")),
        sa.CheckConstraint("(answer IS NULL) = (answered_by IS NULL)", name=op.f("ck_department_question_answered_by")),
        sa.CheckConstraint("(article IS NULL) <> (topic IS NULL)", name=op.f("ck_department_question_about")),
        sa.CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", name=op.f("ck_department_question_closed")),
        sa.CheckConstraint("seen_at IS NULL OR answer IS NOT NULL", name=op.f("ck_department_question_seen")),
        sa.ForeignKeyConstraint(
            ["department"], ["department.code"], name=op.f("fk_department_question_department_department")
        ),
        sa.ForeignKeyConstraint(["topic"], ["topic.code"], name=op.f("fk_department_question_topic_topic")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_department_question")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_department_question_token_hash")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("department_question", schema=None) as batch_op:
        batch_op.create_index("ix_department_question_asked_by_asked_at", ["asked_by", "asked_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_department_question_department"), ["department"], unique=False)
        batch_op.create_index(
            "ix_department_question_open",
            ["article"],
            unique=False,
            postgresql_where=sa.text("closed_at IS NULL"),
            sqlite_where=sa.text("closed_at IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_department_question_topic"), ["topic"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("department_question", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_department_question_topic"))
        batch_op.drop_index(
            "ix_department_question_open",
            postgresql_where=sa.text("closed_at IS NULL"),
            sqlite_where=sa.text("closed_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_department_question_department"))
        batch_op.drop_index("ix_department_question_asked_by_asked_at")

    op.drop_table("department_question")
    op.drop_table("announcement_read")
    with op.batch_alter_table("announcement", schema=None) as batch_op:
        batch_op.drop_index("ix_announcement_ends_at")

    op.drop_table("announcement")
